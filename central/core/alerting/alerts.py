"""When something is wrong and somebody must know."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from central.core.alerting.notices import Notice
from central.core.values import AlertKind, AlertState, BoxCondition
from protocol.messages import HEARTBEAT_S, CameraState

BOX_SILENT_S = 3 * HEARTBEAT_S
"""A box that sent no heartbeat for so long is offline."""
RETURN_S = 75.0
"""A box that lost its broker tries again within a minute, and then needs a moment."""


@dataclass(frozen=True, slots=True)
class Alert:
    """Something is wrong with a camera or a box. `subject` is the camera key or the box id."""

    id: str
    kind: AlertKind
    subject: str
    box: str
    camera: str | None
    reason: str
    since: datetime
    raised_at: datetime
    state: AlertState = AlertState.OPEN
    cleared_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert with what was told about it."""

    alert: Alert
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class AlertPolicy:
    """When a box counts as silent; `return_s`: for one not heard since central listens, from then on."""

    box_silent_s: float = BOX_SILENT_S
    return_s: float = RETURN_S


class KeepReason(StrEnum):
    """Why nothing changes."""

    ALREADY_OPEN = "already_open"
    NOTHING_OPEN = "nothing_open"
    STATE_UNKNOWN = "state_unknown"


@dataclass(frozen=True, slots=True)
class RaiseAlert:
    """Somebody must know."""


@dataclass(frozen=True, slots=True)
class ClearAlert:
    """It is over: close this alert."""

    alert: Alert


@dataclass(frozen=True, slots=True)
class Keep:
    """Leave alerts as they are."""

    reason: KeepReason


AlertDecision = RaiseAlert | ClearAlert | Keep


def camera_alert(state: CameraState, opened: Alert | None) -> AlertDecision:
    """What a camera's new state does to its alert. Unknown decides nothing: its box is the one to ask."""
    match state:
        case CameraState.OFFLINE:
            return _wrong(opened)
        case CameraState.ONLINE | CameraState.DEGRADED:
            return _right(opened)
        case CameraState.UNKNOWN:
            return Keep(KeepReason.STATE_UNKNOWN)
        case _:
            assert_never(state)


def box_alert(state: BoxCondition, opened: Alert | None) -> AlertDecision:
    """What a box's new condition does to its alert."""
    match state:
        case BoxCondition.OFFLINE:
            return _wrong(opened)
        case BoxCondition.ONLINE:
            return _right(opened)
        case BoxCondition.WAITING:
            return Keep(KeepReason.STATE_UNKNOWN)
        case _:
            assert_never(state)


def _wrong(opened: Alert | None) -> AlertDecision:
    return RaiseAlert() if opened is None else Keep(KeepReason.ALREADY_OPEN)


def _right(opened: Alert | None) -> AlertDecision:
    return Keep(KeepReason.NOTHING_OPEN) if opened is None else ClearAlert(opened)
