"""What figures may be asked to reach, from their own months."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from central.core.kpis import (
    INDICATORS,
    ZONE,
    CalendarUnit,
    Duration,
    Figure,
    Indicator,
    Note,
    Period,
    Proposal,
    Ratio,
    duration_of,
    figure_of,
    notes_of,
    period_of,
    proposal_of,
)
from central.core.kpis.proposals import MONTHS_MAX
from central.services.figures.fact_keeping import FactKeeping
from central.services.figures.planning.counting import counters_of
from central.stores.ports import Asked, Stores, Summed, Unit


@dataclass(frozen=True, slots=True)
class Proposals:
    """One for every rate and mean; `notes`: `incomplete_facts`, where older cases are still being counted in."""

    each: Sequence[Proposal]
    notes: tuple[Note, ...]


class Proposing:
    """Proposed targets (绩效目标建议) over all facts."""

    def __init__(
        self, stores: Stores, facts: FactKeeping, zone: tzinfo = ZONE, formal_since: datetime | None = None
    ) -> None:
        self._stores = stores
        self._facts = facts
        self._zone = zone
        self._formal_since = formal_since

    def propose(self, year: int, as_of: datetime) -> Proposals:
        """A proposal for every rate and mean, from the whole months before the year that are over at `as_of`."""
        wanted = [one for one in INDICATORS.values() if isinstance(one.formula, Ratio | Duration)]
        histories: dict[str, list[tuple[Period, Figure]]] = {one.id: [] for one in wanted}
        notes = self._facts.notes()
        with self._stores.reading() as unit:
            for month in _months_before(year, as_of, self._zone):
                trial = notes_of(month, self._formal_since, facts_complete=True)
                for name, figure in _figures(unit, Asked(month, as_of), wanted).items():
                    histories[name].append((month, replace(figure, notes=trial)))
        each = [proposal_of(name, year, _begun(history)) for name, history in histories.items()]
        return Proposals(each, notes)


def _months_before(year: int, as_of: datetime, zone: tzinfo) -> Sequence[Period]:
    """The last of them first, as many as a proposal looks at."""
    months: list[Period] = []
    day = date(year, 1, 1)
    while len(months) < MONTHS_MAX:
        month = period_of(CalendarUnit.MONTH, day - timedelta(days=1), zone)
        day = month.first_day
        if month.end <= as_of:
            months.append(month)
    return months


def _figures(unit: Unit, asked: Asked, wanted: Sequence[Indicator]) -> Mapping[str, Figure]:
    counts = unit.facts.counts(asked, counters_of(wanted)).get("", {})
    formulas = [one.formula for one in wanted if isinstance(one.formula, Duration)]
    sums = unit.fact_sums.durations(asked, formulas)
    told: dict[str, Figure] = {}
    for one in wanted:
        match one.formula:
            case Duration() as formula:
                told[one.id] = _mean(one, sums[formula])
            case _:
                told[one.id] = figure_of(one, counts)
    return told


def _mean(indicator: Indicator, summed: Summed) -> Figure:
    if not summed.cases:
        return duration_of(indicator, (), (), {})
    few = summed.cases < indicator.minimum_sample
    mean = summed.seconds / summed.cases
    return Figure(indicator.id, mean, hits=summed.cases, total=summed.cases, is_below_minimum=few)


def _begun(history: Sequence[tuple[Period, Figure]]) -> Sequence[tuple[Period, Figure]]:
    """Without the months before the first case: the platform was not there yet."""
    first = min((month.begin for month, figure in history if figure.total), default=None)
    return [] if first is None else [one for one in history if one[0].begin >= first]
