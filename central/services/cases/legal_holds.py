"""Cases that must be kept, whatever the rules of retention: set and lifted by persons, in the case's sealed history."""

from collections.abc import Sequence
from datetime import datetime

from central.core.cases.casefile import CaseStep, Occurrence, case_digest
from central.core.retention import REASON_LENGTH_MAX, LegalHold
from central.core.values import Actor
from central.stores.ports import Stores, Unit


class HoldRefused(ValueError):
    """No such case, or nothing to do; the text says why."""


class LegalHolds:
    """Each step is one transaction with its history line."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    def set(self, name: str, reason: str, actor: Actor, now: datetime) -> None:
        """Keep the case with this number or id. Raises `HoldRefused`."""
        if not reason.strip() or len(reason) > REASON_LENGTH_MAX:
            raise HoldRefused(f"a legal hold needs a reason of at most {REASON_LENGTH_MAX} characters")
        with self._stores.writing() as unit:
            case = _locked(unit, name)
            if unit.retention.holds([case]):
                raise HoldRefused(f"case {name} is under a legal hold already")
            unit.retention.hold(LegalHold(case, reason, actor.name, now))
            unit.history.append([_line(unit, case, Occurrence.HOLD_SET, reason, (actor, now))])

    def lift(self, name: str, reason: str, actor: Actor, now: datetime) -> None:
        """Let the rules decide again. Raises `HoldRefused`."""
        with self._stores.writing() as unit:
            case = _locked(unit, name)
            if not unit.retention.holds([case]):
                raise HoldRefused(f"case {name} is under no legal hold")
            unit.retention.lift(case, actor.name, now)
            unit.history.append([_line(unit, case, Occurrence.HOLD_LIFTED, reason, (actor, now))])

    def all(self) -> Sequence[tuple[str, LegalHold]]:
        """Holds that are not over with the numbers of their cases, oldest first."""
        with self._stores.reading() as unit:
            holds = unit.retention.holds()
            cases = unit.cases.get([hold.case for hold in holds])
        return [(cases[hold.case].number, hold) for hold in holds]


def _locked(unit: Unit, name: str) -> str:
    case = unit.retention.case_named(name)
    if case is None or case not in unit.cases.get([case]):
        raise HoldRefused(f"there is no case {name}")
    return case


def _line(unit: Unit, name: str, kind: Occurrence, reason: str, done: tuple[Actor, datetime]) -> CaseStep:
    case, (actor, now) = unit.cases.get([name])[name], done
    note = reason[:REASON_LENGTH_MAX]
    return CaseStep(name, now, kind, actor, case.status, case.status, note=note, state=case_digest(case))
