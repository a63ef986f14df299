"""Stores: a unit is whole or nothing, and errors say whether to try again."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta, timezone
from typing import cast

import pytest

from central.core.fleet.devices import Box
from central.core.values import BoxCondition
from central.stores.open_stores import SqlStores
from central.stores.ports import PageRequest, StoreRejected, Stores
from tests.support.speaking_box import later

BOX = Box("b1", "s1", later(0), BoxCondition.WAITING, later(0))


class Changed(Exception):
    """A change of mind in the middle of a unit."""


def boxes(stores: Stores) -> list[Box]:
    with stores.reading() as unit:
        return list(unit.boxes.find(PageRequest(10)).items)


def test_what_a_unit_writes_is_there_afterwards(stores: Stores) -> None:
    with stores.writing() as unit:
        unit.boxes.add(BOX)
        assert unit.boxes.get(["b1"]) == {"b1": BOX}
    assert boxes(stores) == [BOX]


def test_a_unit_that_raises_wrote_nothing(stores: Stores) -> None:
    def change() -> None:
        with stores.writing() as unit:
            unit.boxes.add(BOX)
            raise Changed

    with pytest.raises(Changed):
        change()
    assert boxes(stores) == []


def test_a_reader_writes_nothing(stores: Stores) -> None:
    with stores.reading() as unit:
        unit.boxes.add(BOX)
    assert boxes(stores) == []


def test_what_the_database_refuses_is_refused_for_good(stores: Stores) -> None:
    def add(*added: Box) -> None:
        with stores.writing() as unit:
            for box in added:
                unit.boxes.add(box)

    add(BOX)
    with pytest.raises(StoreRejected) as refusal:
        add(replace(BOX, id="b2"), BOX)
    assert "b1" not in str(refusal.value).replace("boxes", "")
    assert boxes(stores) == [BOX]


def test_a_naive_time_is_a_bug(stores: Stores) -> None:
    with pytest.raises(Exception, match="aware"), stores.writing() as unit:
        unit.boxes.add(replace(BOX, added_at=later(0).replace(tzinfo=None)))
    assert boxes(stores) == []


def test_times_come_back_as_they_went_in(stores: Stores) -> None:
    china = later(0.123456).astimezone(timezone(timedelta(hours=8)))
    with stores.writing() as unit:
        unit.boxes.add(replace(BOX, added_at=china))
    (box,) = boxes(stores)
    assert box.added_at == china
    assert box.added_at.utcoffset() == timedelta(0)


def test_writers_wait_for_each_other(stores: Stores) -> None:
    with stores.writing() as unit:
        unit.boxes.add(replace(BOX, boot=0))

    def count(_: int) -> None:
        with stores.writing() as unit:
            box = unit.boxes.get(["b1"])["b1"]
            unit.boxes.save([replace(box, boot=(box.boot or 0) + 1)])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(40)))
    assert boxes(stores)[0].boot == 40


def test_it_says_that_it_is_well(stores: Stores) -> None:
    assert stores.healthy()


def test_postgresql_compiles_no_statement(stores: Stores) -> None:
    database = cast("SqlStores", stores).database
    if database.engine.dialect.name == "postgresql":
        with database.reading() as connection:
            assert connection.exec_driver_sql("SHOW jit").scalar_one() == "off"
