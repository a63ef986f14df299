"""One reader for all open pages: reads the overview once and hands it to each, until it closes."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count

import structlog

from central.stores.ports import StoreUnavailable
from central.web.seat.desk import Overview

EVERY_S = 1.5
PAGES_MAX = 200

log = structlog.get_logger()

Show = Callable[[Overview], Awaitable[None]]


class Feed:
    """Runs on the event loop; `load` runs in a thread."""

    def __init__(self, load: Callable[[], Overview]) -> None:
        self._load = load
        self._pages: dict[int, Show] = {}
        self._numbers = count()
        self._wake = asyncio.Event()

    @property
    def is_full(self) -> bool:
        """Whether as many pages are open as one process should serve."""
        return len(self._pages) >= PAGES_MAX

    @property
    def pages(self) -> int:
        """How many pages are open."""
        return len(self._pages)

    def join(self, show: Show) -> Callable[[], None]:
        """Hand every new overview to `show`; returns what ends that."""
        number = next(self._numbers)
        self._pages[number] = show
        self._wake.set()
        return lambda: self._leave(number)

    async def run(self) -> None:
        """Read and hand out, for ever; sleeps while no page is open."""
        while True:
            await self._wake.wait()
            await self.step()
            await asyncio.sleep(EVERY_S)

    async def step(self) -> None:
        """Read once and hand out. What cannot be read leaves the pages to grow stale visibly, until the next step."""
        try:
            overview = await asyncio.to_thread(self._load)
        except StoreUnavailable:
            log.warning("pages wait for the database")
            return
        except Exception:
            log.exception("the overview could not be read")
            return
        await asyncio.gather(*(self._hand(show, overview) for show in list(self._pages.values())))

    async def _hand(self, show: Show, overview: Overview) -> None:
        try:
            await show(overview)
        except Exception:
            log.exception("a page could not be brought up to date")

    def _leave(self, number: int) -> None:
        self._pages.pop(number, None)
        if not self._pages:
            self._wake.clear()
