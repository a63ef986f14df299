"""Notices when boxes fall silent, and lists what is wrong."""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from central.core.alerting.alerts import AlertPolicy, AlertView
from central.core.fleet.devices import Box
from central.core.values import AlertState, BoxCondition, BoxOfflineReason, Page
from central.services.desks.devices import DeviceDesk
from central.services.desks.liveness import Liveness
from central.services.fleet import all_boxes
from central.stores.ports import PageRequest, Stores, Unit

SWEEP = "sweep"


class Alerting:
    """Shares its `Liveness` with `Reception`."""

    def __init__(self, stores: Stores, policy: AlertPolicy, liveness: Liveness) -> None:
        self._stores = stores
        self._policy = policy
        self._liveness = liveness

    def connected(self, connection: int, mono_s: float) -> None:
        """Note which connection to the broker this is."""
        self._liveness.connected(connection, mono_s)

    def sweep(self, now: datetime, mono_s: float) -> int:
        """Every 5 s: boxes silent too long become offline, their cameras unknown; returns how many alerts were raised.

        Raises `StoreUnavailable`; the next sweep does what this one could not.
        """
        with self._stores.reading() as unit:
            missed = self._missed(unit, all_boxes(unit), mono_s)
        if not missed:
            return 0
        with self._stores.writing() as unit:
            boxes = unit.boxes.get([box.id for box in missed])
            desk = DeviceDesk(unit, now, boxes)
            desk.load([], boxes)
            for box in self._missed(unit, boxes.values(), mono_s):
                _lose(desk, box, now)
            desk.flush()
            return desk.alerts_raised

    def alerts(self, page: PageRequest, state: AlertState | None = None) -> Page[AlertView]:
        """Newest first; raises `BadCursor`."""
        with self._stores.reading() as unit:
            found = unit.alerts.find(state, page)
            notices = unit.notices.of_alerts([alert.id for alert in found.items])
        return Page(
            tuple(AlertView(alert, tuple(one for one in notices if one.alert == alert.id)) for alert in found.items),
            found.next,
        )

    def _missed(self, unit: Unit, boxes: Iterable[Box], mono_s: float) -> list[Box]:
        """Those that are silent too long, and nobody was told."""
        silent = [box for box in boxes if self._liveness.silent_s(box.id, mono_s) >= self._patience_s(box.id)]
        told = {alert.subject for alert in unit.alerts.open_of([box.id for box in silent])}
        return [box for box in silent if _is_missed(box, is_told=box.id in told)]

    def _patience_s(self, box: str) -> float:
        return self._policy.box_silent_s if self._liveness.was_heard(box) else self._policy.return_s


def _is_missed(box: Box, *, is_told: bool) -> bool:
    """A box that stopped by itself is offline already, but not yet missed."""
    match box.state:
        case BoxCondition.WAITING:
            return False
        case BoxCondition.ONLINE:
            return True
        case BoxCondition.OFFLINE:
            return not is_told
        case _:
            assert_never(box.state)


def _lose(desk: DeviceDesk, box: Box, now: datetime) -> None:
    online = box.state is BoxCondition.ONLINE
    since = (box.heard_at or now) if online else box.since
    reason = BoxOfflineReason.SILENT if online else BoxOfflineReason.STOPPED
    desk.lose(box.id, reason, since, f"{SWEEP}:{now.isoformat()}")
