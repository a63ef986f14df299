"""What a box says of itself: its life, its birth, its heartbeats, its configuration, and what it has lost."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from protocol.identifiers import Sha256
from protocol.messages.cameras import CameraDescription, CameraStatus
from protocol.messages.wire import (
    PROTOCOL_MAJOR,
    PROTOCOL_MINOR,
    SEQ_MAX,
    Count,
    Detail,
    Moment,
    Seconds,
    Seq,
    Text,
    Wire,
)

CAMERAS_PER_BOX_MAX = 64
HEARTBEAT_S = 15.0
WAITS_MAX = 8


class BoxState(StrEnum):
    """Life of a box's process, as it says itself or as its will says."""

    ONLINE = "online"
    STOPPING = "stopping"
    LOST = "lost"


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


class CentralWait(Wire):
    """A time in which a box had no watermark, by its own clock; `number` counts them within a boot.

    `connected`: the broker was there all the while, so that the box's own line is not the reason.
    """

    number: Annotated[int, Field(ge=1, le=2**31 - 1)]
    since: Moment
    until: Moment
    connected: bool

    @model_validator(mode="after")
    def _goes_forward(self) -> Self:
        if self.until < self.since:
            raise ValueError("until lies before since")
        return self


class Heartbeat(Wire):
    """Body of `up/hb`, every `HEARTBEAT_S` seconds."""

    uptime_s: Seconds
    cpu_share: Annotated[float, Field(ge=0)]
    rss_bytes: Count
    disk_free_bytes: Count
    temperature_c: float | None = None
    outbox: OutboxFigures
    cameras: Annotated[tuple[CameraStatus, ...], Field(max_length=CAMERAS_PER_BOX_MAX)] = ()
    waits: Annotated[tuple[CentralWait, ...], Field(max_length=WAITS_MAX)] = ()
    """Those of this boot that ended in the last ten minutes."""
    waited_s: Seconds = 0.0
    """All that ended in this boot, together."""


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
