"""The pieces of the figures page: tables, links, and places that are filled when what they show has been read."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import structlog
from nicegui import ui
from nicegui.client import Client
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from central.core.kpis import BadPeriod
from central.services.figures.availability import PeriodRefused
from central.services.figures.kpis import KpiUnknown
from central.services.figures.publishing import MonthUnknown
from central.stores.ports import BadCursor, StoreUnavailable
from central.web.seat.pieces import attribute, block, heading, shown, words
from central.web.seat.visit import Visit

READS_AT_ONCE = 2
"""So many readings of all open pages run at a time: the threads are the seats' too."""

log = structlog.get_logger()
Found = TypeVar("Found")

REFUSALS: dict[type[Exception], str] = {
    StoreUnavailable: "figures.unavailable",
    PeriodRefused: "figures.period_too_long",
    KpiUnknown: "figures.no_rows",
    MonthUnknown: "figures.no_month",
    BadPeriod: "figures.no_month",
    BadCursor: "figures.no_rows",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: what stands in its head, and whether it holds numbers."""

    name: str
    is_number: bool = False


class Turns:
    """Lets few readings run at a time, in threads, so that the loop and the seats go on."""

    def __init__(self, at_once: int = READS_AT_ONCE) -> None:
        self._free = asyncio.Semaphore(at_once)

    async def read(self, load: Callable[[], Found]) -> Found:
        """What `load` gives; it raises what that raises."""
        async with self._free:
            return await asyncio.to_thread(load)


class Part:
    """A section with a heading that says that it is being read, then what was found or why there is nothing."""

    def __init__(self, visit: Visit, client: Client, turns: Turns, title: str, name: str) -> None:
        self._visit, self._client, self._turns = visit, client, turns
        with block(f"gw-part gw-part--{name}", "section") as self.element:
            with block("gw-part__head") as self.head:
                heading("gw-part__title", title).props(f"id=gw-{name}")
            self._wait = words("gw-wait", visit.say("figures.reading")).props("role=status")
            self._refusal = words("gw-refused gw-hidden").props("role=alert")
            self.body = block("gw-part__body")
            self._found = block("gw-part__body")
        self.is_refused = False
        attribute(self.element, "aria-labelledby", f"gw-{name}")

    def show(self, draw: Callable[[], None]) -> None:
        """Draw what is known without reading."""
        shown(self._wait, is_shown=False)
        with self.body:
            draw()

    async def fill(self, load: Callable[[], Found], draw: Callable[[Found], None]) -> None:
        """Read, and draw in place of what was drawn so before. What cannot be read is told in words."""
        shown(self._wait, is_shown=True)
        refusal, found = "", None
        try:
            found = await self._turns.read(load)
        except tuple(REFUSALS) as error:
            refusal = REFUSALS[type(error)]
        except Exception:
            log.exception("a part of the figures page could not be read")
            refusal = "figures.failed"
        with self._client:
            shown(self._wait, is_shown=False)
            shown(self._refusal, bool(refusal))
            self._refusal.set_text(self._visit.say(refusal) if refusal else "")
            self.is_refused = bool(refusal)
            self._found.clear()
            if found is not None:
                with self._found:
                    draw(found)


def text(tag: str, classes: str, said: str) -> TextElement:
    """An element of any kind with a text, which never becomes HTML."""
    return TextElement(tag=tag, text=said).classes(classes)


def link(classes: str, said: str, address: str) -> TextElement:
    """A link."""
    made = text("a", classes, said)
    attribute(made, "href", address)
    return made


def table(name: str, columns: Sequence[Column], caption: str) -> Element:
    """A table with its head; returns the body. On narrow pages its rows become cards, so roles are told."""
    with block(f"gw-table gw-table--{name}", "table").props("role=table"):
        text("caption", "gw-unseen", caption)
        with block("", "thead").props("role=rowgroup"), block("", "tr").props("role=row"):
            for column in columns:
                kind = "gw-number" if column.is_number else ""
                text("th", kind, column.name).props("role=columnheader scope=col")
        return block("", "tbody").props("role=rowgroup")


def row() -> Element:
    """A row of a table."""
    return block("", "tr").props("role=row")


def cell(column: Column, said: str = "", *, is_head: bool = False, classes: str = "") -> TextElement:
    """A cell; narrow pages show the column's name before it."""
    kind = f"{classes} gw-number" if column.is_number else classes
    made = text("th" if is_head else "td", kind, said)
    made.props("role=rowheader scope=row" if is_head else "role=cell")
    attribute(made, "data-label", column.name)
    return made


def pager(visit: Visit, place: str, at: int, turn: Callable[[int], object], *, has_more: bool) -> None:
    """The ways to the page before (-1) and behind (1) the one at `at`, and where in all it lies."""
    with block("gw-pager"):
        for key, is_there, by in (("earlier_rows", at > 0, -1), ("later_rows", has_more, 1)):
            if by > 0:
                words("", place).props("role=status")
            button = text("button", "gw-input gw-input--go", visit.say(f"figures.{key}")).props("type=button")
            attribute(button, "disabled", None if is_there else "disabled")
            button.on("click", partial(turn, by))


def drawn(svg: str) -> ui.html:
    """A drawing that we made ourselves, with all texts in it escaped."""
    return ui.html(svg, sanitize=False)
