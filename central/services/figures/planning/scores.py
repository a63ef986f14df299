"""What regions, departments and posts score over a period, by delivered tables and a city's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from central.core.kpis import INDICATORS, Counts, Figure, Note, Period, Ratio, Unrecorded, figure_of
from central.core.kpis.composites import Composite, CompositeTable, Share, Steps, Subject, scored
from central.services.figures.fact_keeping import FactKeeping
from central.services.figures.planning.counting import counters_of
from central.stores.ports import Asked, Stores
from protocol.texts import Told, Words

GROUPINGS: Mapping[Subject, tuple[str, ...]] = {
    Subject.REGION: ("grid", "community"),
    Subject.DEPARTMENT: ("unit",),
    Subject.POST: (),
}
"""By which field of a fact the subjects of a table are told apart; the first where none is named.

A post is scored as a whole: facts do not name the persons who did the steps.
"""
SCORES_MAX = 2_000
"""More than this are no table that anybody reads."""


NO_TABLE = Words(zh="没有评分表“{table}”；有：{known}", en="there is no table '{table}'; there are {known}")
NOT_BY = Words(zh="{table} 不能按“{by}”分组；可用：{known}", en="{table} is told apart by {known}; not by '{by}'")
AS_A_WHOLE = Words(zh="{table} 对整个岗位评分，不能按“{by}”分组", en="{table} scores a post as a whole; not by '{by}'")


class ScoresUnknown(Told, LookupError):
    """There is no such table, or it is not told apart in that way; the text says what there is."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One subject's score, and what its parts were computed from."""

    composite: Composite
    figures: Mapping[str, Figure]
    counts: Counts


@dataclass(frozen=True, slots=True)
class ScoreList:
    """The scores of a table, best first, those without one last; `group_by`: what tells them apart, "" for a post.

    Cases that belong to nobody, such as those without a department, score nobody. `total`: how many there are.
    """

    table: CompositeTable
    period: Period
    as_of: datetime
    group_by: str
    scores: tuple[Scored, ...]
    total: int
    notes: tuple[Note, ...]
    """`incomplete_facts`, where older cases are still being counted in."""


class Scores:
    """Composite scores (综合评价) over all facts."""

    def __init__(self, stores: Stores, tables: Mapping[str, CompositeTable], facts: FactKeeping) -> None:
        self._stores = stores
        self._facts = facts
        self.tables = tables

    def score(self, table: str, period: Period, as_of: datetime, by: str | None = None) -> ScoreList:
        """Everybody that a table is about and that had a case in the period. Raises `ScoresUnknown`."""
        chosen = self.tables.get(table)
        if chosen is None:
            raise ScoresUnknown(NO_TABLE, table=table[:40], known=", ".join(self.tables))
        groupings = GROUPINGS[chosen.subject]
        if by is not None and by not in groupings:
            words = NOT_BY if groupings else AS_A_WHOLE
            raise ScoresUnknown(words, table=table, known=", ".join(groupings), by=by[:40])
        group_by = by or next(iter(groupings), None)
        notes = self._facts.notes()
        with self._stores.reading() as unit:
            found = unit.facts.counts(Asked(period, as_of, group_by), _counters(chosen))
        if group_by is None:
            found = {"": found.get("", {})}
        scores = [_scored(chosen, counts, group) for group, counts in found.items() if group or group_by is None]
        ranked = sorted(scores, key=lambda one: (-(one.composite.points or -1), one.composite.group))
        return ScoreList(chosen, period, as_of, group_by or "", tuple(ranked[:SCORES_MAX]), len(ranked), notes)


def _counters(table: CompositeTable) -> set[str]:
    shares = [INDICATORS[part.of.indicator] for part in table.parts if isinstance(part.of, Share)]
    return {*counters_of(shares), *(part.of.counter for part in table.parts if isinstance(part.of, Steps))}


def _scored(table: CompositeTable, counts: Counts, group: str) -> Scored:
    figures = {
        part.of.indicator: figure_of(INDICATORS[part.of.indicator], counts, group)
        for part in table.parts
        if isinstance(part.of, Share) and isinstance(INDICATORS[part.of.indicator].formula, Ratio | Unrecorded)
    }
    known = {part.of.counter: counts.get(part.of.counter, 0) for part in table.parts if isinstance(part.of, Steps)}
    return Scored(scored(table, figures, known, group), figures, known)
