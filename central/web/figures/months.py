"""Published months (月报): every revision that was made, and one opened as it was sealed."""

from collections.abc import Callable, Sequence
from datetime import datetime

from central.core.kpis import Published
from central.core.kpis.publishing.snapshots import group_words, name_of, value_words
from central.core.values import Page
from central.stores.ports import MonthHead
from central.web.figures.parts import Column, cell, link, pager, row, table, text
from central.web.figures.reading import ROWS_A_PAGE, Revision
from central.web.figures.view import Show, View
from central.web.figures.wording import titled
from central.web.seat.pieces import attribute, block, words
from central.web.seat.visit import Visit

GROUPS_SHOWN_MAX = 500
SEAL_SIGNS = 16
_HEADS = ("month", "revision", "state", "as_of", "made_at", "made_by", "seal")


class Months:
    """Draws what was read of published months, in the current place."""

    def __init__(self, visit: Visit, view: View) -> None:
        self._visit, self._view = visit, view

    def listed(self, found: Page[MonthHead], at: int, turn: Callable[[int], object]) -> None:
        """A page of revisions; `at` is its number from 0, `turn` shows the one before (-1) or behind (1)."""
        visit = self._visit
        if not found.items:
            words("gw-muted gw-part__word", visit.say("figures.nothing_published"))
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
        self._lines(visit.say("figures.open_boxes"), tuple(one.open_words(visit.texts.language)))
        if found.link.number == 1:
            words("gw-muted gw-part__word", visit.say("figures.first_revision"))
        self._lines(visit.say("figures.changed"), found.change[1:])
        whole = [figure for figure in one.figures if not figure.group]
        self._figures(whole, "city", visit.say("figures.city_figures"))
        groups = [figure for figure in one.figures if figure.group]
        if groups:
            with block("gw-twin", "details"):
                text("summary", "", visit.say("figures.group_figures", count=f"{len(groups):,}"))
                self._figures(groups[:GROUPS_SHOWN_MAX], "sealed", visit.say("figures.groups"))
                if len(groups) > GROUPS_SHOWN_MAX:
                    words("gw-muted gw-part__word", visit.say("figures.cut", count=GROUPS_SHOWN_MAX))

    def _head(self, one: MonthHead, columns: Sequence[Column]) -> None:
        view, language = self._view, self._visit.texts.language
        said = (
            one.month, str(one.revision), self._state(one.is_complete), self._moment(one.as_of),
            self._moment(one.made_at), one.made_by, one.seal[:SEAL_SIGNS],
        )  # fmt: skip
        with row():
            with cell(columns[0], is_head=True):
                address = view.showing(Show.MONTHS, one.month, one.revision).address(language)
                way = link("gw-figure-link", one.month, address)
                is_opened = (view.month, view.revision) == (one.month, one.revision)
                attribute(way, "aria-current", "true" if is_opened else None)
            for column, value in zip(columns[1:], said[1:], strict=True):
                cell(column, value)

    def _state(self, is_complete: bool) -> str:  # noqa: FBT001 - the one fact that it says
        return self._visit.say("figures.complete" if is_complete else "figures.incomplete")

    def _lines(self, title: str, lines: Sequence[str]) -> None:
        if lines:
            words("gw-subject__title", title)
            with block("gw-lines", "ul"):
                for line in lines:
                    text("li", "", line)

    def _figures(self, figures: Sequence[Published], name: str, caption: str) -> None:
        visit, language = self._visit, self._visit.texts.language
        with_group = any(one.group for one in figures)
        columns = [Column(visit.say("figures.column_figure"))]
        columns += [Column(visit.word("figures_score", "group"))] if with_group else []
        columns += [Column(visit.say("figures.column_value"), is_number=True)]
        with table(name, columns, caption):
            for one in figures:
                with row():
                    cell(columns[0], titled(name_of(one.indicator, language)), is_head=True)
                    if with_group:
                        cell(columns[1], group_words(one.group, language))
                    cell(columns[-1], value_words(one, language))

    def _moment(self, at: datetime) -> str:
        return f"{at.astimezone(self._visit.zone):%Y-%m-%d %H:%M}"
