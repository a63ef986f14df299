"""What figures know of cases, counted and listed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from central.core.kpis import CaseFact, Cell, Cohort, Condition, Counts, Duration, Period
from central.core.values import Page
from central.stores.ports.records import PageRequest


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which period something is asked, as of when, and by which field of a fact it is told apart, if any.

    What happened after `as_of` is not counted. `known_at`: what people and devices told later is not looked at; `as_of`
    where it is None. A month that is looked at again is counted as of its cut-off, with all that is known by then.
    """

    period: Period
    as_of: datetime
    group_by: str | None = None
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """Which facts are listed: those of a cohort that meet a condition; `group`: only those with this value."""

    cohort: Cohort
    condition: Condition
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Summed:
    """Cases of a counter whose duration is known, and the seconds of all of them."""

    cases: int
    seconds: int


class FactSums(Protocol):
    """Sums over facts, made where they are kept."""

    def cells(self, asked: Asked, formula: Duration) -> Sequence[Cell]:
        """The cases of a duration by class and department; `asked.group_by` is not looked at."""
        ...

    def durations(self, asked: Asked, formulas: Collection[Duration]) -> Mapping[Duration, Summed]:
        """Each duration over all its cases; `asked.group_by` is not looked at."""
        ...


class FactStore(Protocol):
    """Facts of cases. Groups are the texts of the field that was asked for, "" where nothing was."""

    def get(self, cases: Sequence[str]) -> Mapping[str, CaseFact]:
        """By case id; those that are not there, or were made in an earlier form (`FACT_FORM`), are left out."""
        ...

    def save(self, facts: Sequence[CaseFact]) -> None:
        """Insert or overwrite."""
        ...

    def is_complete(self) -> bool:
        """Whether every case has its fact in today's form; looks at the oldest first, whose facts are made last."""
        ...

    def missing(self, before: int | None, limit: int) -> Sequence[tuple[int, str]]:
        """Position and id of cases without a fact of today's form, newest first, before a position."""
        ...

    def counts(
        self, asked: Asked, only: Collection[str] = (), groups: Collection[str] | None = None
    ) -> Mapping[str, Counts]:
        """Counters by group, all or `only` these, in one statement; groups without a case are left out.

        `groups`: of these groups alone, where cases are told apart.
        """
        ...

    def seconds(self, asked: Asked, wanted: Sequence[str], counter: str) -> Mapping[str, Mapping[str, Sequence[int]]]:
        """Durations of the cases of a counter, by group and field, where they are known."""
        ...

    def ages(self, asked: Asked) -> Mapping[str, Sequence[int]]:
        """Seconds since 立案 of the cases of the period that are open, by group."""
        ...

    def rows(self, asked: Asked, kept: Kept, page: PageRequest) -> Page[CaseFact]:
        """Facts by the moment of the cohort, oldest first. Raises `BadCursor`."""
        ...
