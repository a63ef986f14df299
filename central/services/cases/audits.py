"""Looks whether histories are as they were written."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from central.core.case_machine.audit import AuditFault, Finding, Line, findings
from central.core.cases.casefile import case_number
from central.stores.ports import Stores, Unit

CASES_A_STEP = 200
FOUND_MAX = 1_000
STONES_A_STEP = 1_000
NUMBERS_A_DAY_MAX = 1_000_000
_DAY_CHARS = len("E20260301")
"""Of a number: the serial of its day follows."""


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
        """Every case, oldest first; then those of which only lines, or nothing but their number in the count of a day.

        Raises `StoreUnavailable`.
        """
        with self._stores.reading() as unit:
            numbers = _Numbers(unit.case_numbers.taken())
        position = 0
        while True:
            with self._stores.reading() as unit:
                audits = unit.history.audits(position, CASES_A_STEP)
            if not audits:
                break
            position = audits[-1].position
            for audit in audits:
                numbers.see(audit.number)
                yield AuditedCase(audit.number, tuple(findings(audit.lines, audit.head)))
        with self._stores.reading() as unit:
            orphans = unit.history.orphans(FOUND_MAX)
            for stone in _stones(unit):
                numbers.see(_number_under(stone))
        yield from (AuditedCase(case, (Finding(AuditFault.CASE_MISSING, 0),)) for case in orphans)
        yield from (AuditedCase(number, (Finding(AuditFault.CASE_REMOVED, 0),)) for number in numbers.unseen())

    def check_tombstones(self) -> tuple[Finding, ...]:
        """What is wrong with the chain of tombstones. Raises `StoreUnavailable`."""
        with self._stores.reading() as unit:
            return tuple(findings(_stones(unit), unit.retention.stones_head()))


class _Numbers:
    """Which of the numbers that were taken have been seen; a byte for each."""

    def __init__(self, taken: Mapping[date, int]) -> None:
        self._days = {day: bytearray(min(max(0, count), NUMBERS_A_DAY_MAX)) for day, count in taken.items()}
        self._named = {case_number(day, 0)[:_DAY_CHARS]: seen for day, seen in self._days.items()}

    def see(self, number: str) -> None:
        """Note a number; what is none is passed over."""
        seen, serial = self._named.get(number[:_DAY_CHARS]), number[_DAY_CHARS:]
        if seen is not None and serial.isdecimal() and 0 < int(serial) <= len(seen):
            seen[int(serial) - 1] = 1

    def unseen(self) -> Iterator[str]:
        """Those that are missing, oldest first, `FOUND_MAX` at most."""
        left = FOUND_MAX
        for day, seen in sorted(self._days.items()):
            at = seen.find(0)
            while at >= 0 and left:
                left -= 1
                yield case_number(day, at + 1)
                at = seen.find(0, at + 1)


def _stones(unit: Unit) -> Iterator[Line]:
    position = 0
    while True:
        found = unit.retention.stones(position, STONES_A_STEP)
        if not found:
            return
        position = found[-1][0]
        yield from (line for _, line in found)


def _number_under(stone: Line) -> str:
    """The number of the case under a tombstone; "" where it says none."""
    with suppress(ValueError):
        details = json.loads(str(stone.content.get("details", "")))
        return str(details.get("number", "")) if isinstance(details, dict) else ""
    return ""
