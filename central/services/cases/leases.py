"""Who works on which case."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from central.core.access import Permission, may
from central.core.cases.casefile import Occurrence
from central.core.cases.leases import Lease, LeaseHeld, needs_renewal, taken
from central.core.values import Actor
from central.services.cases.casework import CaseUnknown
from central.services.desks.actions import ActionDesk, CaseRules
from central.stores.ports import Stores, Unit


class MayNotDecide(PermissionError):
    """Only who works on cases takes one."""


class Leases:
    """Leases of cases by person; a person at two pages has one lease."""

    def __init__(self, stores: Stores, rules: CaseRules) -> None:
        self._stores = stores
        self._rules = rules

    def of(self, cases: Sequence[str], now: datetime) -> Mapping[str, Lease]:
        """Those that run, by case."""
        with self._stores.reading() as unit:
            return {lease.case: lease for lease in unit.leases.get(cases) if lease.until > now}

    def take(self, case: str, actor: Actor, now: datetime, *, take_over: bool = False) -> Lease:
        """Take or renew a lease; taking over is a line of the case's history.

        Raises `LeaseHeld`, `CaseUnknown`, `MayNotDecide`.
        """
        if not may(actor.role, Permission.DECIDE):
            raise MayNotDecide("only who works on cases takes one")
        with self._stores.writing() as unit:
            desk = ActionDesk(unit, self._rules, actor, now)
            desk.lock([case])
            if desk.case(case) is None:
                raise CaseUnknown("there is no such case")
            before = _of(unit, case)
            lease = taken(before, case, actor.name, now, take_over=take_over)
            if lease.taken_from and (before is None or before.holder != lease.holder):
                desk.tell(case, Occurrence.TAKEN_OVER, {"from": lease.taken_from})
                desk.flush()
            unit.leases.put(lease)
            return lease

    def keep(self, case: str, actor: Actor, now: datetime) -> Lease | None:
        """For a page that shows a case: whose it is now, taken or renewed for `actor` where that is due and free.

        None where nobody has it and `actor` does not work on cases. Raises `CaseUnknown`.
        """
        held = self.of([case], now).get(case)
        if not may(actor.role, Permission.DECIDE) or not needs_renewal(held, actor.name, now):
            return held
        try:
            return self.take(case, actor, now)
        except LeaseHeld as taken_meanwhile:
            return taken_meanwhile.lease

    def release(self, case: str, actor: Actor) -> None:
        """Let go of a case; nothing happens where the lease is another's."""
        with self._stores.writing() as unit:
            unit.leases.remove(case, actor.name)


def _of(unit: Unit, case: str) -> Lease | None:
    return next(iter(unit.leases.get([case])), None)
