"""Composite scores (综合评价): everybody of a table, best first, with the parts that the points come from."""

from collections.abc import Sequence

from central.core.kpis import NOTE_WORDS, PERSON
from central.core.kpis.composites import BANDS, Band, CompositeTable, PartScore, Share, shown
from central.core.kpis.registry.values import weight_text
from central.services.figures.group_words import group_words
from central.services.figures.planning.scores import Scored, ScoreList
from central.web.figures.parts import Column, cell, link, row, table, text
from central.web.figures.view import View, shown_groups
from central.web.figures.wording import NOTHING, titled
from central.web.seat.pieces import block, words
from central.web.seat.visit import Visit
from central.web.wording import joined

FIRST, SHOWN_MAX = 20, 200
"""So many stand there at once, and behind a word."""


_NAMES = ("group", "points", "grade")
DRAWN = {band.colour.zh: place for place, band in enumerate(BANDS)}
"""Colours of grades that are drawn, by name; of another one the word stands alone beside its letter."""


class Ranking:
    """Draws what was read of a table, in the current place."""

    def __init__(self, visit: Visit, view: View) -> None:
        self._visit, self._view = visit, view

    def table(self, found: ScoreList) -> None:
        """Whose score, points, grade, and a column for each part."""
        visit, texts = self._visit, self._visit.texts
        made = found.table
        source = visit.say("figures.scored_by", source=made.source, grade=made.confidence)
        note = made.note.say(texts.language) if made.note is not None else ""
        words("gw-muted gw-small gw-part__word", joined(texts, *filter(None, (source, note))))
        for one in found.notes:
            words("gw-muted gw-part__word", NOTE_WORDS[one].say(texts.language))
        everybody = (*([found.whole] if found.whole is not None else []), *found.scores)
        if not everybody:
            words("gw-muted gw-part__word", visit.say("figures.nobody"))
            return
        names = [Column(visit.word("figures_score", name), is_number=name == "points") for name in _NAMES]
        parts = [Column(self._part_name(made, number), is_number=True) for number in range(len(made.parts))]
        called = titled(made.names.say(texts.language))
        caption = visit.say("figures.ranking", name=called)
        self._rows(everybody[:FIRST], found.group_by, names, parts, caption)
        rest = everybody[FIRST:SHOWN_MAX]
        if rest:
            with block("gw-twin", "details"):
                behind = found.total - len(found.scores) + len(everybody) - FIRST
                text("summary", "", visit.say("figures.rest", count=f"{behind:,}"))
                self._rows(rest, found.group_by, names, parts, caption)
                if found.total > SHOWN_MAX:
                    words("gw-muted gw-part__word", visit.say("figures.cut", count=SHOWN_MAX))

    def _rows(
        self, scores: Sequence[Scored], group_by: str, names: list[Column], parts: list[Column], caption: str
    ) -> None:
        with table("scores", [*names, *parts], caption):
            for one in scores:
                self._row(one, group_by, names, parts)

    def _part_name(self, made: CompositeTable, number: int) -> str:
        part = made.parts[number]
        return f"{titled(part.of.names.say(self._visit.texts.language))} {weight_text(part.weight)}"

    def _row(self, one: Scored, group_by: str, names: list[Column], parts: list[Column]) -> None:
        visit, made = self._visit, one.composite
        with row():
            is_whole = not group_by or (group_by == PERSON and not made.group)
            whom = visit.say("figures.whole_post") if is_whole else group_words(group_by, made.group, visit.texts)
            cell(names[0], whom, is_head=True)
            with cell(names[1]), block("gw-value"):
                words("gw-value__main", NOTHING if made.points is None else str(shown(made.points)))
                if made.reason is not None:
                    words("gw-value__note", made.reason.say(visit.texts.language))
                elif made.is_below_minimum:
                    words("gw-value__note", visit.say("figures.small"))
            with cell(names[2]):
                self._grade(made.band)
            for column, part in zip(parts, made.parts, strict=True):
                with cell(column):
                    self._part(part, one, group_by)

    def _grade(self, band: Band | None) -> None:
        if band is None:
            words("gw-muted", NOTHING)
            return
        words(drawn_as(band), f"{band.grade} {band.colour.say(self._visit.texts.language)}")

    def _part(self, part: PartScore, one: Scored, group_by: str) -> None:
        of = part.part.of
        points = NOTHING if part.points is None else str(shown(part.points))
        group = one.composite.group
        with block("gw-side"):
            if isinstance(of, Share) and (not group_by or group_by in shown_groups(of.indicator)):
                opened = self._view.of(of.indicator)
                way = opened.by(group_by, group) if group_by else opened
                link("gw-figure-link", points, way.address(self._visit.texts.language))
            else:
                words("", points)
            words("gw-muted gw-small", one.numbers(part.part, self._visit.texts.language))


def drawn_as(band: Band) -> str:
    """The classes of a grade: the patch of the colour that its word names, none where it is another colour."""
    place = DRAWN.get(band.colour.zh)
    return "" if place is None else f"gw-grade gw-grade--{place}"
