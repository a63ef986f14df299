"""When something is wrong and somebody must know."""

from dataclasses import dataclass
from datetime import datetime

from central.core.notices import Notice
from central.core.values import AlertKind, AlertState
from protocol.messages import HEARTBEAT_S

BOX_SILENT_S = 3 * HEARTBEAT_S
"""A box that sent no heartbeat for so long is offline."""


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
    """When a box counts as silent; after a start of central every box has one full window of grace."""

    box_silent_s: float = BOX_SILENT_S
