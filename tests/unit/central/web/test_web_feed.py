"""One reader serves all pages, survives what goes wrong, and forgets closed ones."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from central.services.health import Condition
from central.stores.ports import StoreUnavailable
from central.web.feed import PAGES_MAX, Feed
from central.web.seat.desk import Overview

OVERVIEW = Overview(
    at=datetime(2026, 3, 1, tzinfo=UTC),
    candidates=(),
    has_more=False,
    cameras=(),
    camera_counts={},
    alerts=(),
    has_more_alerts=False,
    broker=Condition.OK,
)


class Pages:
    """Counts what each page was shown; page `broken` raises."""

    def __init__(self, broken: int | None = None) -> None:
        self.shown: dict[int, int] = {}
        self.broken = broken

    def page(self, number: int) -> Callable[[Overview], object]:
        async def show(overview: Overview) -> None:
            assert overview is OVERVIEW
            if number == self.broken:
                raise RuntimeError("this page is broken")
            self.shown[number] = self.shown.get(number, 0) + 1

        return show


def test_all_pages_are_shown_one_reading() -> None:
    readings, pages = [], Pages()

    def load() -> Overview:
        readings.append(1)
        return OVERVIEW

    feed = Feed(load)
    for number in range(3):
        feed.join(pages.page(number))  # type: ignore[arg-type]
    asyncio.run(feed.step())
    assert pages.shown == {0: 1, 1: 1, 2: 1}
    assert len(readings) == 1


def test_closed_pages_are_forgotten() -> None:
    feed, pages = Feed(lambda: OVERVIEW), Pages()
    leaves = [feed.join(pages.page(number)) for number in range(100)]  # type: ignore[arg-type]
    assert feed.pages == 100
    for leave in leaves:
        leave()
        leave()
    assert feed.pages == 0
    asyncio.run(feed.step())
    assert pages.shown == {}


def test_a_broken_page_does_not_stop_the_others() -> None:
    feed, pages = Feed(lambda: OVERVIEW), Pages(broken=1)
    for number in range(3):
        feed.join(pages.page(number))  # type: ignore[arg-type]
    asyncio.run(feed.step())
    assert pages.shown == {0: 1, 2: 1}


@pytest.mark.parametrize("fault", [StoreUnavailable("away"), RuntimeError("a defect")])
def test_an_overview_that_cannot_be_read_leaves_pages_as_they_are(fault: Exception) -> None:
    def load() -> Overview:
        raise fault

    feed, pages = Feed(load), Pages()
    feed.join(pages.page(0))  # type: ignore[arg-type]
    asyncio.run(feed.step())
    assert pages.shown == {}


def test_pages_are_bounded() -> None:
    feed, pages = Feed(lambda: OVERVIEW), Pages()
    for number in range(PAGES_MAX):
        assert not feed.is_full
        feed.join(pages.page(number))  # type: ignore[arg-type]
    assert feed.is_full


@pytest.mark.parametrize("joins", [0, 1])
def test_it_reads_only_while_a_page_is_open(joins: int) -> None:
    readings = []

    def load() -> Overview:
        readings.append(1)
        return OVERVIEW

    async def run_shortly() -> None:
        feed, pages = Feed(load), Pages()
        for number in range(joins):
            feed.join(pages.page(number))  # type: ignore[arg-type]
        task = asyncio.create_task(feed.run())
        await asyncio.sleep(0.3)
        task.cancel()

    asyncio.run(run_shortly())
    assert len(readings) == joins
