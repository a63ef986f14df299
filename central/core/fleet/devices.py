"""Boxes and cameras: what central knows of them, and how new facts change it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from central.core.places import Position
from central.core.values import BoxCondition, BoxOfflineReason, CommandState, FactSource
from protocol.messages import (
    HEARTBEAT_S,
    CameraReason,
    CameraState,
    Command,
    CommandResult,
    ConfigStatus,
    EvidenceRef,
    LookFinding,
    OutboxFigures,
    Watermark,
    ZoneDescription,
)

SAME_SINCE_S = 2.0
"""Two reports of one state may differ by so much in when it began (clock correction)."""
BOOT_QUIET_S = 2 * HEARTBEAT_S
"""After this silence of the newest boot a lower one is believed: the box lost its counter."""
ANSWER_S = 60.0
"""How long after its deadline an accepted command may still be answered."""


class Metric(StrEnum):
    """What series are kept of: the first six of boxes, the rest of cameras."""

    CPU_SHARE = "cpu_share"
    RSS_BYTES = "rss_bytes"
    DISK_FREE_BYTES = "disk_free_bytes"
    TEMPERATURE_C = "temperature_c"
    OUTBOX_DEPTH = "outbox_depth"
    WAITED_S = "waited_s"
    FPS = "fps"
    LATENCY_MS = "latency_ms"


@dataclass(frozen=True, slots=True)
class Box:
    """A box as registered and as last heard. `boot` is that of its last birth; `clock_offset_ms` is central - box."""

    id: str
    site: str
    added_at: datetime
    state: BoxCondition
    since: datetime
    heard_at: datetime | None = None
    boot: int | None = None
    born_at: datetime | None = None
    version: str = ""
    config_sha256: str | None = None
    config_status: ConfigStatus | None = None
    config_errors: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    outbox: OutboxFigures | None = None
    disk_free_bytes: int | None = None
    clock_offset_ms: int | None = None
    clock_skewed: bool = False
    joined_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BoxFact:
    """What was known of a box, appended once; `cause` is the message, the sweep or the registration that told so."""

    box: str
    state: BoxCondition
    reason: BoxOfflineReason | None
    since: datetime
    recorded_at: datetime
    cause: str


@dataclass(frozen=True, slots=True)
class BoxView:
    """A box as it is shown, with the watermark of its newest epoch and how many of its messages could not be taken."""

    box: Box
    watermark: Watermark | None = None
    dead_letters: int = 0


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera as its box described it and as it was last known. `boot`, `mono_ms`: when the state was observed.

    `value` was measured when the state is one of the picture, `threshold` is what it was held against.
    """

    key: str
    box: str
    camera: str
    site: str
    state: CameraState
    since: datetime
    reason: CameraReason | None = None
    value: float | None = None
    threshold: float | None = None
    boot: int = 0
    mono_ms: int = 0
    name: str = ""
    place: str = ""
    kind: str = "fixed"
    latitude: float | None = None
    longitude: float | None = None
    zones: tuple[ZoneDescription, ...] = ()
    last_frame_at: datetime | None = None
    fps: float = 0.0
    latency_ms: float | None = None
    last_picture: str | None = None
    retired_at: datetime | None = None

    @property
    def position(self) -> Position | None:
        """Where it stands, if its box told."""
        if self.latitude is None or self.longitude is None:
            return None
        return Position(self.latitude, self.longitude)


@dataclass(frozen=True, slots=True)
class CameraFact:
    """What was known of a camera, appended once; `since` is when the state began, `recorded_at` when central knew.

    `previous`: the state before, where the box told of the change itself.
    """

    camera: str
    state: CameraState
    reason: CameraReason | None
    since: datetime
    recorded_at: datetime
    source: FactSource
    event: str | None = None
    detail: str = ""
    value: float | None = None
    threshold: float | None = None
    previous: CameraState | None = None


@dataclass(frozen=True, slots=True)
class CommandRecord:
    """A command to a box and how far it has come. `published_at` is None until it went to the broker."""

    command: Command
    site: str
    box: str
    state: CommandState
    requested_by: str
    requested_at: datetime
    updated_at: datetime
    published_at: datetime | None = None
    detail: str = ""
    evidence: str | None = None
    finding: LookFinding | None = None
    pictures: tuple[EvidenceRef, ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One figure of one entity (a box id or a camera key) at one time."""

    metric: str
    entity: str
    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class Observation:
    """A camera's state as its box saw it, `mono_ms` after the start numbered `boot`."""

    state: CameraState
    reason: CameraReason | None
    since: datetime
    boot: int
    mono_ms: int
    value: float | None = None
    threshold: float | None = None


def believes_boot(box: Box, boot: int, at: datetime) -> bool:
    """Whether a message of `boot` speaks for the box now, or is a straggler of an earlier start."""
    if box.boot is None or boot >= box.boot or box.heard_at is None:
        return True
    return at - box.heard_at > timedelta(seconds=BOOT_QUIET_S)


def is_newer(camera: Camera, seen: Observation, box_boot: int | None) -> bool:
    """Whether `seen` came after what is known, by the box's own count; the order of arrival proves nothing."""
    if seen.boot == camera.boot:
        return seen.mono_ms >= camera.mono_ms
    if box_boot in {seen.boot, camera.boot}:
        return seen.boot == box_boot
    return seen.boot > camera.boot


def is_same(camera: Camera, seen: Observation) -> bool:
    """Whether `seen` repeats what is known."""
    near = abs(seen.since - camera.since) <= timedelta(seconds=SAME_SINCE_S)
    return near and (seen.state, seen.reason) == (camera.state, camera.reason)


def with_observation(camera: Camera, seen: Observation) -> Camera:
    """The camera after a newer observation; a state that only repeats keeps the `since` it has."""
    newer = replace(camera, value=seen.value, threshold=seen.threshold, boot=seen.boot, mono_ms=seen.mono_ms)
    if is_same(camera, seen):
        return newer
    return replace(newer, state=seen.state, reason=seen.reason, since=seen.since)


def without_box(camera: Camera, since: datetime) -> Camera:
    """The camera when nobody watches it any more; whatever its box says next is newer."""
    unknown = replace(camera, state=CameraState.UNKNOWN, reason=CameraReason.BOX_OFFLINE, since=since)
    return replace(unknown, value=None, threshold=None)


def answered(record: CommandRecord, result: CommandResult, now: datetime) -> CommandRecord:
    """The command after its box spoke; what is finished stays so, but a late deed beats central's own time-out."""
    state = CommandState(result.status)
    if record.state in {CommandState.DONE, CommandState.FAILED}:
        return record
    if record.state is CommandState.EXPIRED and state is CommandState.ACCEPTED:
        return record
    picture = result.evidence.sha256 if result.evidence is not None else record.evidence
    finding = result.finding or record.finding
    known = replace(record, state=state, updated_at=now, detail=result.detail, evidence=picture, finding=finding)
    return replace(known, pictures=result.pictures or record.pictures)


def is_overdue(record: CommandRecord, now: datetime) -> bool:
    """Whether an unfinished command has to be given up; one that its box accepted has a little longer."""
    if record.state not in {CommandState.REQUESTED, CommandState.ACCEPTED}:
        return False
    patience_s = ANSWER_S if record.state is CommandState.ACCEPTED else 0.0
    return now >= record.command.deadline + timedelta(seconds=patience_s)
