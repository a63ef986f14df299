"""Published months (月报): every revision that was made, and one opened as it was sealed."""

from collections.abc import Callable, Sequence
from datetime import datetime

from central.core.kpis import INDICATORS, Published, Snapshot
from central.core.kpis.publishing.published import remarks
from central.core.kpis.publishing.snapshots import group_words, name_of, value_words
from central.core.kpis.publishing.terms import PublishingTerms
from central.core.kpis.registry.subjects import SUBJECT_WORDS
from central.core.values import Page
from central.stores.ports import MonthHead
from central.web.figures.parts import Column, cell, link, pager, row, table, text
from central.web.figures.reading import ROWS_A_PAGE, Revision
from central.web.figures.subjects import by_subject
from central.web.figures.view import Show, View
from central.web.figures.wording import NOTHING, titled, unpublished_words
from central.web.seat.pieces import attribute, block, heading, words
from central.web.seat.visit import Visit

GROUPS_SHOWN_MAX = 500
LINES_SHOWN_MAX = 200
SEAL_SIGNS = 16
_MARKS = ("box", "upto", "until", "gap")
_HEADS = ("month", "revision", "state", "as_of", "made_at", "made_by", "seal")


class Months:
    """Draws what was read of published months, in the current place."""

    def __init__(self, visit: Visit, view: View) -> None:
        self._visit, self._view = visit, view

    def listed(self, found: Page[MonthHead], at: int, turn: Callable[[int], object], terms: PublishingTerms) -> None:
        """A page of revisions; `at` is its number from 0, `turn` shows the one before (-1) or behind (1).

        `terms`: when months are published.
        """
        visit = self._visit
        if not found.items:
            words("gw-muted gw-part__word", unpublished_words(terms, visit.texts))
            return
        columns = [Column(visit.word("figures_month", name)) for name in _HEADS]
        with table("published", columns, visit.say("figures.part_published")):
            for one in found.items:
                self._head(one, columns)
        first = at * ROWS_A_PAGE + 1
        place = visit.say("figures.revisions_shown", first=first, last=first + len(found.items) - 1)
        pager(visit, place, at, turn, has_more=found.next is not None)

    def revision(self, found: Revision) -> None:
        """What one says: of whom and when, what is open, what differs, all its figures."""
        visit, one = self._visit, found.link.snapshot
        title = visit.say("figures.revision", number=found.link.number)
        words(
            "gw-month__title", f"{found.link.month} {title}{visit.say('page.separator')}{self._state(one.is_complete)}"
        )
        if not found.link.is_intact:
            words("gw-refused", visit.say("figures.spoilt")).props("role=alert")
        made = {"as_of": self._moment(one.as_of), "made_at": self._moment(one.made_at), "by": one.made_by}
        words("gw-muted gw-part__word", visit.say("figures.counted", **made))
        words("gw-muted gw-small gw-seal", visit.say("figures.seal", seal=one.seal))
        still_open = tuple(one.open_words(visit.texts.language))
        self._lines(visit.say("figures.open_boxes"), still_open)
        self._marks(one)
        if found.link.number == 1:
            words("gw-muted gw-part__word", visit.say("figures.first_revision"))
        self._lines(visit.say("figures.changed"), [line for line in found.change[1:] if line not in still_open])
        self._city([figure for figure in one.figures if not figure.group])
        groups = [figure for figure in one.figures if figure.group]
        if groups:
            with block("gw-twin", "details"):
                text("summary", "", visit.say("figures.group_figures", count=f"{len(groups):,}"))
                self._figures(groups[:GROUPS_SHOWN_MAX], "sealed", visit.say("figures.groups"))
                if len(groups) > GROUPS_SHOWN_MAX:
                    words("gw-muted gw-part__word", visit.say("figures.cut", count=GROUPS_SHOWN_MAX))

    def _head(self, one: MonthHead, columns: Sequence[Column]) -> None:
        visit, view, language = self._visit, self._view, self._visit.texts.language
        said = (
            one.month, str(one.revision), self._state(one.is_complete), self._moment(one.as_of),
            self._moment(one.made_at), one.made_by, one.seal[:SEAL_SIGNS],
        )  # fmt: skip
        with row():
            with cell(columns[0], is_head=True):
                address = view.showing(Show.MONTHS, one.month, one.revision).address(language)
                way = link("gw-figure-link", one.month, address)
                attribute(way, "aria-label", f"{one.month} {visit.say('figures.revision', number=one.revision)}")
                is_opened = (view.month, view.revision) == (one.month, one.revision)
                attribute(way, "aria-current", "true" if is_opened else None)
            for column, value in zip(columns[1:], said[1:], strict=True):
                cell(column, value)

    def _state(self, is_complete: bool) -> str:  # noqa: FBT001 - the one fact that it says
        return self._visit.say("figures.complete" if is_complete else "figures.incomplete")

    def _lines(self, title: str, lines: Sequence[str]) -> None:
        if not lines:
            return
        heading("gw-subject__title", title, level=3)
        with block("gw-lines", "ul"):
            for line in lines[:LINES_SHOWN_MAX]:
                text("li", "", line)
        if len(lines) > LINES_SHOWN_MAX:
            self._cut(len(lines))

    def _cut(self, total: int) -> None:
        said = self._visit.say("figures.cut_of", count=LINES_SHOWN_MAX, total=f"{total:,}")
        words("gw-muted gw-part__word", said)

    def _marks(self, one: Snapshot) -> None:
        """How far each box had told the month."""
        visit = self._visit
        if not one.marks:
            words("gw-muted gw-part__word", visit.say("figures.no_marks"))
            return
        with block("gw-twin", "details"):
            text("summary", "", visit.say("figures.marks", count=f"{len(one.marks):,}"))
            columns = [Column(visit.word("figures_mark", name), is_number=name == "upto") for name in _MARKS]
            with table("marks", columns, visit.say("figures.marks_table")):
                for mark in one.marks[:LINES_SHOWN_MAX]:
                    until = NOTHING if mark.until is None else self._moment(mark.until)
                    said = (mark.box, f"{mark.upto:,}", until, visit.word("figures_gap", str(mark.has_gap).lower()))
                    with row():
                        for column, value in zip(columns, said, strict=True):
                            cell(column, value, is_head=column is columns[0])
            if len(one.marks) > LINES_SHOWN_MAX:
                self._cut(len(one.marks))

    def _city(self, figures: Sequence[Published]) -> None:
        """The figures of the city by subject, then those that this release does not know any more."""
        visit, known = self._visit, {one.indicator: one for one in figures}
        subjects = by_subject((name, known.pop(name)) for name in INDICATORS if name in known)
        tables = [(SUBJECT_WORDS[subject].say(visit.texts.language), listed) for subject, listed in subjects.items()]
        if known:
            tables.append((visit.say("figures.unknown_figures"), tuple(known.values())))
        for name, listed in tables:
            with block("gw-subject"):
                heading("gw-subject__title", name, level=3)
                self._figures(listed, "city", f"{visit.say('figures.city_figures')} {name}")

    def _figures(self, figures: Sequence[Published], name: str, caption: str) -> None:
        visit, language = self._visit, self._visit.texts.language
        with_group = any(one.group for one in figures)
        columns = [Column(visit.say("figures.column_figure"))]
        columns += [Column(visit.word("figures_score", "group"))] if with_group else []
        columns += [Column(visit.say("figures.column_value"), is_number=True)]
        remarked = [tuple(remarks(one, language)) for one in figures]
        columns += [Column(visit.say("figures.column_interval"))] if any(remarked) else []
        with table(name, columns, caption):
            for one, told in zip(figures, remarked, strict=True):
                said = [group_words(one.group, language)] if with_group else []
                said += [value_words(one, language), visit.say("page.separator").join(told)]
                with row():
                    cell(columns[0], titled(name_of(one.indicator, language)), is_head=True)
                    for column, value in zip(columns[1:], said, strict=False):
                        cell(column, value)

    def _moment(self, at: datetime) -> str:
        return f"{at.astimezone(self._visit.zone):%Y-%m-%d %H:%M}"
