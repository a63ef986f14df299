"""Figures: computed from facts, opened to their rows, set beside others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from central.core.case_machine.stages import Clockwork
from central.core.kpis import (
    COUNTERS,
    GROUPS,
    INDICATORS,
    Beside,
    CaseFact,
    Comparison,
    Counts,
    Duration,
    Figure,
    Indicator,
    Period,
    Ratio,
    Spread,
    Targets,
    Unrecorded,
    against_plan,
    compared,
    duration_of,
    figure_of,
    holds,
    spread_of,
)
from central.core.kpis.conditions import Condition
from central.core.values import Page
from central.services.desks.facts import replay_facts
from central.stores.ports import Asked, Kept, PageRequest, Stores, Unit

CASES_A_STEP = 500
GROUPS_MAX = 2_000
"""More groups than this are no table that anybody reads."""


class KpiUnknown(LookupError):
    """There is no such figure, group or part; the text says which there are."""


@dataclass(frozen=True, slots=True)
class KpiRow:
    """A case behind a figure; `hit`: it is in the numerator too."""

    fact: CaseFact
    hit: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """A figure with what stands beside it."""

    figure: Figure
    beside: tuple[Comparison, ...]


class Kpis:
    """Figures over all facts. `before`: the time before the project, if the city has given one."""

    def __init__(
        self, stores: Stores, clockwork: Clockwork, targets: Targets | None = None, before: Period | None = None
    ) -> None:
        self._stores = stores
        self._clockwork = clockwork
        self._targets = targets or Targets()
        self._before = before

    def catch_up(self, progress: Callable[[int], None] = lambda _: None) -> int:
        """Give facts to the cases of earlier releases, in steps of their own; returns how many. `StoreUnavailable`."""
        done, before = 0, None
        with self._stores.reading() as unit:
            if unit.facts.is_complete():
                return 0
        while True:
            with self._stores.writing() as unit:
                found = unit.facts.missing(before, CASES_A_STEP)
                replay_facts(unit, [case for _, case in found], self._clockwork)
            if not found:
                return done
            done, before = done + len(found), found[-1][0]
            progress(done)

    def all(self, period: Period, as_of: datetime) -> Sequence[Figure]:
        """Every figure of a period."""
        with self._stores.reading() as unit:
            asked = Asked(period, as_of)
            counts = unit.facts.counts(asked).get("", {})
            ages = unit.facts.ages(asked).get("", ())
            return [self._one(unit, asked, one, counts, ages) for one in INDICATORS.values()]

    def figure(self, name: str, period: Period, as_of: datetime) -> Figure:
        """One figure. Raises `KpiUnknown`."""
        return self.grouped(name, period, as_of, None)[0]

    def grouped(self, name: str, period: Period, as_of: datetime, group_by: str | None) -> Sequence[Figure]:
        """One figure, told apart by a field; the only one with the group "" where none is named. `KpiUnknown`."""
        indicator = _indicator(name)
        if group_by is not None and group_by not in GROUPS:
            raise KpiUnknown(f"figures are not told apart by {group_by!r}; there are {', '.join(GROUPS)}")
        if group_by is not None and isinstance(indicator.formula, Spread | Unrecorded):
            raise KpiUnknown(f"{name} is not told apart; leave group_by out")
        with self._stores.reading() as unit:
            asked = Asked(period, as_of, group_by)
            counts = unit.facts.counts(asked) if not isinstance(indicator.formula, Unrecorded) else {}
            if group_by is None:
                ages = unit.facts.ages(asked).get("", ()) if isinstance(indicator.formula, Duration) else ()
                return [self._one(unit, asked, indicator, counts.get("", {}), ages)]
            groups = sorted(counts)[:GROUPS_MAX]
            return self._of_groups(unit, asked, indicator, {group: counts[group] for group in groups})

    def outlook(self, name: str, period: Period, as_of: datetime) -> Outlook:
        """One figure beside the last period, last year, the plan and the time before the project. `KpiUnknown`."""
        figure = self.figure(name, period, as_of)
        others = {Beside.LAST_PERIOD: period.last, Beside.LAST_YEAR: period.last_year, Beside.BASELINE: self._before}
        told = [
            compared(figure, beside, None if other is None else self.figure(name, other, as_of).value)
            for beside, other in others.items()
        ]
        target = self._targets.on(name, period.begin.astimezone(period.zone).date())
        return Outlook(figure, (*told, against_plan(figure, target)))

    def rows(self, name: str, asked: Asked, group: str | None, page: PageRequest) -> Page[KpiRow]:
        """The cases behind a figure, those of its denominator. Raises `KpiUnknown`, `BadCursor`."""
        indicator = _indicator(name)
        match indicator.formula:
            case Ratio(numerator, denominator):
                counter, hit = COUNTERS[denominator], COUNTERS[numerator].condition
            case Duration(_, counted):
                counter, hit = COUNTERS[counted], COUNTERS[counted].condition
            case Spread(of):
                return self.rows(of, asked, group, page)
            case Unrecorded(needs):
                raise KpiUnknown(f"{name} has no rows: it needs {needs.en}")
        if asked.group_by is not None and asked.group_by not in GROUPS:
            raise KpiUnknown(f"rows are not told apart by {asked.group_by!r}; there are {', '.join(GROUPS)}")
        with self._stores.reading() as unit:
            found = unit.facts.rows(asked, Kept(counter.cohort, counter.condition, group), page)
        return _marked(found, hit, asked.as_of)

    def _one(self, unit: Unit, asked: Asked, indicator: Indicator, counts: Counts, ages: Sequence[int]) -> Figure:
        match indicator.formula:
            case Duration(field, counter):
                seconds = unit.facts.seconds(asked, field, counter).get("", ())
                return duration_of(indicator, seconds, ages, counts)
            case Spread(of, by):
                grouped = unit.facts.counts(Asked(asked.period, asked.as_of, by))
                figures = [figure_of(INDICATORS[of], told, group) for group, told in grouped.items()]
                return spread_of(indicator, figures)
            case _:
                return figure_of(indicator, counts)

    def _of_groups(
        self, unit: Unit, asked: Asked, indicator: Indicator, counts: Mapping[str, Counts]
    ) -> Sequence[Figure]:
        if not isinstance(indicator.formula, Duration):
            return [figure_of(indicator, told, group) for group, told in counts.items()]
        seconds = unit.facts.seconds(asked, indicator.formula.field, indicator.formula.counter)
        ages = unit.facts.ages(asked)
        return [
            duration_of(indicator, seconds.get(group, ()), ages.get(group, ()), told, group)
            for group, told in counts.items()
        ]


def _indicator(name: str) -> Indicator:
    found = INDICATORS.get(name)
    if found is None:
        raise KpiUnknown(f"there is no figure {name!r}; there are {', '.join(INDICATORS)}")
    return found


def _marked(found: Page[CaseFact], hit: Condition, as_of: datetime) -> Page[KpiRow]:
    return Page(tuple(KpiRow(fact, holds(hit, fact, as_of)) for fact in found.items), found.next)
