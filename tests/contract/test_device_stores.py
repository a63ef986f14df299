"""Boxes, cameras, their facts, commands and series are kept as given, on every database."""

from dataclasses import replace
from itertools import pairwise

import pytest

from central.core.fleet.clock_skew import BootClock
from central.core.fleet.devices import Box, BoxFact, CameraFact, CommandRecord
from central.core.values import BoxCondition, BoxOfflineReason, CommandState, FactSource
from central.stores.ports import PageRequest, Stores
from protocol.messages import CameraState, Command, CommandName, ConfigStatus, OutboxFigures
from tests.support.speaking_box import later
from tests.support.store_samples import ALL, B1, CAMERA

FULL_BOX = Box(
    id="b2",
    site="s1",
    added_at=later(0),
    state=BoxCondition.ONLINE,
    since=later(1),
    heard_at=later(2),
    boot=7,
    born_at=later(1),
    version="0.1.0",
    config_sha256="ab" * 32,
    config_status=ConfigStatus.REJECTED,
    config_errors=("cameras.0.url: 中文",),
    commands=("snapshot",),
    outbox=OutboxFigures(depth=1, bytes=2, oldest_age_s=0.5, evidence_pending=3, evidence_bytes=4, lost=5),
    disk_free_bytes=2**40,
    clock_offset_ms=-(2**40),
    clock_skewed=True,
    joined_at=later(0.5),
)


def test_boxes(stocked: Stores) -> None:
    with stocked.writing() as unit:
        unit.boxes.add(FULL_BOX)
        unit.boxes.save([replace(B1, boot=3)])
    with stocked.reading() as unit:
        assert unit.boxes.get(["b1", "b2", "b9"]) == {"b1": replace(B1, boot=3), "b2": FULL_BOX}
        assert unit.boxes.get([]) == {}


def test_facts_about_a_box(stocked: Stores) -> None:
    facts = [BoxFact("b1", BoxCondition.WAITING, None, later(0), later(0), "registration:王")]
    facts += [BoxFact("b1", BoxCondition.ONLINE, None, later(n), later(n), f"m{n}") for n in (1, 2)]
    facts += [BoxFact("b1", BoxCondition.OFFLINE, reason, later(2), later(3), "m3") for reason in BoxOfflineReason]
    with stocked.writing() as unit:
        unit.boxes.add(FULL_BOX)
        unit.boxes.add_facts([*facts, replace(facts[0], box="b2")])
    with stocked.reading() as unit:
        assert unit.boxes.facts("b1", ALL, None, None).items == tuple(facts[::-1])
        assert unit.boxes.facts("b1", ALL, later(1), later(3)).items == (facts[2], facts[1])
        first = unit.boxes.facts("b1", PageRequest(1), None, None)
        assert unit.boxes.facts("b1", PageRequest(1, first.next), None, None).items == (facts[-2],)


def test_clocks(stocked: Stores) -> None:
    first, second = BootClock(later(0), 5, later(-1)), BootClock()
    with stocked.writing() as unit:
        unit.boxes.save_clocks({("b1", 1): first, ("b1", 2): second})
        unit.boxes.save_clocks({("b1", 2): first})
    with stocked.reading() as unit:
        assert unit.boxes.clocks([("b1", 1), ("b1", 2), ("b1", 3)]) == {("b1", 1): first, ("b1", 2): first}


def test_cameras_and_their_facts(stocked: Stores) -> None:
    other, gone = replace(CAMERA, key="b1.cam-2", camera="cam-2"), replace(CAMERA, key="b1.x", retired_at=later(9))
    facts = [
        CameraFact(
            CAMERA.key, CameraState.ONLINE, None, later(n), later(n), FactSource.HEARTBEAT, value=n / 8, threshold=0.75
        )
        for n in range(4)
    ]
    with stocked.writing() as unit:
        unit.cameras.save([other, CAMERA, gone])
        unit.cameras.save([replace(other, fps=1.0)])
        unit.cameras.add_facts(facts)
    with stocked.reading() as unit:
        assert unit.cameras.get([CAMERA.key, "b1.cam-9"]) == {CAMERA.key: CAMERA}
        assert unit.cameras.of_boxes(["b1"]) == unit.cameras.of_boxes(["b1", "b9"])
        assert {camera.key for camera in unit.cameras.of_boxes(["b1"])} == {CAMERA.key, other.key}
        assert unit.cameras.find(ALL).items == (CAMERA, replace(other, fps=1.0))
        assert unit.cameras.counts() == {CAMERA.state: 2}
        assert unit.cameras.facts(CAMERA.key, ALL, None, None).items == tuple(facts[::-1])
        assert unit.cameras.facts(CAMERA.key, ALL, later(1), later(3)).items == (facts[2], facts[1])


def test_cameras_that_need_somebody_come_first(stocked: Stores) -> None:
    states = [CameraState.ONLINE, CameraState.UNKNOWN, CameraState.OFFLINE, CameraState.DEGRADED, CameraState.OFFLINE]
    cameras = [
        replace(CAMERA, key=f"b1.{number}", camera=str(number), state=state) for number, state in enumerate(states)
    ]
    gone = replace(CAMERA, key="b1.x", camera="x", state=CameraState.OFFLINE, retired_at=later(9))
    with stocked.writing() as unit:
        unit.cameras.save([*cameras, gone])
        assert unit.cameras.counts() == {state: states.count(state) for state in states}
        assert [camera.camera for camera in unit.cameras.neediest(10)] == ["2", "4", "3", "1", "0"]
        assert [camera.camera for camera in unit.cameras.neediest(2)] == ["2", "4"]


def test_commands(stocked: Stores) -> None:
    command = Command(command="0" * 36, name=CommandName.SNAPSHOT, camera="cam-1", deadline=later(30))
    record = CommandRecord(command, "s1", "b1", CommandState.REQUESTED, "wang", later(0), later(0))
    done = replace(record, state=CommandState.DONE, published_at=later(1), detail="ok", evidence="ab" * 32)
    with stocked.writing() as unit:
        unit.commands.add(record)
        assert unit.commands.unfinished(10) == [record]
        unit.commands.save([done])
        assert unit.commands.get(["0" * 36, "1" * 36]) == {"0" * 36: done}
        assert unit.commands.unfinished(10) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_pages_join_without_seam(limit: int, stores: Stores) -> None:
    with stores.writing() as unit:
        for number in range(7):
            unit.boxes.add(replace(B1, id=f"b{number}"))
    seen, cursor = [], None
    with stores.reading() as unit:
        while True:
            page = unit.boxes.find(PageRequest(limit, cursor))
            assert len(page.items) <= limit
            seen += [box.id for box in page.items]
            cursor = page.next
            if cursor is None:
                break
    assert seen == [f"b{number}" for number in range(7)]
    assert all(first < second for first, second in pairwise(seen))
