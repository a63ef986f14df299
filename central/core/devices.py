"""Boxes and cameras: what central knows of them, and how new facts change it."""

from dataclasses import dataclass
from datetime import datetime

from central.core.values import BoxCondition, CommandState, FactSource
from protocol.messages import (
    CameraReason,
    CameraState,
    Command,
    ConfigStatus,
    OutboxFigures,
    Watermark,
    ZoneDescription,
)


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
class BoxView:
    """A box as it is shown, with the watermark of its newest epoch."""

    box: Box
    watermark: Watermark | None = None


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera as its box described it and as it was last known. `boot`, `mono_ms`: when the state was observed."""

    key: str
    box: str
    camera: str
    site: str
    state: CameraState
    since: datetime
    reason: CameraReason | None = None
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


@dataclass(frozen=True, slots=True)
class CameraFact:
    """What was known of a camera, appended once; `since` is when the state began, `recorded_at` when central knew."""

    camera: str
    state: CameraState
    reason: CameraReason | None
    since: datetime
    recorded_at: datetime
    source: FactSource
    event: str | None = None
    detail: str = ""


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


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One figure of one entity (a box id or a camera key) at one time."""

    metric: str
    entity: str
    at: datetime
    value: float
