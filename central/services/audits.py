"""Looks whether histories are as they were written."""

from collections.abc import Iterator
from dataclasses import dataclass

from central.core.case_machine.audit import AuditFault, Finding, Line, findings
from central.stores.ports import Stores, Unit

CASES_A_STEP = 200
ORPHANS_MAX = 1_000
STONES_A_STEP = 1_000


@dataclass(frozen=True, slots=True)
class AuditedCase:
    """A case that was looked at; no findings: its chain holds and its row is what the last line says."""

    number: str
    findings: tuple[Finding, ...]


class Audits:
    """Reads everything; holds no lock, so central may go on meanwhile."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    def count(self) -> int:
        """How many cases there are to look at."""
        with self._stores.reading() as unit:
            return unit.history.count()

    def check(self) -> Iterator[AuditedCase]:
        """Every case, oldest first, then those of which only lines are left. Raises `StoreUnavailable`."""
        position = 0
        while True:
            with self._stores.reading() as unit:
                audits = unit.history.audits(position, CASES_A_STEP)
            if not audits:
                break
            position = audits[-1].position
            for audit in audits:
                yield AuditedCase(audit.number, tuple(findings(audit.lines, audit.head)))
        with self._stores.reading() as unit:
            orphans = unit.history.orphans(ORPHANS_MAX)
        yield from (AuditedCase(case, (Finding(AuditFault.CASE_MISSING, 0),)) for case in orphans)

    def check_tombstones(self) -> tuple[Finding, ...]:
        """What is wrong with the chain of tombstones. Raises `StoreUnavailable`."""
        with self._stores.reading() as unit:
            return tuple(findings(_stones(unit), unit.retention.stones_head()))


def _stones(unit: Unit) -> Iterator[Line]:
    position = 0
    while True:
        found = unit.retention.stones(position, STONES_A_STEP)
        if not found:
            return
        position = found[-1][0]
        yield from (line for _, line in found)
