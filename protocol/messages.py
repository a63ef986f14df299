"""What boxes and central say to each other: CloudEvents envelopes with frozen, typed data.

Every message is JSON in CloudEvents 1.0 structured mode. Receivers ignore fields that
they do not know; senders never reuse a name.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, StringConstraints, model_validator

from protocol.geometry import Box, Polygon
from protocol.identifiers import (
    BoxId,
    CameraId,
    CommandId,
    Epoch,
    MessageId,
    SceneId,
    Sha256,
    SiteId,
    ZoneId,
)
from protocol.scenes import Surface

MESSAGE_BYTES_MAX = 262_144
PROTOCOL_MAJOR = 1
PROTOCOL_MINOR = 1
CAMERAS_PER_BOX_MAX = 64
EVIDENCE_PER_EVENT_MAX = 8
EVIDENCE_BYTES_MAX = 4 * 1024 * 1024
"""Of a picture."""
CLIP_BYTES_MAX = 8 * 1024 * 1024
MISSING_RANGES_MAX = 64
WANTED_EVIDENCE_MAX = 64
HEARTBEAT_S = 15.0
SEQ_MAX = 2**31 - 1

Text = Annotated[str, StringConstraints(max_length=200)]
Detail = Annotated[str, StringConstraints(max_length=1000)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Seq = Annotated[int, Field(ge=1, le=SEQ_MAX)]
Seconds = Annotated[float, Field(ge=0.0, le=10 * 365 * 86400.0)]
Count = Annotated[int, Field(ge=0, le=2**53)]
Measure = Annotated[float, Field(ge=-1e9, le=1e9)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Moment = Annotated[AwareDatetime, Field(ge=datetime(1970, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))]
"""A time of the real world: a box without a clock says 1970; what lies beyond overflows somebody's arithmetic."""


class Wire(BaseModel):
    """Base of all that crosses the wire: frozen, unknown fields ignored, no NaN.

    Checks are built at first use: a camera's process, which makes few of these, stays a megabyte smaller.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False, defer_build=True)


class BoxState(StrEnum):
    """Life of a box's process, as it says itself or as its will says."""

    ONLINE = "online"
    STOPPING = "stopping"
    LOST = "lost"


class CameraState(StrEnum):
    """What is known of a camera."""

    ONLINE = "online"
    DEGRADED = "degraded"
    OFFLINE = "offline"
    UNKNOWN = "unknown"


class CameraReason(StrEnum):
    """Why a camera is in its state."""

    STARTING = "starting"
    BOX_OFFLINE = "box_offline"
    FROZEN = "frozen"
    DARK = "dark"
    OVEREXPOSED = "overexposed"
    COVERED = "covered"
    BLURRED = "blurred"
    MOVED = "moved"
    OFF_PRESET = "off_preset"
    COLOUR_CAST = "colour_cast"
    LOW_FPS = "low_fps"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    STALLED = "stalled"
    AUTH_FAILED = "auth_failed"
    NOT_FOUND = "not_found"
    NO_VIDEO = "no_video"


class EvidenceKind(StrEnum):
    """Which moment a picture shows."""

    STARTED = "started"
    RAISED = "raised"
    PEAK = "peak"
    ENDED = "ended"
    CLIP = "clip"
    SNAPSHOT = "snapshot"
    LAST_GOOD = "last_good"


class MediaType(StrEnum):
    """What the bytes of evidence are."""

    JPEG = "image/jpeg"
    MP4 = "video/mp4"


def media_type_of(kind: EvidenceKind) -> MediaType:
    """What evidence of this kind consists of."""
    return MediaType.MP4 if kind is EvidenceKind.CLIP else MediaType.JPEG


def bytes_max_of(media_type: MediaType) -> int:
    """How large it may be."""
    return CLIP_BYTES_MAX if media_type is MediaType.MP4 else EVIDENCE_BYTES_MAX


class EvidenceRef(Wire):
    """A picture or clip by its content; the bytes travel by HTTP PUT, apart from this reference."""

    sha256: Sha256
    bytes: Annotated[int, Field(ge=1, le=CLIP_BYTES_MAX)]
    at: Moment
    kind: EvidenceKind
    media_type: MediaType = MediaType.JPEG

    @model_validator(mode="after")
    def _is_not_too_large(self) -> Self:
        if self.bytes > bytes_max_of(self.media_type):
            raise ValueError(f"{self.media_type} may have {bytes_max_of(self.media_type)} bytes")
        return self

    @property
    def file_name(self) -> str:
        """How a box calls the file that holds it."""
        return f"{self.sha256}.mp4" if self.media_type is MediaType.MP4 else f"{self.sha256}.jpg"


class ScenePhase(StrEnum):
    """Report of an episode: the rule is met, it has become more severe, its cause has gone."""

    RAISED = "raised"
    ESCALATED = "escalated"
    ENDED = "ended"


class EndReason(StrEnum):
    """Why an episode ended: its cause left, it became permitted (hours), or camera or box stopped looking."""

    LEFT = "left"
    PERMITTED = "permitted"
    INTERRUPTED = "interrupted"


class Basis(StrEnum):
    """What a scene was recognised by: a detector's objects, or static foreground alone."""

    MODEL = "model"
    STATIC = "static"


class SceneEvent(Wire):
    """One report of one episode of a scene rule. Times are capture times.

    `seen_at`: when it was certain that the thing is there, before it became a violation at `raised_at`. `held_share`:
    share of the looks in which it was seen. `count`, `area_share`: most things, or most of the zone, at one time.
    """

    camera: CameraId
    zone: ZoneId
    scene: SceneId
    episode: MessageId
    update: Annotated[int, Field(ge=0, le=10_000)]
    phase: ScenePhase
    started_at: Moment
    raised_at: Moment
    last_seen_at: Moment
    ended_at: Moment | None = None
    end_reason: EndReason | None = None
    dwell_s: Seconds
    label: Label
    score: Share | None = None
    box: Box
    severity: Annotated[int, Field(ge=1, le=5)] = 3
    model: Text | None = None
    basis: Basis | None = None
    surface: Surface | None = None
    seen_at: Moment | None = None
    held_share: Share | None = None
    count: Count | None = None
    area_share: Share | None = None
    evidence: Annotated[tuple[EvidenceRef, ...], Field(max_length=EVIDENCE_PER_EVENT_MAX)] = ()


class CameraTransition(Wire):
    """A camera changed state; `detail` carries no address and no password.

    `value` is what was measured and `threshold` what it was held against, where the reason is one of the picture.
    """

    camera: CameraId
    state: CameraState
    reason: CameraReason | None = None
    since: Moment
    previous: CameraState
    attempt: Count = 0
    detail: Detail = ""
    value: Measure | None = None
    threshold: Measure | None = None
    last_picture: EvidenceRef | None = None


class GapReason(StrEnum):
    """Why reports are missing for ever.

    `forgotten_by_central`: central had committed them, the box deleted them, and now central misses them again: its
    database was lost or restored from a backup.
    """

    BYTES_MAX = "bytes_max"
    DISK_FULL = "disk_full"
    REFUSED_BY_CENTRAL = "refused_by_central"
    FORGOTTEN_BY_CENTRAL = "forgotten_by_central"


class GapRecord(Wire):
    """Sequence numbers `first..last` (both included) of this epoch will never come: `count` of them held reports."""

    first: Seq
    last: Seq
    count: Annotated[int, Field(ge=1, le=SEQ_MAX)]
    reason: GapReason

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if not 1 <= self.count <= self.last - self.first + 1:
            raise ValueError("a gap runs from `first` up to `last` and counts no more than lie between them")
        return self


class BoxStateReport(Wire):
    """Body of `up/state`."""

    state: BoxState


class ZoneDescription(Wire):
    """A zone as central shows it."""

    zone: ZoneId
    name: Text
    polygon: Polygon
    scenes: tuple[SceneId, ...] = ()


class CameraDescription(Wire):
    """A camera as central shows it; never its address."""

    camera: CameraId
    name: Text
    place: Text = ""
    kind: Literal["fixed", "dome"] = "fixed"
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    zones: Annotated[tuple[ZoneDescription, ...], Field(max_length=64)] = ()


class ModelDescription(Wire):
    """A loaded detector."""

    name: Text
    sha256: Sha256
    licence: Text | None = None


class Birth(Wire):
    """What a box says of itself at each start, before anything else."""

    version: Text
    protocol_major: int = PROTOCOL_MAJOR
    protocol_minor: int = PROTOCOL_MINOR
    config_sha256: Sha256
    next_seq: Seq
    disk_free_bytes: Count
    cameras: Annotated[tuple[CameraDescription, ...], Field(max_length=CAMERAS_PER_BOX_MAX)] = ()
    models: Annotated[tuple[ModelDescription, ...], Field(max_length=16)] = ()
    commands: tuple[Text, ...] = ()


class CameraStatus(Wire):
    """A camera in a heartbeat; repeats its state so that a lost transition heals."""

    camera: CameraId
    state: CameraState
    reason: CameraReason | None = None
    since: Moment
    last_frame_at: Moment | None = None
    attempt: Count = 0
    fps: Annotated[float, Field(ge=0, le=1000)] = 0.0
    analysed_fps: Annotated[float, Field(ge=0, le=1000)] = 0.0
    width: Count = 0
    height: Count = 0
    latency_ms: Annotated[float, Field(ge=0)] | None = None
    shed_frames: Count = 0
    """Frames since the start that the detector should have looked at and did not, mostly because a newer one came."""
    late_looks: Count = 0
    """Looks since the start that were done later than the zones' `latency_s` after they were due."""
    value: Measure | None = None
    threshold: Measure | None = None


class OutboxFigures(Wire):
    """How much waits on the box."""

    depth: Count
    bytes: Count
    oldest_age_s: Seconds
    evidence_pending: Count
    evidence_bytes: Count
    lost: Count = 0
    evidence_lost: Count = 0
    """Evidence that was given up for want of room or of bytes before central had it, since the outbox was made."""
    evidence_bytes_today: Count | None = None
    """Bytes of evidence sent on this day of the box's calendar."""
    evidence_bytes_per_day: Count | None = None


class Heartbeat(Wire):
    """Body of `up/hb`, every `HEARTBEAT_S` seconds."""

    uptime_s: Seconds
    cpu_share: Annotated[float, Field(ge=0)]
    rss_bytes: Count
    disk_free_bytes: Count
    temperature_c: float | None = None
    outbox: OutboxFigures
    cameras: Annotated[tuple[CameraStatus, ...], Field(max_length=CAMERAS_PER_BOX_MAX)] = ()


class ConfigStatus(StrEnum):
    """What a box did with a desired configuration."""

    APPLIED = "applied"
    REJECTED = "rejected"
    ROLLED_BACK = "rolled_back"


class ConfigReport(Wire):
    """Body of `up/cfg`."""

    sha256: Sha256
    status: ConfigStatus
    errors: Annotated[tuple[Detail, ...], Field(max_length=64)] = ()


class CommandName(StrEnum):
    """Commands that a box obeys."""

    SNAPSHOT = "snapshot"
    LOOK = "look"
    JUDGED = "judged"


class Judgement(StrEnum):
    """What a person said about an episode."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Command(Wire):
    """Body of `down/cmd/{id}`; a box that gets it after `deadline` answers `expired` and does nothing.

    `look` re-checks `zone`, for `scene` and at `box` if they are named, for `seconds`; `stood_at` is when something
    stood there. `judged` tells what a person said about `episode`, which was of `scene` in `zone` at `box` with
    `score`; a rejected spot is masked until `mask_until`.
    """

    command: CommandId
    name: CommandName
    camera: CameraId | None = None
    deadline: Moment
    zone: ZoneId | None = None
    scene: SceneId | None = None
    seconds: Annotated[float, Field(gt=0, le=600)] | None = None
    episode: MessageId | None = None
    box: Box | None = None
    score: Share | None = None
    stood_at: Moment | None = None
    judgement: Judgement | None = None
    reason: Text = ""
    mask_until: Moment | None = None


class CommandStatus(StrEnum):
    """How far a command has come; `done`, `failed` and `expired` are final."""

    ACCEPTED = "accepted"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"


class Presence(StrEnum):
    """What a look at a zone found."""

    PRESENT = "present"
    GONE = "gone"
    CANNOT_TELL = "cannot_tell"


class LookFinding(Wire):
    """Answer to `look`: what stands in the zone, over the share of the time for which it could be observed.

    `looks` counts frames at which the place could be seen, `seen` those of them that saw something there. `light` is
    the lowest mean brightness of the picture meanwhile (0 black, 255 white); `on_preset`: whether a dome camera showed
    all the time what its zones were drawn for, None for a fixed one. Boxes of earlier releases say none of the three.
    """

    presence: Presence
    observed_share: Share
    since: Moment
    until: Moment
    looks: Count
    picture_health: CameraReason | None = None
    detail: Detail = ""
    seen: Count | None = None
    light: Annotated[float, Field(ge=0, le=255)] | None = None
    on_preset: bool | None = None


class CommandResult(Wire):
    """Body of `up/res/{id}`; the same command id is answered again, not done again."""

    command: CommandId
    status: CommandStatus
    detail: Detail = ""
    evidence: EvidenceRef | None = None
    finding: LookFinding | None = None
    pictures: Annotated[tuple[EvidenceRef, ...], Field(max_length=EVIDENCE_PER_EVENT_MAX)] = ()


class SeqRange(Wire):
    """Sequence numbers `first..last`, both included."""

    first: Seq
    last: Seq


class Watermark(Wire):
    """Body of `down/ack`: everything of `epoch` up to `upto` is committed; `missing` lies between it and the newest."""

    epoch: Epoch
    upto: Annotated[int, Field(ge=0, le=SEQ_MAX)]
    missing: Annotated[tuple[SeqRange, ...], Field(max_length=MISSING_RANGES_MAX)] = ()
    evidence_wanted: Annotated[tuple[Sha256, ...], Field(max_length=WANTED_EVIDENCE_MAX)] = ()


class CentralState(Wire):
    """Body of `gw/v1/{site}/central/state`, retained; republished every 15 s, older than 45 s means offline."""

    online: bool
    instance: Text


class Envelope(Wire):
    """CloudEvents attributes and our extensions, common to all messages.

    `mono` is milliseconds since the sender's start as text (an extension integer has 32 bits only); `boot` counts the
    sender's starts; `epoch` and `seq` are set on `up/event` alone.
    """

    specversion: Literal["1.0"] = "1.0"
    id: MessageId
    source: Annotated[str, StringConstraints(pattern=r"^gw/[a-z0-9-]{1,32}/[a-z0-9-]{1,32}$")]
    time: AwareDatetime
    dataschema: Annotated[str, StringConstraints(pattern=r"^urn:gridwarden:[a-z-]{1,32}:\d{1,4}\.\d{1,4}$")]
    datacontenttype: Literal["application/json"] = "application/json"
    subject: CameraId | None = None
    boot: Annotated[int, Field(ge=0, le=SEQ_MAX)] = 0
    mono: Annotated[str, StringConstraints(pattern=r"^\d{1,16}$")] = "0"
    epoch: Epoch | None = None
    seq: Seq | None = None
    clksync: bool | None = None
    clkoffset: Annotated[int, Field(ge=-(2**31), le=2**31 - 1)] | None = None
    clksrc: Text | None = None


class SceneMessage(Envelope):
    """`up/event`: a scene."""

    type: Literal["gw.event.scene"] = "gw.event.scene"
    data: SceneEvent


class CameraMessage(Envelope):
    """`up/event`: a camera changed state."""

    type: Literal["gw.event.camera"] = "gw.event.camera"
    data: CameraTransition


class GapMessage(Envelope):
    """`up/event`: reports were lost, and counted."""

    type: Literal["gw.event.gap"] = "gw.event.gap"
    data: GapRecord


class StateMessage(Envelope):
    """`up/state`, retained; also the will."""

    type: Literal["gw.state"] = "gw.state"
    data: BoxStateReport


class BirthMessage(Envelope):
    """`up/birth`."""

    type: Literal["gw.birth"] = "gw.birth"
    data: Birth


class HeartbeatMessage(Envelope):
    """`up/hb`."""

    type: Literal["gw.heartbeat"] = "gw.heartbeat"
    data: Heartbeat


class ConfigMessage(Envelope):
    """`up/cfg`."""

    type: Literal["gw.config"] = "gw.config"
    data: ConfigReport


class ResultMessage(Envelope):
    """`up/res/{command}`."""

    type: Literal["gw.result"] = "gw.result"
    data: CommandResult


class CommandMessage(Envelope):
    """`down/cmd/{command}`."""

    type: Literal["gw.command"] = "gw.command"
    data: Command


class WatermarkMessage(Envelope):
    """`down/ack`."""

    type: Literal["gw.watermark"] = "gw.watermark"
    data: Watermark


class CentralMessage(Envelope):
    """`gw/v1/{site}/central/state`."""

    type: Literal["gw.central"] = "gw.central"
    data: CentralState


class UnknownMessage(Envelope):
    """A well-formed envelope of a type that this release does not know: stored raw and counted, never dropped."""

    type: Annotated[str, StringConstraints(max_length=64)]
    data: JsonValue = None


KnownMessage = (
    SceneMessage
    | CameraMessage
    | GapMessage
    | StateMessage
    | BirthMessage
    | HeartbeatMessage
    | ConfigMessage
    | ResultMessage
    | CommandMessage
    | WatermarkMessage
    | CentralMessage
)
Message = KnownMessage | UnknownMessage
MESSAGE_CLASSES: tuple[type[Envelope], ...] = (
    SceneMessage,
    CameraMessage,
    GapMessage,
    StateMessage,
    BirthMessage,
    HeartbeatMessage,
    ConfigMessage,
    ResultMessage,
    CommandMessage,
    WatermarkMessage,
    CentralMessage,
)


def source(site: SiteId, box: BoxId) -> str:
    """CloudEvents `source` of a box (or of `central`)."""
    return f"gw/{site}/{box}"


def type_of(message_class: type[Envelope]) -> str:
    """CloudEvents `type` of a message class."""
    return str(message_class.model_fields["type"].default)


def dataschema_of(message_class: type[Envelope]) -> str:
    """CloudEvents `dataschema` that this release writes for a message class."""
    name = type_of(message_class).removeprefix("gw.").removeprefix("event.")
    return f"urn:gridwarden:{name}:{PROTOCOL_MAJOR}.{PROTOCOL_MINOR}"
