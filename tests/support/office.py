"""A central without threads: real services over a real SQLite file, with persons, a joined box, and reports to receive.

`office(folder)` opens one; two of them may share a folder, as two processes share a database.
"""

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np

from central.app import build_services
from central.core.case_machine import CaseAction, CaseStatus, Wish
from central.core.cases.casefile import CaseView
from central.core.clock import Clock
from central.core.values import Actor, ActorKind, Delivery, Role
from central.services.services import Services
from central.settings import CentralSettings, series_address
from central.settings.model import FOLDER
from central.stores.open_stores import open_stores
from central.stores.ports import CaseFilter, PageRequest, Stores
from protocol import codec, topics
from protocol import messages as m
from protocol.identifiers import episode_id, scene_event_id
from protocol.joining import JoinRequest

SITE, BOX = "s1", "box-01"
UNIT = "sanitation"
EPOCH = "00000000000000aa"
ADMINISTRATOR = Actor(ActorKind.PERSON, "administrator", Role.TECHNICIAN)
PLACES = ("人民路与解放街路口", "大像山镇北关东路 12 号门前", "冀城广场东南角", "西关菜市场南门")


@dataclass
class Office:
    """Services, and what a test does with them. `at` is the clock: tests move it."""

    settings: CentralSettings
    services: Services
    stores: Stores
    at: datetime = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
    is_live: bool = False
    behind: timedelta = timedelta()
    """How far the clock of a live office is set back: what takes minutes can lie in the past."""
    is_connected: bool = True
    tokens: dict[Role, str] = field(default_factory=dict)
    secret: str = ""
    seq: int = 0
    started: dict[str, datetime] = field(default_factory=dict)

    @property
    def clock(self) -> Clock:
        """The machine's clock where `is_live`, else the test's."""
        return Clock(now=self.now, mono_s=lambda: self.now().timestamp())

    def now(self) -> datetime:
        """Return the time."""
        return datetime.now(UTC) - self.behind if self.is_live else self.at

    def staff(self) -> None:
        """Give each role a person, and let the box join."""
        for role in Role:
            unit = UNIT if role is Role.DEPARTMENT else ""
            self.tokens[role] = self.services.access.add_actor(role.value, role, self.now(), secrets.token_bytes, unit)
        code = self.services.fleet.add_box(SITE, BOX, ADMINISTRATOR, self.now(), secrets.token_bytes)
        grant = self.services.fleet.join(JoinRequest(code=code), "127.0.0.1", self.now(), secrets.token_bytes)
        self.secret = grant.connection.secret.get_secret_value()

    def new_join_code(self, box: str) -> str:
        """Register a box and return its code."""
        return self.services.fleet.add_box(SITE, box, ADMINISTRATOR, self.now(), secrets.token_bytes)

    def receive(self, *parcels: tuple[topics.Up, m.Envelope]) -> None:
        """Let the box's messages arrive together."""
        deliveries = [
            Delivery(topics.up(SITE, BOX, kind), codec.encode(message), self.now()) for kind, message in parcels
        ]
        self.services.reception.receive(deliveries, self.now(), self.now().timestamp())

    def born(self, cameras: int = len(PLACES)) -> None:
        """Let the box describe its cameras, and say that all are online."""
        described = tuple(
            m.CameraDescription(
                camera=f"cam-{number}",
                name=f"{number} 号枪机",
                place=PLACES[(number - 1) % len(PLACES)],
                zones=(m.ZoneDescription(zone="z1", name="人行道", polygon=((0, 0), (1, 0), (1, 1))),),
            )
            for number in range(1, cameras + 1)
        )
        birth = m.Birth(
            version="0.1.0", config_sha256="0" * 64, next_seq=self.seq + 1, disk_free_bytes=10**10, cameras=described
        )
        state = m.BoxStateReport(state=m.BoxState.ONLINE)
        self.receive(
            (topics.Up.STATE, m.StateMessage(**self._envelope(m.StateMessage), data=state)),
            (topics.Up.BIRTH, m.BirthMessage(**self._envelope(m.BirthMessage), data=birth)),
        )
        self.beat(
            *(m.CameraStatus(camera=one.camera, state=m.CameraState.ONLINE, since=self.now()) for one in described)
        )

    def beat(self, *cameras: m.CameraStatus) -> None:
        """Let a heartbeat arrive."""
        figures = m.OutboxFigures(depth=0, bytes=0, oldest_age_s=0, evidence_pending=0, evidence_bytes=0)
        data = m.Heartbeat(
            uptime_s=5, cpu_share=0.2, rss_bytes=10**8, disk_free_bytes=10**10, outbox=figures, cameras=cameras
        )
        self.receive((topics.Up.HEARTBEAT, m.HeartbeatMessage(**self._envelope(m.HeartbeatMessage), data=data)))

    def camera_goes(
        self,
        camera: str,
        state: m.CameraState,
        reason: m.CameraReason | None = None,
        measured: tuple[float, float] | None = None,
    ) -> None:
        """Let a camera's transition arrive; `measured`: value and threshold."""
        value, threshold = measured or (None, None)
        data = m.CameraTransition(
            camera=camera,
            state=state,
            reason=reason,
            since=self.now(),
            previous=m.CameraState.UNKNOWN,
            value=value,
            threshold=threshold,
        )
        self.receive((topics.Up.EVENT, m.CameraMessage(**self._event(m.CameraMessage), data=data)))

    def see(
        self,
        camera: str = "cam-1",
        *,
        zone: str = "z1",
        pictures: int = 1,
        label: str = "stall",
        clip: bytes | None = None,
    ) -> CaseView:
        """Let a scene be reported with stored pictures, and a clip if one is given; returns its case."""
        started = self.now() - timedelta(seconds=40)
        self.started[zone] = started
        kinds = (m.EvidenceKind.RAISED, m.EvidenceKind.STARTED, m.EvidenceKind.SNAPSHOT)[:pictures]
        evidence = tuple(self._picture(f"{camera} {zone} {started} {kind}", kind) for kind in kinds)
        if clip is not None:
            evidence += (self._clip(clip),)
        self._report(camera, zone, started, m.ScenePhase.RAISED, label=label, evidence=evidence)
        return self.newest_case()

    def leaves(self, camera: str, zone: str, reason: m.EndReason) -> None:
        """Let the end of the newest episode in a zone be reported, with a picture."""
        started = self.started[zone]
        evidence = (self._picture(f"{camera} {zone} {started} ended", m.EvidenceKind.ENDED),)
        self._report(camera, zone, started, m.ScenePhase.ENDED, end_reason=reason, evidence=evidence)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.behind -= timedelta(seconds=seconds)
        self.at += timedelta(seconds=seconds)

    def handle(self, case: str, *, leaves: str = "") -> None:
        """Let a candidate be handled and called done; `leaves` is the zone whose episode ends meanwhile."""
        handler = Actor(ActorKind.PERSON, Role.DEPARTMENT.value, Role.DEPARTMENT, UNIT)
        operator = Actor(ActorKind.PERSON, Role.OPERATOR.value, Role.OPERATOR)
        steps = (
            (Wish(CaseAction.CONFIRM), operator),
            (Wish(CaseAction.REGISTER, condition="占道 10 分钟以上"), operator),
            (Wish(CaseAction.DISPATCH, unit=UNIT), operator),
            (Wish(CaseAction.TAKE), handler),
            (Wish(CaseAction.SUBMIT), handler),
        )
        for wish, actor in steps:
            self.wait(20)
            if wish.action is CaseAction.SUBMIT and leaves:
                self.leaves("cam-1", leaves, m.EndReason.LEFT)
            picture = self._picture(f"{case} {wish.action}", m.EvidenceKind.SNAPSHOT).sha256
            casework = self.services.casework
            casework.act(
                case,
                wish,
                actor,
                expected_version=casework.case(case).case.version,
                now=self.now(),
                evidence=[picture] if wish.action is CaseAction.SUBMIT else [],
            )

    def answer_looks(self, **found: object) -> int:
        """Let the box answer every look that waits: clear in a good picture unless `found` says otherwise."""
        self.services.camera_checks.step(self.now())
        waiting = [one for one in self.services.commands.unpublished(self.now()) if one.command.name == "look"]
        began_at = self.now()
        self.wait(62)
        for record in waiting:
            command, seconds = record.command.command, record.command.seconds or 0
            saw = {"presence": m.Presence.GONE, "observed_share": 0.96, "looks": 118, "light": 121.0, "seen": 0} | found
            data = m.CommandResult(
                command=command,
                status=m.CommandStatus.DONE,
                finding=m.LookFinding(since=began_at, until=began_at + timedelta(seconds=seconds), **saw),  # type: ignore[arg-type]
                pictures=(self._picture(f"look {command}", m.EvidenceKind.SNAPSHOT),),
            )
            message = m.ResultMessage(**self._envelope(m.ResultMessage), data=data)
            delivery = Delivery(topics.result(SITE, BOX, command), codec.encode(message), self.now())
            self.services.reception.receive([delivery], self.now(), self.now().timestamp())
        self.services.camera_checks.step(self.now())
        return len(waiting)

    def newest_case(self, status: CaseStatus | None = None) -> CaseView:
        """Return the newest case."""
        return self.services.casework.cases(CaseFilter(status=status), PageRequest(1)).items[0]

    def _report(  # noqa: PLR0913 - a report is all of this
        self,
        camera: str,
        zone: str,
        started: datetime,
        phase: m.ScenePhase,
        *,
        label: str = "stall",
        evidence: tuple[m.EvidenceRef, ...] = (),
        end_reason: m.EndReason | None = None,
    ) -> None:
        episode = episode_id(BOX, camera, zone, "stay", started)
        has_ended = phase is m.ScenePhase.ENDED
        data = m.SceneEvent(
            camera=camera,
            zone=zone,
            scene="stay",
            episode=episode,
            update=int(has_ended),
            phase=phase,
            started_at=started,
            raised_at=started + timedelta(seconds=30),
            last_seen_at=self.now(),
            ended_at=self.now() if has_ended else None,
            end_reason=end_reason,
            dwell_s=(self.now() - started).total_seconds(),
            label=label,
            score=0.83,
            box=(0.3, 0.3, 0.6, 0.7),
            model="street-demo-1",
            evidence=evidence,
        )
        attributes = self._event(m.SceneMessage) | {"id": scene_event_id(episode, int(has_ended))}
        self.receive((topics.Up.EVENT, m.SceneMessage(**attributes, data=data)))

    def _picture(self, seed: str, kind: m.EvidenceKind) -> m.EvidenceRef:
        data = jpeg(seed)
        digest = hashlib.sha256(data).hexdigest()
        self.services.evidence.put(digest, [data], Actor(ActorKind.BOX, BOX), self.now())
        return m.EvidenceRef(sha256=digest, bytes=len(data), at=self.now(), kind=kind)

    def _clip(self, data: bytes) -> m.EvidenceRef:
        digest = hashlib.sha256(data).hexdigest()
        kind, media_type = m.EvidenceKind.CLIP, m.MediaType.MP4
        self.services.evidence.put(digest, [data], Actor(ActorKind.BOX, BOX), self.now(), media_type)
        return m.EvidenceRef(sha256=digest, bytes=len(data), at=self.now(), kind=kind, media_type=media_type)

    def _envelope(self, kind: type[m.Envelope]) -> dict[str, object]:
        return {
            "id": secrets.token_hex(16),
            "source": m.source(SITE, BOX),
            "time": self.now(),
            "dataschema": m.dataschema_of(kind),
            "boot": 1,
            "mono": "5000",
        }

    def _event(self, kind: type[m.Envelope]) -> dict[str, object]:
        self.seq += 1
        return self._envelope(kind) | {"epoch": EPOCH, "seq": self.seq}


def jpeg(seed: str) -> bytes:
    """Return a small picture, another one for each seed."""
    noise = np.random.default_rng(list(seed.encode())).integers(0, 255, (9, 16, 3), dtype=np.uint8)
    return bytes(cv2.imencode(".jpg", cv2.resize(noise, (640, 360), interpolation=cv2.INTER_NEAREST))[1])


def settings_in(folder: Path, port: int = 8080, **changes: object) -> CentralSettings:
    """Return settings whose data lie in `folder`."""
    raw = {"data_dir": str(folder), "listen": {"port": port}, **changes}
    return CentralSettings.model_validate(raw, context={FOLDER: folder})


@contextmanager
def office(settings: CentralSettings, *, is_live: bool = False) -> Iterator[Office]:
    """Open services over the settings' database; close it afterwards."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    stores = open_stores(
        database_url=settings.database, evidence_dir=settings.evidence_dir, series=series_address(settings)
    )
    opened: list[Office] = []
    try:
        opened.append(
            Office(settings, build_services(settings, stores, lambda: opened[0].is_connected), stores, is_live=is_live)
        )
        yield opened[0]
    finally:
        stores.close()


def roles() -> Sequence[Role | None]:
    """Return every role, and nobody."""
    return (None, *Role)
