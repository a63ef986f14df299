"""What goes by the rules of retention, and what must not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from central.core.case_machine.audit import Head, Line
from central.core.retention import CaseAge, LegalHold, Rule, Tombstone
from central.core.values import Page
from central.stores.ports.records import PageRequest


@dataclass(frozen=True, slots=True)
class Window:
    """A bite of a table, oldest first: `found` of it are old enough; `next` goes on behind it, None at the end."""

    found: tuple[str, ...]
    next: int | None


@dataclass(frozen=True, slots=True)
class Buried:
    """How much went: cases, reports of boxes, and pictures that nothing refers to any more once they are looked at."""

    cases: int = 0
    reports: int = 0


class RetentionStore(Protocol):
    """Deletes whole things and leaves tombstones."""

    def ended(self, after: int, before: datetime, limit: int) -> Window:
        """Ids of ended cases unchanged since `before`, among the next `limit` cases behind position `after`."""
        ...

    def ages(self, cases: Sequence[str]) -> Mapping[str, CaseAge]:
        """By id, with everything that they belong to; locked until a writing unit ends, in the order of ids."""
        ...

    def bury_cases(self, cases: Sequence[str], rule: Rule, now: datetime) -> Buried:
        """Delete cases with everything that refers to them, and leave a tombstone each."""
        ...

    def loose_reports(self, after: int, before: datetime, limit: int) -> Window:
        """Ids of events of no case received before `before`, among the next `limit` events behind position `after`."""
        ...

    def bury_reports(self, events: Sequence[str], rule: Rule, now: datetime) -> Buried:
        """Delete events that belong to no case, and leave a tombstone for each stream."""
        ...

    def released(self, limit: int) -> Sequence[str]:
        """Pictures that something deleted referred to."""
        ...

    def still_needed(self, pictures: Sequence[str]) -> frozenset[str]:
        """Those that something refers to."""
        ...

    def forget_pictures(self, needed: Sequence[str], gone: Sequence[str]) -> None:
        """Look at them no more; of those that are `gone` nothing is known any more."""
        ...

    def tombstones(self, page: PageRequest) -> Page[Tombstone]:
        """Newest first."""
        ...

    def stone_of(self, case: str) -> Tombstone | None:
        """The tombstone of a case."""
        ...

    def stones_head(self) -> Head:
        """How many tombstones there are, and the last seal of their chain."""
        ...

    def stones(self, after: int, limit: int) -> Sequence[tuple[int, Line]]:
        """Tombstones behind position `after` as lines of their chain, oldest first, each with its position."""
        ...

    def case_named(self, name: str) -> str | None:
        """The id of the case with this id or number."""
        ...

    def hold(self, hold: LegalHold) -> None:
        """Append."""
        ...

    def lift(self, case: str, lifted_by: str, lifted_at: datetime) -> None:
        """End the hold of a case, if there is one."""
        ...

    def holds(self, cases: Sequence[str] | None = None) -> Sequence[LegalHold]:
        """Holds that are not over, oldest first: all, or of some cases."""
        ...
