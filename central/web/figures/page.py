"""The figures page put together: the frame stands at once, each part is filled when it has been read."""

import asyncio
from collections.abc import Coroutine, Iterator
from functools import partial

from nicegui import ui

from central.core.access import Permission, may
from central.core.values import Page
from central.stores.ports import MonthHead, StoreUnavailable
from central.web.door.routes import SIGN_IN
from central.web.figures.board import Board
from central.web.figures.frame import chooser, header, refused, tabs
from central.web.figures.months import Months
from central.web.figures.opened import Opened
from central.web.figures.parts import Part, Turns, link
from central.web.figures.ranking import Ranking
from central.web.figures.reading import FigureDesk, Parts, Rows
from central.web.figures.view import Problem, Show, View
from central.web.figures.wording import period_words, titled
from central.web.seat.pieces import attribute, block, heading, shown, words
from central.web.seat.visit import Visit


class FiguresPage:
    """One open page. All methods run on the event loop; the desk is asked in threads, a few at a time."""

    def __init__(self, visit: Visit, desk: FigureDesk, turns: Turns, view: View, problem: Problem | None) -> None:
        self._client = ui.context.client
        self._visit, self._desk, self._turns, self._view = visit, desk, turns, view
        self._cursors: list[str | None] = [None]
        with block("gw-figures-page") as self._everything:
            with block("gw-skip", "a").props("href=#gw-figures"):
                words("", visit.say("figures.skip"))
            header(visit, view)
            with block("gw-main", "main"):
                with block("gw-main__top"):
                    self._heading()
                    self._as_of = words("gw-muted gw-small").props("role=status")
                tabs(visit, view)
                if view.show is not Show.MONTHS:
                    chooser(visit, view)
                refused(visit, problem)
                with block("gw-main__body").props("id=gw-figures tabindex=-1"):
                    self._build()

    async def fill(self) -> None:
        """Read everything and show each part as soon as it is there."""
        self._tell_as_of()
        match self._view.show:
            case Show.SCORES:
                readings = self._fill_scores()
            case Show.MONTHS:
                readings = self._fill_published()
            case Show.FIGURES:
                readings = self._fill_opened() if self._view.figure else self._fill_board()
        await asyncio.gather(*readings)

    def _build(self) -> None:
        match self._view.show:
            case Show.SCORES:
                self._build_scores()
            case Show.MONTHS:
                self._build_published()
            case Show.FIGURES:
                self._build_opened() if self._view.figure else self._build_board()

    def _heading(self) -> None:
        visit, view = self._visit, self._view
        if not view.figure:
            heading("gw-title", visit.word("figures_heading", view.show), level=1)
            return
        with block("gw-title-line"):
            link("gw-preset", visit.say("figures.back"), view.of("").address(visit.texts.language))
            heading("gw-title", Opened(visit, view).name, level=1)

    def _tell_as_of(self) -> None:
        now = self._desk.now()
        if self._view.show is Show.MONTHS:
            return
        said = self._visit.say("figures.as_of", time=self._visit.full(now))
        if self._view.period.begin > now:
            said = self._visit.say("figures.not_begun")
        elif self._view.period.end > now:
            said = f"{said}{self._visit.say('page.separator')}{self._visit.say('figures.still_open')}"
        self._as_of.set_text(said)

    def _part(self, name: str, **values: object) -> Part:
        title = self._visit.say(f"figures.{name}", **values)
        return Part(self._visit, self._client, self._turns, title, name)

    def _build_board(self) -> None:
        period = period_words(self._view.period, self._visit.texts)
        self._figures = self._part("part_figures", period=period)
        self._devices = self._part("part_devices")
        self._cameras = self._part("part_cameras")

    def _fill_board(self) -> Iterator[Coroutine[None, None, None]]:
        board, desk, view = Board(self._visit, self._view), self._desk, self._view
        yield self._figures.fill(partial(desk.board, view), board.figures)
        yield self._devices.fill(partial(desk.devices, view), board.devices)
        yield self._cameras.fill(partial(desk.cameras, view), board.cameras)

    def _build_scores(self) -> None:
        language = self._visit.texts.language
        self._tables = {
            name: Part(self._visit, self._client, self._turns, titled(table.names.say(language)), f"score-{name}")
            for name, table in self._desk.tables().items()
        }

    def _fill_scores(self) -> Iterator[Coroutine[None, None, None]]:
        draw = Ranking(self._visit, self._view).table
        naming = may(self._visit.actor.role, Permission.PLAN)
        for name, part in self._tables.items():
            yield part.fill(partial(self._desk.scores, self._view, name, naming=naming), draw)

    def _build_published(self) -> None:
        self._opened_month = self._part("part_month", month=self._view.month) if self._view.month else None
        self._published = self._part("part_published")

    def _fill_published(self) -> Iterator[Coroutine[None, None, None]]:
        if self._opened_month is not None:
            load = partial(self._desk.revision, self._view, self._visit.texts.language)
            yield self._opened_month.fill(load, Months(self._visit, self._view).revision)
        yield self._fill_heads()

    async def _fill_heads(self) -> None:
        at = len(self._cursors) - 1

        def draw(found: Page[MonthHead]) -> None:
            Months(self._visit, self._view).listed(found, at, partial(self._turn, found.next), self._desk.terms())

        await self._published.fill(partial(self._desk.published, self._cursors[-1]), draw)

    def _build_opened(self) -> None:
        self._opened = Opened(self._visit, self._view)
        with block("gw-columns"):
            with block("gw-columns__main"):
                self._value = self._part("part_value", period=period_words(self._view.period, self._visit.texts))
                self._months = self._part("months")
            with block("gw-columns__side"):
                definition = self._part("definition")
        definition.show(self._opened.definition)
        self._groups = self._part("groups")
        self._groups.show(self._opened.choose_group)
        self._rows = self._part("parts" if self._opened.is_measured else "rows")
        with self._rows.head:
            address = self._view.table_address(self._visit.texts.language)
            self._save = link("gw-preset", self._visit.say("figures.save_table"), address)
            attribute(self._save, "download", "")

    def _fill_opened(self) -> Iterator[Coroutine[None, None, None]]:
        yield self._fill_value()
        if self._view.group_by:
            yield self._groups.fill(partial(self._desk.groups, self._view), self._opened.groups)
        yield self._fill_rows()

    async def _fill_value(self) -> None:
        """The value, then the months, whose drawing has the target in it."""
        await self._value.fill(partial(self._desk.outlook, self._view), self._opened.value)
        await self._months.fill(partial(self._desk.months, self._view), self._opened.months)

    async def _fill_rows(self) -> None:
        at = len(self._cursors) - 1

        def draw(found: Rows | Parts) -> None:
            shown(self._save, bool(found.page.items))
            turn = partial(self._turn, found.page.next)
            if isinstance(found, Rows):
                self._opened.rows(found, at, turn)
            else:
                self._opened.parts(found, at, turn)

        await self._rows.fill(partial(self._desk.rows, self._view, self._cursors[-1]), draw)
        if self._rows.is_refused:
            with self._client:
                shown(self._save, is_shown=False)

    async def _turn(self, behind: str | None, by: int) -> None:
        """Show another page of rows. Who may not look any more sees the door."""
        try:
            person = await asyncio.to_thread(self._visit.current)
        except StoreUnavailable:
            person = self._visit.actor
        with self._client:
            if person is None:
                self._everything.delete()
                ui.run_javascript(f"location.replace('{SIGN_IN}?lang={self._visit.texts.language}')")
                return
        if by > 0 and behind is not None:
            self._cursors.append(behind)
        elif by < 0 and len(self._cursors) > 1:
            self._cursors.pop()
        await (self._fill_heads() if self._view.show is Show.MONTHS else self._fill_rows())
