"""Cameras: what they are, how they are, and that they changed."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from protocol.geometry import Polygon
from protocol.identifiers import CameraId, SceneId, ZoneId
from protocol.messages.evidence import EvidenceRef
from protocol.messages.wire import Count, Detail, Measure, Moment, Text, Wire


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
