"""One sample of every message, the same each time."""

from datetime import UTC, datetime, timedelta

from protocol import messages as m
from protocol.identifiers import episode_id, scene_event_id

NOW = datetime(2026, 3, 2, 1, 0, 0, tzinfo=UTC)
EPOCH = "0123456789abcdef"
SHA = "ab" * 32


def evidence(kind: m.EvidenceKind = m.EvidenceKind.RAISED, sha256: str = SHA) -> m.EvidenceRef:
    """A reference to a picture that does not exist."""
    return m.EvidenceRef(sha256=sha256, bytes=14_321, at=NOW, kind=kind)


def scene_event(*, camera: str = "cam-1", update: int = 0, started_at: datetime = NOW) -> m.SceneEvent:
    """A stall that stays; update 1 is its end."""
    episode = episode_id("b1", camera, "z1", "stay", started_at)
    ended = update > 0
    last_seen = started_at + timedelta(seconds=40 if ended else 5)
    return m.SceneEvent(
        camera=camera,
        zone="z1",
        scene="stay",
        episode=episode,
        update=update,
        phase=m.ScenePhase.ENDED if ended else m.ScenePhase.RAISED,
        started_at=started_at,
        raised_at=started_at + timedelta(seconds=5),
        last_seen_at=last_seen,
        ended_at=last_seen if ended else None,
        end_reason=m.EndReason.LEFT if ended else None,
        dwell_s=(last_seen - started_at).total_seconds(),
        label="stall",
        score=0.81,
        box=(0.25, 0.4, 0.5, 0.75),
        model="street@0123456789ab",
        evidence=(evidence(m.EvidenceKind.ENDED if ended else m.EvidenceKind.RAISED),),
    )


def envelope(message_class: type[m.Envelope], **changes: object) -> dict[str, object]:
    """Attributes of an envelope from box b1 of site s1."""
    fields: dict[str, object] = {
        "id": "0195d3b0-0000-7000-8000-000000000000",
        "source": m.source("s1", "b1"),
        "time": NOW,
        "dataschema": m.dataschema_of(message_class),
        "boot": 3,
        "mono": "1234567",
    }
    return fields | changes


def scene_message(seq: int = 1, *, epoch: str = EPOCH, **event: object) -> m.SceneMessage:
    """A scene event as the outbox sends it."""
    data = scene_event(**event)  # type: ignore[arg-type]
    attributes = envelope(
        m.SceneMessage,
        id=scene_event_id(data.episode, data.update),
        subject=data.camera,
        epoch=epoch,
        seq=seq,
        clksync=True,
        clkoffset=-12,
        clksrc="ntp",
    )
    return m.SceneMessage(**attributes, data=data)  # type: ignore[arg-type]


def all_messages() -> dict[str, m.Envelope]:
    """Name of the golden file to message."""
    status = m.CameraStatus(camera="cam-1", state=m.CameraState.ONLINE, since=NOW, last_frame_at=NOW, fps=14.9)
    figures = m.OutboxFigures(
        depth=2,
        bytes=1180,
        oldest_age_s=3.5,
        evidence_pending=1,
        evidence_bytes=14_321,
        evidence_bytes_today=310_000,
        evidence_bytes_per_day=20_000_000,
    )
    offline = m.CameraTransition(
        camera="cam-1",
        state=m.CameraState.OFFLINE,
        reason=m.CameraReason.REFUSED,
        since=NOW,
        previous=m.CameraState.ONLINE,
        attempt=1,
        detail="connection refused",
        last_picture=evidence(m.EvidenceKind.LAST_GOOD),
    )
    zone = m.ZoneDescription(zone="z1", name="Gate", polygon=((0, 0), (1, 0), (1, 1)), scenes=("stay",))
    camera = m.CameraDescription(camera="cam-1", name="West gate", place="Market street 1", zones=(zone,))
    birth = m.Birth(
        version="0.1.0",
        config_sha256=SHA,
        next_seq=8,
        disk_free_bytes=10**10,
        cameras=(camera,),
        models=(m.ModelDescription(name="street", sha256=SHA, licence="Apache-2.0"),),
        commands=("snapshot",),
    )
    heartbeat = m.Heartbeat(
        uptime_s=60.0,
        cpu_share=0.12,
        rss_bytes=10**8,
        disk_free_bytes=10**10,
        outbox=figures,
        cameras=(status,),
        waits=(m.CentralWait(number=1, since=NOW - timedelta(seconds=20), until=NOW, connected=False),),
        waited_s=20.0,
    )
    command = "0195d3b0-0000-7000-8000-00000000000a"
    bodies: dict[str, tuple[type[m.Envelope], m.Wire, dict[str, object]]] = {
        "camera": (m.CameraMessage, offline, {"subject": "cam-1", "epoch": EPOCH, "seq": 2}),
        "gap": (
            m.GapMessage,
            m.GapRecord(first=3, last=9, count=7, reason=m.GapReason.BYTES_MAX),
            {"epoch": EPOCH, "seq": 10},
        ),
        "state": (m.StateMessage, m.BoxStateReport(state=m.BoxState.LOST), {}),
        "birth": (m.BirthMessage, birth, {"epoch": EPOCH}),
        "heartbeat": (m.HeartbeatMessage, heartbeat, {}),
        "config": (
            m.ConfigMessage,
            m.ConfigReport(sha256=SHA, status=m.ConfigStatus.APPLIED),
            {},
        ),
        "result": (
            m.ResultMessage,
            m.CommandResult(
                command=command,
                status=m.CommandStatus.DONE,
                evidence=evidence(m.EvidenceKind.SNAPSHOT),
                finding=m.LookFinding(
                    presence=m.Presence.GONE,
                    observed_share=0.95,
                    since=NOW,
                    until=NOW,
                    looks=41,
                    seen=0,
                    light=118.5,
                    on_preset=True,
                ),
                pictures=(evidence(m.EvidenceKind.SNAPSHOT),),
            ),
            {},
        ),
        "command": (
            m.CommandMessage,
            m.Command(command=command, name=m.CommandName.SNAPSHOT, camera="cam-1", deadline=NOW),
            {"source": m.source("s1", "central")},
        ),
        "watermark": (
            m.WatermarkMessage,
            m.Watermark(epoch=EPOCH, upto=7, missing=(m.SeqRange(first=8, last=9),), evidence_wanted=(SHA,)),
            {"source": m.source("s1", "central")},
        ),
        "central": (
            m.CentralMessage,
            m.CentralState(online=True, instance="central-1"),
            {"source": m.source("s1", "central")},
        ),
    }
    others = {
        name: kind(**envelope(kind, **changes), data=data)  # type: ignore[arg-type,call-arg]
        for name, (kind, data, changes) in bodies.items()
    }
    return {"scene-raised": scene_message(), "scene-ended": scene_message(2, update=1), **others}
