"""What regions, departments and the persons of a post score over a period, by delivered tables and a city's own."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from central.core.kpis import (
    INDICATORS,
    PERSON,
    Counts,
    Figure,
    Measured,
    Note,
    Period,
    Ratio,
    Unrecorded,
    figure_of,
    groups_of,
    hears_public,
    judges,
)
from central.core.kpis.composites import Composite, CompositeTable, Part, Share, Steps, Subject, scored
from central.core.kpis.registry.values import sums_text
from central.services.figures.kpis import Kpis
from central.services.figures.planning.counting import counters_of
from central.stores.ports import Asked, Stores, Unit
from protocol.texts import Language, Told, Words

WHOLE = "post"
"""A post told apart by nothing."""
GROUPINGS: Mapping[Subject, tuple[str, ...]] = {
    Subject.REGION: ("grid", "community"),
    Subject.DEPARTMENT: ("unit",),
    Subject.POST: (PERSON, WHOLE),
}
"""By what the subjects of a table are told apart; the first where none is named."""
SCORES_MAX = 2_000
"""More than this are no table that anybody reads."""
OF_NOBODY = Words(
    zh="案件历史不记载此项由谁办理，只计全岗位",
    en="no line of a history names whom it judges; it is of the post as a whole",
)


NO_TABLE = Words(zh="没有评分表“{table}”；有：{known}", en="there is no table '{table}'; there are {known}")
NOT_BY = Words(zh="{table} 不能按“{by}”分组；可用：{known}", en="{table} is told apart by {known}; not by '{by}'")


class ScoresUnknown(Told, LookupError):
    """There is no such table, or it is not told apart in that way; the text says what there is."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One subject's score, and what its parts were computed from."""

    composite: Composite
    figures: Mapping[str, Figure]
    counts: Counts

    def numbers(self, part: Part, language: Language) -> str:
        """What stands behind a part: what was divided by what, or the count; "" where neither is known."""
        figure = self.figures.get(part.of.id)
        if figure is not None:
            return sums_text(INDICATORS[part.of.id].formula, figure.hits, figure.total, language)
        return f"{self.counts[part.of.id]:,}" if part.of.id in self.counts else ""


@dataclass(frozen=True, slots=True)
class ScoreList:
    """The scores of a table, best first, those without one last; `group_by`: what tells them apart, "" for a post.

    Cases that belong to nobody, such as those without a department, score nobody. `total`: how many there are. `whole`:
    beside the persons of a post, all that was and was not done by them, by rules and by boxes.
    """

    table: CompositeTable
    period: Period
    as_of: datetime
    group_by: str
    scores: tuple[Scored, ...]
    total: int
    whole: Scored | None
    notes: tuple[Note, ...]
    """`incomplete_facts`, where older cases are still being counted in."""


class Scores:
    """Composite scores (综合评价) over all facts."""

    def __init__(self, stores: Stores, tables: Mapping[str, CompositeTable], kpis: Kpis) -> None:
        self._stores = stores
        self._kpis = kpis
        self.tables = tables

    def score(
        self, table: str, period: Period, as_of: datetime, by: str | None = None, *, naming: bool = False
    ) -> ScoreList:
        """Everybody that a table is about and that had a case in the period. Raises `ScoresUnknown`.

        `naming`: where `by` does not say, a post is told apart by its persons; else it is scored as a whole.
        """
        chosen = self.tables.get(table)
        if chosen is None:
            raise ScoresUnknown(NO_TABLE, table=table[:40], known=", ".join(self.tables))
        groupings = GROUPINGS[chosen.subject]
        if by is not None and by not in groupings:
            raise ScoresUnknown(NOT_BY, table=table, known=", ".join(groupings), by=by[:40])
        group_by = by or next(one for one in groupings if naming or one != PERSON)
        asked = Asked(period, as_of, None if chosen.subject is Subject.POST else group_by)
        notes, measured = self._kpis.facts.notes(), self._measured(chosen, asked)
        with self._stores.reading() as unit:
            if chosen.subject is not Subject.POST:
                found, whole = _groups(unit, asked, chosen, measured), None
            else:
                everybody = _whole(unit, asked, chosen, measured.get("", {}))
                is_whole = group_by == WHOLE
                found, whole = ([everybody], None) if is_whole else (_persons(unit, asked, chosen), everybody)
        ranked = sorted(found, key=lambda one: (-_points(one), one.composite.group))
        told_by = "" if group_by == WHOLE else group_by
        return ScoreList(chosen, period, as_of, told_by, tuple(ranked[:SCORES_MAX]), len(ranked), whole, notes)

    def _measured(self, table: CompositeTable, asked: Asked) -> Mapping[str, Mapping[str, Figure]]:
        """By group and id the figures of a table that are not counted of cases, where they are told apart so."""
        found: defaultdict[str, dict[str, Figure]] = defaultdict(dict)
        for part in table.parts:
            one = INDICATORS.get(part.of.id)
            if one is None or not isinstance(one.formula, Measured):
                continue
            if asked.group_by is None or asked.group_by in groups_of(one):
                for figure in self._kpis.grouped(one.id, asked.period, asked.as_of, asked.group_by):
                    found[figure.group][one.id] = figure
        return found


_Figures = Mapping[str, Figure]


def _points(one: Scored) -> Fraction:
    return Fraction(-1) if one.composite.points is None else one.composite.points


def _groups(unit: Unit, asked: Asked, table: CompositeTable, measured: Mapping[str, _Figures]) -> Sequence[Scored]:
    found = unit.facts.counts(asked, _counters(table.parts))
    public = hears_public(found.values())
    return [
        _scored(table, dict.fromkeys(table.parts, counts), measured.get(group, {}), group, public=public)
        for group, counts in found.items()
        if group
    ]


def _whole(unit: Unit, asked: Asked, table: CompositeTable, measured: _Figures) -> Scored:
    counts = unit.facts.counts(asked, _counters(table.parts)).get("", {})
    return _scored(table, dict.fromkeys(table.parts, counts), measured, "", public=hears_public([counts]))


def _persons(unit: Unit, asked: Asked, table: CompositeTable) -> Sequence[Scored]:
    """Each part is counted by the person whom it judges; one statement for each field that names such."""
    fields = {part: judges(part.of.id) for part in table.parts}
    of_nobody = {part.of.id: Figure(part.of.id, None, OF_NOBODY) for part, field in fields.items() if not field}
    found: dict[str, Mapping[str, Counts]] = {}
    for field in sorted({*fields.values()} - {""}):
        counters = _counters([part for part, one in fields.items() if one == field])
        found[field] = unit.facts.counts(Asked(asked.period, asked.as_of, field), counters)
    public = any(hears_public(counts.values()) for counts in found.values())
    persons = sorted({person for counts in found.values() for person in counts} - {""})
    return [
        _scored(
            table,
            {part: found[field].get(person, {}) for part, field in fields.items() if field},
            of_nobody,
            person,
            public=public,
        )
        for person in persons
    ]


def _counters(parts: Sequence[Part]) -> set[str]:
    shares = [INDICATORS[part.of.indicator] for part in parts if isinstance(part.of, Share)]
    return {*counters_of(shares), *(part.of.counter for part in parts if isinstance(part.of, Steps))}


def _scored(
    table: CompositeTable, counts: Mapping[Part, Counts], given: _Figures, group: str, *, public: bool
) -> Scored:
    """By the counts of each part, and figures that are given; a part without either is lacking.

    `public`: whether the city hears the public.
    """
    figures = {part.of.id: replace(given[part.of.id], group=group) for part in table.parts if part.of.id in given}
    known: dict[str, int] = {}
    for part, mine in counts.items():
        match part.of:
            case Steps(counter):
                known[counter] = mine.get(counter, 0)
            case Share(indicator) if isinstance(INDICATORS[indicator].formula, Ratio | Unrecorded):
                figures[indicator] = figure_of(INDICATORS[indicator], mine, group, public=public)
            case _:
                continue
    return Scored(scored(table, figures, known, group), figures, known)
