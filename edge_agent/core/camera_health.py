"""What is known of one camera, and when that is worth a report.

The first bad news is told at once: the first refused open, or `FRAME_AGE_S` without a frame. Good news must hold for
`RECOVERY_HELD_S`, and a reason that changes while the camera stays offline must be heard `REASON_HEARD_MIN` times in a
row, so that a flapping camera does not flood anybody. An end of the stream alone is no state: the stream is opened
again at once, and that answer decides.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from protocol.messages import CameraReason, CameraState

FRAME_AGE_S = 10.0
RECOVERY_HELD_S = 5.0
FRAME_PAUSE_S = 2.0
"""Frames further apart than this do not count as held."""
REASON_HEARD_MIN = 2
VAGUE_REASONS = frozenset({CameraReason.NO_VIDEO})
"""A server that is just dying answers so; the next attempt tells what is really the matter."""
PICTURE_FAULT_HELD_S = 10.0
SLOW_FAULTS_HELD_S = {
    CameraReason.COVERED: 60.0,
    CameraReason.MOVED: 30.0,
    CameraReason.BLURRED: 60.0,
    CameraReason.COLOUR_CAST: 60.0,
    CameraReason.LOW_FPS: 30.0,
}
"""What a bus at its stop, a gust or a shower looks like must hold for longer."""
PICTURE_FAULTS = frozenset(
    {
        CameraReason.FROZEN,
        CameraReason.DARK,
        CameraReason.OVEREXPOSED,
        CameraReason.COVERED,
        CameraReason.BLURRED,
        CameraReason.MOVED,
        CameraReason.OFF_PRESET,
        CameraReason.COLOUR_CAST,
        CameraReason.LOW_FPS,
    }
)


@dataclass(frozen=True, slots=True)
class FramesFlow:
    """The newest decoded frame was decoded at `at`; `mono_s` is the same moment on the monotonic clock."""

    at: datetime
    mono_s: float


@dataclass(frozen=True, slots=True)
class OpenStarted:
    """An attempt to open the stream begins."""


@dataclass(frozen=True, slots=True)
class OpenFailed:
    """One attempt to open the stream, or its first picture, failed."""

    reason: CameraReason
    detail: str


@dataclass(frozen=True, slots=True)
class StreamEnded:
    """A stream that gave frames ended; the next attempt follows at once."""

    detail: str


@dataclass(frozen=True, slots=True)
class WorkerLost:
    """The decoder's process crashed or had to be killed."""

    detail: str


@dataclass(frozen=True, slots=True)
class PictureJudged:
    """What the picture itself shows: one of `PICTURE_FAULTS` with what was measured, or None when it is good."""

    fault: CameraReason | None
    value: float | None = None
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class TimePassed:
    """Nothing happened; clocks went on."""


Observation = FramesFlow | OpenStarted | OpenFailed | StreamEnded | WorkerLost | PictureJudged | TimePassed


@dataclass(frozen=True, slots=True)
class Health:
    """State of one camera as last reported, and what has been seen since.

    `flowing_since_s`, `frame_s`, `looked_since_s`, `fault_since_s`: monotonic seconds. `looked_since_s` is when
    somebody first tried to get a frame after the last one was seen or after the start; None before the first attempt.
    `value` and `threshold` are those of `fault`.
    """

    state: CameraState
    reason: CameraReason | None
    since: datetime
    looked_since_s: float | None = None
    last_frame_at: datetime | None = None
    frame_s: float | None = None
    flowing_since_s: float | None = None
    heard: CameraReason | None = None
    heard_count: int = 0
    fault: CameraReason | None = None
    fault_since_s: float = 0.0
    value: float | None = None
    threshold: float | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """The camera is reported to be in `state` since `since`; it was in `previous`."""

    previous: CameraState
    state: CameraState
    reason: CameraReason | None
    since: datetime
    detail: str
    value: float | None = None
    threshold: float | None = None


def starting(now: datetime) -> Health:
    """Before the first attempt."""
    return Health(CameraState.UNKNOWN, CameraReason.STARTING, now)


def observe(health: Health, seen: Observation, now: datetime, mono_s: float) -> tuple[Health, Change | None]:
    """Health after an observation, and the report that is due because of it."""
    match seen:
        case FramesFlow():
            return _settle(_with_frames(health, seen), now, mono_s)
        case OpenStarted():
            since_s = mono_s if health.looked_since_s is None else health.looked_since_s
            return _settle(replace(health, looked_since_s=since_s), now, mono_s)
        case OpenFailed():
            return _failed(health, _plain_reason(health, seen.reason), seen.detail, now)
        case StreamEnded() | WorkerLost():
            return _settle(replace(health, flowing_since_s=None, detail=seen.detail), now, mono_s)
        case PictureJudged():
            return _settle(_judged(health, seen, mono_s), now, mono_s)
        case TimePassed():
            return _settle(health, now, mono_s)


def is_held(health: Health, mono_s: float) -> bool:
    """Whether frames have come for `RECOVERY_HELD_S` without a pause, up to now."""
    if health.flowing_since_s is None or health.frame_s is None:
        return False
    return mono_s - health.frame_s <= FRAME_PAUSE_S and health.frame_s - health.flowing_since_s >= RECOVERY_HELD_S


def _with_frames(health: Health, seen: FramesFlow) -> Health:
    paused = health.frame_s is None or seen.mono_s - health.frame_s > FRAME_PAUSE_S
    since_s = seen.mono_s if paused or health.flowing_since_s is None else health.flowing_since_s
    return replace(
        health,
        last_frame_at=seen.at,
        frame_s=seen.mono_s,
        looked_since_s=seen.mono_s,
        flowing_since_s=since_s,
        heard=None,
        heard_count=0,
    )


def measured(health: Health) -> tuple[float | None, float | None]:
    """Value and threshold of the fault that the camera is reported to have; None where it has none now."""
    told = health.state is CameraState.DEGRADED and health.fault is health.reason
    return (health.value, health.threshold) if told else (None, None)


def _judged(health: Health, seen: PictureJudged, mono_s: float) -> Health:
    since_s = health.fault_since_s if seen.fault == health.fault else mono_s
    return replace(health, fault=seen.fault, value=seen.value, threshold=seen.threshold, fault_since_s=since_s)


def _plain_reason(health: Health, reason: CameraReason) -> CameraReason:
    """A camera that gave frames and now says nothing has stalled, also when it is silent to a new connection."""
    gave_frames = health.state in {CameraState.ONLINE, CameraState.DEGRADED}
    stalled_before = health.state is CameraState.OFFLINE and health.reason is CameraReason.STALLED
    silent = reason is CameraReason.TIMEOUT and (gave_frames or stalled_before)
    return CameraReason.STALLED if silent else reason


def _failed(health: Health, reason: CameraReason, detail: str, now: datetime) -> tuple[Health, Change | None]:
    count = health.heard_count + 1 if reason == health.heard else 1
    heard = replace(health, heard=reason, heard_count=count, flowing_since_s=None, detail=detail, fault=None)
    if health.state is not CameraState.OFFLINE:
        vague = reason in VAGUE_REASONS and count < REASON_HEARD_MIN
        return (heard, None) if vague else _moved(heard, CameraState.OFFLINE, reason, now)
    if reason == health.reason or count < REASON_HEARD_MIN:
        return heard, None
    return _moved(heard, CameraState.OFFLINE, reason, now)


def _settle(health: Health, now: datetime, mono_s: float) -> tuple[Health, Change | None]:
    """What the mere passing of time decides."""
    if health.looked_since_s is not None and mono_s - health.looked_since_s >= FRAME_AGE_S:
        return _silent(health, now)
    if health.flowing_since_s is None:
        return health, None
    if health.state is CameraState.OFFLINE and not is_held(health, mono_s):
        return health, None
    return _seeing(health, now, mono_s)


def _silent(health: Health, now: datetime) -> tuple[Health, Change | None]:
    silent = replace(health, flowing_since_s=None, fault=None)
    if health.state is CameraState.OFFLINE:
        return silent, None
    reason = CameraReason.STALLED if health.last_frame_at else CameraReason.TIMEOUT
    return _moved(silent, CameraState.OFFLINE, reason, now)


def held_s(fault: CameraReason | None) -> float:
    """Seconds for which a fault, or that there is none, must hold before it is told."""
    return SLOW_FAULTS_HELD_S.get(fault, PICTURE_FAULT_HELD_S) if fault else RECOVERY_HELD_S


def _seeing(health: Health, now: datetime, mono_s: float) -> tuple[Health, Change | None]:
    """Frames flow: online, or degraded when the same fault has held, or has not yet been gone for long enough."""
    held = mono_s - health.fault_since_s >= held_s(health.fault)
    if health.fault and held:
        return _moved(health, CameraState.DEGRADED, health.fault, now)
    if health.state is CameraState.DEGRADED and not held:
        return health, None
    return _moved(health, CameraState.ONLINE, None, now)


def _moved(
    health: Health, state: CameraState, reason: CameraReason | None, now: datetime
) -> tuple[Health, Change | None]:
    if (state, reason) == (health.state, health.reason):
        return health, None
    since = now if state is not health.state else health.since
    detail = health.detail if state is CameraState.OFFLINE else ""
    moved = replace(health, state=state, reason=reason, since=since, detail=detail)
    return moved, Change(health.state, state, reason, since, detail, *measured(moved))
