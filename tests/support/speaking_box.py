"""A box that says whatever a test wants, as deliveries of the broker."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from central.core.values import Delivery
from protocol import messages as m
from protocol import topics
from protocol.codec import encode
from protocol.identifiers import episode_id, scene_event_id

START = datetime(2026, 3, 2, 1, 0, 0, tzinfo=UTC)
EPOCH = "0123456789abcdef"


def later(seconds: float) -> datetime:
    """`seconds` after the tests' morning."""
    return START + timedelta(seconds=seconds)


@dataclass
class SpeakingBox:
    """Its clock is right unless `clock_ahead_s` says otherwise; it started at `START` with start number `boot`."""

    box: str = "b1"
    site: str = "s1"
    epoch: str = EPOCH
    boot: int = 1
    clock_ahead_s: float = 0.0
    seqs: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    ids: "itertools.count[int]" = field(default_factory=itertools.count)

    def scene(  # noqa: PLR0913 - a scene event is all of this
        self,
        at_s: float = 0.0,
        *,
        camera: str = "cam-1",
        zone: str = "z1",
        started_s: float | None = None,
        end_reason: m.EndReason | None = None,
        seq: int | None = None,
        evidence: tuple[m.EvidenceRef, ...] = (),
    ) -> Delivery:
        """Report an episode that started at `started_s` (default: now), ended if there is an `end_reason`."""
        started_at = self.wall(at_s if started_s is None else started_s)
        ended = end_reason is not None
        episode = episode_id(self.box, camera, zone, "stay", started_at)
        data = m.SceneEvent(
            camera=camera,
            zone=zone,
            scene="stay",
            episode=episode,
            update=int(ended),
            phase=m.ScenePhase.ENDED if ended else m.ScenePhase.RAISED,
            started_at=started_at,
            raised_at=max(started_at, self.wall(at_s)),
            last_seen_at=max(started_at, self.wall(at_s)),
            ended_at=self.wall(at_s) if ended else None,
            end_reason=end_reason,
            dwell_s=5.0,
            label="stall",
            box=(0.1, 0.1, 0.5, 0.5),
            evidence=evidence,
        )
        return self.event(m.SceneMessage, data, at_s, seq=seq, id=scene_event_id(episode, data.update))

    def camera(  # noqa: PLR0913 - a transition is all of this
        self,
        state: m.CameraState,
        at_s: float = 0.0,
        *,
        camera: str = "cam-1",
        reason: m.CameraReason | None = None,
        since_s: float | None = None,
        seq: int | None = None,
        picture: m.EvidenceRef | None = None,
        measured: tuple[float, float] | None = None,
        previous: m.CameraState = m.CameraState.UNKNOWN,
    ) -> Delivery:
        """Report that a camera changed its state from `previous`; `measured`: value and threshold."""
        value, threshold = measured or (None, None)
        since = self.wall(at_s if since_s is None else since_s)
        data = m.CameraTransition(
            camera=camera,
            state=state,
            reason=reason,
            since=since,
            previous=previous,
            value=value,
            threshold=threshold,
            last_picture=picture,
        )
        return self.event(m.CameraMessage, data, at_s, seq=seq)

    def gap(self, first: int, last: int, at_s: float = 0.0, *, seq: int | None = None) -> Delivery:
        """Say that numbers will never come."""
        data = m.GapRecord(first=first, last=last, count=last - first + 1, reason=m.GapReason.BYTES_MAX)
        return self.event(m.GapMessage, data, at_s, seq=seq)

    def birth(
        self,
        at_s: float = 0.0,
        *,
        cameras: tuple[str, ...] = ("cam-1",),
        place: tuple[float | None, float | None] = (None, None),
        retained: bool = False,
    ) -> Delivery:
        """Say who it is; `place`: latitude and longitude of all its cameras."""
        described = tuple(
            m.CameraDescription(
                camera=camera, name=f"{camera} 名", place=f"{camera} 路口", latitude=place[0], longitude=place[1]
            )
            for camera in cameras
        )
        data = m.Birth(version="0.1.0", config_sha256="ab" * 32, next_seq=1, disk_free_bytes=10**9, cameras=described)
        return self.say(m.BirthMessage, topics.Up.BIRTH, data, at_s, retained=retained)

    def heartbeat(
        self,
        at_s: float = 0.0,
        *statuses: m.CameraStatus,
        delay_s: float = 0.0,
        retained: bool = False,
        waits: tuple[m.CentralWait, ...] = (),
    ) -> Delivery:
        """Say that it is alive, how its cameras are, and when it had no watermark."""
        outbox = m.OutboxFigures(depth=3, bytes=100, oldest_age_s=1.0, evidence_pending=0, evidence_bytes=0)
        data = m.Heartbeat(
            uptime_s=at_s,
            cpu_share=0.5,
            rss_bytes=10**8,
            disk_free_bytes=10**9,
            outbox=outbox,
            cameras=statuses,
            waits=waits,
        )
        return self.say(m.HeartbeatMessage, topics.Up.HEARTBEAT, data, at_s, delay_s=delay_s, retained=retained)

    def wait(self, number: int, since_s: float, until_s: float, *, connected: bool = False) -> m.CentralWait:
        """A time without a watermark, by its clock."""
        return m.CentralWait(number=number, since=self.wall(since_s), until=self.wall(until_s), connected=connected)

    def status(
        self, state: m.CameraState, since_s: float = 0.0, *, camera: str = "cam-1", reason: m.CameraReason | None = None
    ) -> m.CameraStatus:
        """A camera as a heartbeat shows it."""
        return m.CameraStatus(camera=camera, state=state, reason=reason, since=self.wall(since_s), fps=10.0)

    def state(
        self, state: m.BoxState, at_s: float = 0.0, *, boot: int | None = None, retained: bool = False
    ) -> Delivery:
        """Say that it comes or goes, or let its will say so."""
        report = m.BoxStateReport(state=state)
        return self.say(m.StateMessage, topics.Up.STATE, report, at_s, retained=retained, boot=boot)

    def event(
        self,
        message_class: type[m.Envelope],
        data: object,
        at_s: float = 0.0,
        *,
        seq: int | None = None,
        retained: bool = False,
        **attributes: object,
    ) -> Delivery:
        """Put an event into the stream; the next number unless `seq` says otherwise."""
        number = next(self.seqs) if seq is None else seq
        place = {"epoch": self.epoch, "seq": number}
        return self.say(message_class, topics.Up.EVENT, data, at_s, retained=retained, **(place | attributes))

    def say(  # noqa: PLR0913 - a message is all of this
        self,
        message_class: type[m.Envelope],
        kind: topics.Up,
        data: object,
        at_s: float = 0.0,
        *,
        delay_s: float = 0.0,
        retained: bool = False,
        **attributes: object,
    ) -> Delivery:
        """Say anything."""
        fields: dict[str, object] = {
            "id": f"{self.box}-{self.epoch}-{next(self.ids)}",
            "source": m.source(self.site, self.box),
            "time": self.wall(at_s),
            "dataschema": m.dataschema_of(message_class),
            "boot": self.boot,
            "mono": str(round(at_s * 1000)),
            "data": data,
        }
        fields |= {name: value for name, value in attributes.items() if value is not None}
        message = message_class.model_validate(fields)
        topic = topics.up(self.site, self.box, kind)
        return Delivery(topic, encode(message), later(at_s + delay_s), retained)

    def wall(self, at_s: float) -> datetime:
        """What the box's clock shows then."""
        return later(at_s + self.clock_ahead_s)
