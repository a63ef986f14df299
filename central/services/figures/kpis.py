"""Figures: computed from facts, opened to their rows, set beside others."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from central.core.case_machine.stages import Clockwork
from central.core.kpis import (
    COUNTERS,
    INDICATORS,
    PHASE,
    Baseline,
    Beside,
    CaseFact,
    Comparison,
    Duration,
    Figure,
    Indicator,
    Measured,
    Note,
    Part,
    Period,
    Phase,
    Ratio,
    Spread,
    Target,
    Unrecorded,
    against_books,
    against_plan,
    compared,
    duration_of,
    figure_of,
    grouped_measured,
    groups_of,
    hears_public,
    holds,
    judges,
    measured_of,
    notes_of,
    notes_on,
    phase_of,
    phases_of,
    spread_of,
)
from central.core.kpis.publishing.snapshots import group_name
from central.core.kpis.registry.nearest import no_figure
from central.core.values import Page
from central.services.figures.availability import Availability
from central.services.figures.fact_keeping import FactKeeping
from central.services.figures.group_registry import called
from central.services.figures.measuring import Grounds, read, read_page
from central.stores.ports import Asked, Kept, PageRequest, Stores, Unit
from protocol.texts import Told, Words

GROUPS_MAX = 2_000
"""More groups than this are no table that anybody reads."""


NO_CASES = Words(zh="{name} 不由案件计算；它的明细是各部分", en="{name} is not counted from cases; its rows are parts")
NOT_RECORDED = Words(zh="{name} 没有明细：缺少{needs}", en="{name} has no rows: it needs {needs}")
NO_PHASE = Words(
    zh="这一时段没有“{phase}”阶段的部分；有：{known}",
    en="the period has no part in the phase '{phase}'; it has {known}",
)
NOT_MEASURED = Words(zh="{name} 由案件计算；它的明细是案件", en="{name} is not measured; its rows are cases")
NOT_APART = Words(zh="{name} 不能分组；请去掉 group_by", en="{name} is not told apart; leave group_by out")
NO_GROUPING = Words(
    zh="{name} 不能按“{by}”分组；可用：{known}", en="{name} is not told apart by '{by}'; there are {known}"
)


class KpiUnknown(Told, LookupError):
    """There is no such figure, group or part; the text says which there are."""


@dataclass(frozen=True, slots=True)
class KpiRow:
    """A case behind a figure; `hit`: it is in the numerator too; `phase`: of the moment by which it is counted."""

    fact: CaseFact
    hit: bool
    phase: Phase


@dataclass(frozen=True, slots=True)
class Outlook:
    """A figure with what stands beside it."""

    figure: Figure
    beside: tuple[Comparison, ...]
    target: Target | None = None
    """The one that holds on the period's first day: for the whole city, or for the group of the figure alone."""
    called: str = ""
    """The name of the figure's group in the city's registers; "" where they have none."""

    @property
    def plan(self) -> float | None:
        """The value of the target that the figure is held against."""
        return next((one.other for one in self.beside if one.beside is Beside.PLAN), None)


class Kpis:
    """Figures over all facts. `before`: the time before the project, if the city has told of one."""

    def __init__(
        self,
        stores: Stores,
        clockwork: Clockwork,
        before: Baseline | None = None,
        availability: Availability | None = None,
    ) -> None:
        self._stores = stores
        self._availability = availability or Availability(stores)
        self._before = before or Baseline()
        self._formal_since = self._availability.formal_since
        self.facts = FactKeeping(stores, clockwork)

    def all(self, period: Period, as_of: datetime, known_at: datetime | None = None) -> Sequence[Figure]:
        """Every figure of a period; `known_at` as of `Asked`."""
        asked, notes = Asked(period, as_of, known_at=known_at), self._notes(period)
        with self._stores.reading() as unit:
            found = self._figures(unit, asked, list(INDICATORS.values())).get("", [])
        return _noted(notes, found)

    def by_group(self, period: Period, as_of: datetime, group_by: str) -> Mapping[str, Sequence[Figure]]:
        """Every figure that is counted of cases, by the values of a field of facts; groups without cases lack."""
        told_apart = [one for one in INDICATORS.values() if isinstance(one.formula, Ratio | Duration)]
        with self._stores.reading() as unit:
            return self._figures(unit, Asked(period, as_of, group_by), told_apart)

    def figure(self, name: str, period: Period, as_of: datetime) -> Figure:
        """One figure. Raises `KpiUnknown`."""
        return self.grouped(name, period, as_of, None)[0]

    def grouped(self, name: str, period: Period, as_of: datetime, group_by: str | None) -> Sequence[Figure]:
        """One figure, told apart by a field or by phase; the only one with the group "" where none is named.

        Raises `KpiUnknown`.
        """
        indicator = _indicator(name)
        _check_group(indicator, group_by)
        if group_by == PHASE:
            parts = phases_of(period, self._formal_since)
            return self._phases(indicator, parts, as_of)
        notes = self._notes(period)
        with self._stores.reading() as unit:
            found = self._figures(unit, Asked(period, as_of, group_by), [indicator])
        return _noted(notes, [figures[0] for _, figures in sorted(found.items())[:GROUPS_MAX]])

    def _phases(self, indicator: Indicator, parts: Mapping[Phase, Period], as_of: datetime) -> Sequence[Figure]:
        """One figure of each phase; a public channel of either is one of the whole period."""
        asked = {phase: Asked(part, as_of) for phase, part in parts.items()}
        notes = {phase: self._notes(part) for phase, part in parts.items()}
        with self._stores.reading() as unit:
            counts = [unit.facts.counts(one, _needed(indicator)).get("", {}) for one in asked.values()]
            public = hears_public(counts) if indicator.needs_public else None
            found = {phase: self._figures(unit, one, [indicator], public=public)[""][0] for phase, one in asked.items()}
        return [_noted(notes[phase], [replace(figure, group=phase)])[0] for phase, figure in found.items()]

    def groups(self, name: str, period: Period, as_of: datetime, group_by: str) -> Sequence[Outlook]:
        """One figure told apart, each group beside its own plan where it has one. Raises `KpiUnknown`."""
        figures = self.grouped(name, period, as_of, group_by)
        day = period.first_day
        with self._stores.reading() as unit:
            targets = unit.targets.all(name)
            names = called(unit, group_by, {one.group for one in figures if one.group})
        plans = (targets.on(name, day, group_name(group_by, one.group)) for one in figures)
        return [_with_plan(one, plan, names.get(one.group, "")) for one, plan in zip(figures, plans, strict=True)]

    def _notes(self, period: Period) -> tuple[Note, ...]:
        """What stands beside figures of cases; asked before they are counted, for facts are made meanwhile."""
        return notes_of(period, self._formal_since, facts_complete=self.facts.is_complete())

    def outlook(self, name: str, period: Period, as_of: datetime) -> Outlook:
        """One figure beside the last period, last year, the plan and the time before the project. `KpiUnknown`."""
        return self._beside(period, lambda other: [self.figure(name, other, as_of)])[0]

    def outlooks(self, period: Period, as_of: datetime) -> Sequence[Outlook]:
        """Every figure of a period beside the same; each of the periods is read once."""
        return self._beside(period, lambda other: self.all(other, as_of))

    def _beside(self, period: Period, figures_of: Callable[[Period], Sequence[Figure]]) -> Sequence[Outlook]:
        last, last_year = period.beside
        others = {Beside.LAST_PERIOD: last, Beside.LAST_YEAR: last_year, Beside.BASELINE: self._before.period}
        values = {
            beside: {} if other is None else {one.indicator: one.value for one in figures_of(other)}
            for beside, other in others.items()
        }
        day, told = period.first_day, []
        with self._stores.reading() as unit:
            targets = unit.targets.all()
        for figure in figures_of(period):
            name = figure.indicator
            beside = {one: compared(figure, one, found.get(name)) for one, found in values.items()}
            books, target = self._before.of(name), targets.on(name, day)
            if books is not None:
                beside[Beside.BASELINE] = against_books(figure, books)
            told.append(Outlook(figure, (*beside.values(), against_plan(figure, target)), target))
        return told

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
            case Measured():
                raise KpiUnknown(NO_CASES, name=name)
            case Unrecorded(needs):
                raise KpiUnknown(NOT_RECORDED, name=name, needs=needs)
        _check_group(indicator, asked.group_by)
        if asked.group_by == PHASE:
            return self.rows(name, Asked(self._part(asked.period, group), asked.as_of), None, page)
        with self._stores.reading() as unit:
            found = unit.facts.rows(asked, Kept(counter.cohort, counter.condition, group), page)
        marked = (
            KpiRow(fact, holds(hit, fact, asked.as_of), phase_of(getattr(fact, counter.cohort), self._formal_since))
            for fact in found.items
        )
        return Page(tuple(marked), found.next)

    def _part(self, period: Period, phase: str | None) -> Period:
        if phase is None:
            return period
        parts = phases_of(period, self._formal_since)
        if phase not in parts:
            raise KpiUnknown(NO_PHASE, phase=phase, known=", ".join(parts))
        return parts[Phase(phase)]

    def is_measured(self, name: str) -> bool:
        """Whether its rows are `parts` and no cases. Raises `KpiUnknown`."""
        return isinstance(_indicator(name).formula, Measured)

    def parts(self, name: str, asked: Asked, group: str | None, page: PageRequest) -> Page[Part]:
        """The rows behind a measured figure. Raises `KpiUnknown`, `BadCursor`."""
        indicator = _indicator(name)
        if not isinstance(indicator.formula, Measured):
            raise KpiUnknown(NOT_MEASURED, name=name)
        _check_group(indicator, asked.group_by)
        with self._stores.reading() as unit:
            return read_page(indicator.formula.by, Grounds(unit, asked, self._availability), group, page)

    def _figures(
        self, unit: Unit, asked: Asked, indicators: Sequence[Indicator], *, public: bool | None = None
    ) -> Mapping[str, list[Figure]]:
        """Figures by group, in the order of `indicators`; where nothing is told apart there is always the group "".

        `public`: whether the city hears the public; None where all that is asked for says so.
        """
        counted = _counted(
            unit, asked, [one for one in indicators if not isinstance(one.formula, Measured)], public=public
        )
        grounds = Grounds(unit, asked, self._availability)
        told: dict[str, list[Figure]] = {group: [] for group in ([""] if asked.group_by is None else counted)}
        for one in indicators:
            if isinstance(one.formula, Measured):
                reading = read(one.formula.by, grounds)
                figures = grouped_measured(one, reading) if asked.group_by else {"": measured_of(one, reading)}
            else:
                figures = {group: found[one.id] for group, found in counted.items()}
            for group, figure in figures.items():
                told.setdefault(group, []).append(figure)
        return told


def _noted(notes: tuple[Note, ...], figures: Sequence[Figure]) -> Sequence[Figure]:
    """Each with those of the notes that hold of what it counts."""
    return [replace(one, notes=notes_on(INDICATORS[one.indicator], notes)) for one in figures] if notes else figures


def _check_group(indicator: Indicator, group_by: str | None) -> None:
    groups = told_apart_by(indicator)
    if group_by is not None and not groups:
        raise KpiUnknown(NOT_APART, name=indicator.id)
    if group_by is not None and group_by not in groups:
        raise KpiUnknown(NO_GROUPING, name=indicator.id, by=group_by, known=", ".join(groups))


def told_apart_by(indicator: Indicator) -> tuple[str, ...]:
    """What `group_by` may be: groups that everybody sees, and the person whom the figure judges."""
    judged = judges(indicator.id)
    return (*groups_of(indicator), judged) if judged else groups_of(indicator)


def _counted(
    unit: Unit, asked: Asked, indicators: Sequence[Indicator], *, public: bool | None
) -> Mapping[str, Mapping[str, Figure]]:
    """Figures of cases by group and id; where nothing is told apart there is always the group ""."""
    needed = {name for one in indicators for name in _needed(one)}
    counts = unit.facts.counts(asked, needed) if needed else {}
    heard = hears_public(counts.values()) if public is None else public
    times = [one.formula for one in indicators if isinstance(one.formula, Duration)]
    seconds = {
        counter: unit.facts.seconds(asked, [one.field for one in times if one.counter == counter], counter)
        for counter in {one.counter for one in times}
    }
    ages = unit.facts.ages(asked) if times else {}
    told: dict[str, dict[str, Figure]] = {}
    for group in counts if asked.group_by is not None else [""]:
        for one in indicators:
            match one.formula:
                case Duration(field, counter):
                    known = seconds[counter].get(group, {}).get(field, ())
                    figure = duration_of(one, known, ages.get(group, ()), counts.get(group, {}), group)
                case Spread(of, by):
                    figure = _spread(unit, Asked(asked.period, asked.as_of, by), one, INDICATORS[of])
                case _:
                    figure = figure_of(one, counts.get(group, {}), group, public=heard)
            told.setdefault(group, {})[one.id] = figure
    return told


def _spread(unit: Unit, asked: Asked, spread: Indicator, of: Indicator) -> Figure:
    grouped = unit.facts.counts(asked, _needed(of))
    public = hears_public(grouped.values())
    return spread_of(spread, [figure_of(of, counts, group, public=public) for group, counts in grouped.items()])


def _with_plan(figure: Figure, target: Target | None, name: str) -> Outlook:
    return Outlook(figure, () if target is None else (against_plan(figure, target),), target, name)


def _needed(indicator: Indicator) -> Collection[str]:
    """The counters that a figure is made of."""
    public = ("reported_public", "registered_public") if indicator.needs_public else ()
    match indicator.formula:
        case Ratio(numerator, denominator, excluded):
            return (numerator, denominator, *excluded, *public)
        case Duration(_, counter, excluded):
            return (counter, *excluded)
        case _:
            return ()


def _indicator(name: str) -> Indicator:
    found = INDICATORS.get(name)
    if found is None:
        raise KpiUnknown(no_figure(name))
    return found
