"""What people tell of devices: planned maintenance, who made them, what a probe outside saw."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from central.core.availability.maintenance import MaintenanceWindow, Scope, check_window
from central.core.availability.witnesses import WitnessRun
from central.core.values import Actor, Page, derived_id
from central.stores.ports import PageRequest, Stores, Unit
from protocol.texts import Told, Words

NO_WINDOW = Words(zh="没有这个检修窗口", en="there is no such maintenance window")


class WindowUnknown(Told, LookupError):
    """There is no such maintenance window."""


class Draft(NamedTuple):
    """A maintenance window that is to be announced."""

    scope: Scope
    subject: str
    start: datetime
    end: datetime
    reason: str


class DeviceNotes:
    """Windows, makers and probes; figures read them."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    def announce(self, draft: Draft, actor: Actor, now: datetime) -> MaintenanceWindow:
        """Note planned maintenance; the same again is the same window, a further one once it was cancelled.

        Raises `WindowRefused`.
        """
        window = _announced(draft, actor, now)
        with self._stores.writing() as unit:
            window = _not_cancelled(unit, window)
            unit.availability.add_windows([window])
            return unit.availability.window(window.id) or window

    def announce_all(self, drafts: Sequence[Draft], actor: Actor, now: datetime) -> int:
        """Note all or none, in one transaction; how many they are. Raises `WindowRefused`."""
        windows = [_announced(draft, actor, now) for draft in drafts]
        with self._stores.writing() as unit:
            unit.availability.add_windows([_not_cancelled(unit, one) for one in windows])
        return len(windows)

    def cancel(self, name: str, now: datetime) -> MaintenanceWindow:
        """Take a window back; it stays in the list. Raises `WindowUnknown`."""
        with self._stores.writing() as unit:
            unit.availability.cancel_window(name, now)
            found = unit.availability.window(name)
        if found is None:
            raise WindowUnknown(NO_WINDOW)
        return found

    def windows(self, page: PageRequest) -> Page[MaintenanceWindow]:
        """Newest announced first; raises `BadCursor`."""
        with self._stores.reading() as unit:
            return unit.availability.list_windows(page)

    def set_makers(self, makers: Mapping[str, tuple[str, str]]) -> None:
        """Note vendor and model of devices."""
        with self._stores.writing() as unit:
            unit.availability.set_makers(makers)

    def take_runs(self, runs: Sequence[WitnessRun], now: datetime) -> None:
        """Take what a probe wrote, recorded now; the same again changes nothing."""
        with self._stores.writing() as unit:
            unit.availability.add_runs(runs, now)


def _announced(draft: Draft, actor: Actor, now: datetime) -> MaintenanceWindow:
    check_window(*draft)
    start, end = draft.start.astimezone(UTC), draft.end.astimezone(UTC)
    name = derived_id("mw", draft.scope, draft.subject, start.isoformat(), end.isoformat(), draft.reason)
    return MaintenanceWindow(name, draft.scope, draft.subject, start, end, draft.reason, actor.name, now)


def _not_cancelled(unit: Unit, window: MaintenanceWindow) -> MaintenanceWindow:
    """The same window under an id that was not cancelled yet: what was cancelled stays so in what was known before."""
    first, times = window.id, 1
    while (found := unit.availability.window(window.id)) is not None and found.cancelled_at is not None:
        times += 1
        window = replace(window, id=derived_id("mw", first, str(times)))
    return window
