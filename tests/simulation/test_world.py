"""Whatever the network and the power do: no report is lost, none counts twice, no episode has two cases."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from central.stores.ports import EventFilter, PageRequest
from tests.simulation.world import CALM, Scenario, Weather, World
from tests.support.store_contents import rows

ROUGH = Weather(drop=0.3, double=0.3, delay_s=3.0, box_dies_every_s=60, line_drops_every_s=30)


@pytest.fixture
def fast_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: thousands of synced transactions wait for no disk."""
    memory = Path("/dev/shm")  # noqa: S108 - a fresh folder in it, removed again
    if not memory.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_lost_and_nothing_happens_twice(fast_folder: Path, seed: int) -> None:
    world = World(fast_folder, Scenario(seed, weather=Weather() if seed % 2 else ROUGH))
    world.run_for(400)
    assert world.settle(3600), [box.outbox.last_seq() for box in world.boxes if box.outbox]
    written, stored = _written(world), _stored(world)
    assert len(written) > 200
    assert sorted(stored) == sorted(written)
    assert min(world.counts.values()) > 0, world.counts
    _assert_cases_are_a_recount(world)
    world.close()


def test_what_a_full_box_gives_up_is_counted(fast_folder: Path) -> None:
    world = World(fast_folder, Scenario(9, boxes=1, events_per_s=4.0, weather=CALM, bytes_max=1_000_000))
    world.run_for(60)
    world.run_without_central(600)
    world.weather = Weather(drop=0.5)
    world.run_for(20)
    assert world.settle(3600)
    written, stored = _written(world), _stored(world)
    lost = set(written) - set(stored)
    with world.stores.reading() as unit:
        page = unit.inbox.events(EventFilter(type="gw.event.gap"), PageRequest(500))
    given_up = sum(event.data["count"] for event in page.items if isinstance(event.data, dict))
    assert lost
    assert len(lost) <= given_up
    assert len(stored) == len(set(stored))
    world.close()


def test_a_central_that_lost_its_memory_is_told_what_will_not_come_again(fast_folder: Path) -> None:
    world = World(fast_folder, Scenario(5, boxes=2, weather=CALM))
    world.run_for(120)
    world.lose_central_database()
    world.run_for(200)
    assert world.settle(600)
    with world.stores.reading() as unit:
        page = unit.inbox.events(EventFilter(type="gw.event.gap"), PageRequest(500))
    assert {event.box for event in page.items} == {"b1", "b2"}
    assert {event.data["reason"] for event in page.items if isinstance(event.data, dict)} == {"forgotten_by_central"}
    world.close()


def test_a_restored_central_is_told_by_idle_boxes_what_will_not_come_again(fast_folder: Path) -> None:
    world = World(fast_folder, Scenario(5, boxes=2, weather=CALM))
    world.run_for(60)
    backup = world.back_up_central()
    before = {(row["box"], row["epoch"]): row["upto"] for row in _streams(world)}
    world.run_for(100)
    assert world.settle(600)
    written = set(_written(world))
    world.restore_central(backup)
    world.run_for(200)
    lost = sorted(written - set(_stored(world)))
    assert {box for box, _ in lost} == {"b1", "b2"}
    with world.stores.reading() as unit:
        page = unit.inbox.events(EventFilter(type="gw.event.gap"), PageRequest(500))
    told = {(event.box, event.epoch): event.data for event in page.items if isinstance(event.data, dict)}
    assert {place: gap["first"] for place, gap in told.items()} == {place: upto + 1 for place, upto in before.items()}
    assert {gap["reason"] for gap in told.values()} == {"forgotten_by_central"}
    assert sum(gap["count"] for gap in told.values()) == len(lost)
    assert all(row["upto"] == row["top"] for row in _streams(world))
    world.close()


def _streams(world: World) -> list[dict[str, Any]]:
    return [dict(row) for row in rows(world.stores, "streams")]


def _written(world: World) -> list[tuple[str, str]]:
    return [
        (box.name, str(identity))
        for box in world.boxes
        if box.store is not None
        for (identity,) in box.store.read("SELECT id FROM journal")
    ]


def _stored(world: World) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    cursor: str | None = None
    with world.stores.reading() as unit:
        while True:
            page = unit.inbox.events(EventFilter(), PageRequest(500, cursor))
            found += [(event.box, event.id) for event in page.items]
            cursor = page.next
            if cursor is None:
                return found


def _assert_cases_are_a_recount(world: World) -> None:
    """Every scene report belongs to one case, and all reports of an episode to the same."""
    case_of: dict[str, str] = {}
    cursor: str | None = None
    with world.stores.reading() as unit:
        while True:
            page = unit.inbox.events(EventFilter(type="gw.event.scene"), PageRequest(500, cursor))
            for event in page.items:
                assert event.case is not None
                assert event.episode is not None
                assert case_of.setdefault(event.episode, event.case) == event.case
            cursor = page.next
            if cursor is None:
                return
