"""Targets come back word by word in the order in which they were said, on both databases."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from central.core.kpis import BadTarget, Target
from central.services.figures.kpis import KpiUnknown
from central.services.figures.planning.targets import KpiTargets
from central.stores.open_stores import SqlStores, open_stores
from central.stores.ports import PageRequest, Stores
from tests.support.central_stores import OPERATOR
from tests.support.speaking_box import later
from tests.support.store_contents import change, crashing, rows

FIRST = Target("closing_rate", 0.1 + 0.2, "局长", date(2026, 1, 1), "年度目标, 第一次")
LATER = Target("closing_rate", 0.95, "局长", date(2026, 6, 1), "上年已达到")
OTHER = Target("handling_time", 7200, "Wang 'X'; --", date(2026, 1, 1), "½", "unit=环卫所,一队")


def test_words_come_back_as_they_were_said(stores: Stores) -> None:
    targets = KpiTargets(stores)
    assert targets.all().said == ()
    new = targets.say([LATER, FIRST, OTHER], OPERATOR, later(0))
    assert targets.all().said == tuple(new)
    assert [one.says_the_same(other) for one, other in zip(new, (LATER, FIRST, OTHER), strict=True)] == [True] * 3
    assert {(one.said_by, one.said_at) for one in new} == {("wang", later(0))}
    assert targets.all("handling_time").said == (new[2],)
    assert targets.all().on("closing_rate", date(2026, 3, 1)) == new[1]


def test_the_same_again_changes_nothing_and_a_correction_is_added(stores: Stores) -> None:
    targets = KpiTargets(stores)
    targets.say([FIRST], OPERATOR, later(0))
    assert targets.say([FIRST], OPERATOR, later(60)) == []
    corrected = Target("closing_rate", 0.9, "局长", FIRST.since, "更正")
    (kept,) = targets.say([corrected], OPERATOR, later(90))
    assert [one.value for one in targets.all().history("closing_rate")] == [0.1 + 0.2, 0.9]
    assert targets.all().on("closing_rate", FIRST.since) == kept


def test_two_words_for_a_day_are_refused_whole(stores: Stores) -> None:
    with pytest.raises(BadTarget, match="two targets"):
        KpiTargets(stores).say([OTHER, FIRST, Target("closing_rate", 1, "a", FIRST.since, "b")], OPERATOR, later(0))
    assert rows(stores, "kpi_targets") == []


def test_nothing_is_half_written(stores: Stores) -> None:
    with crashing(stores, "INSERT", "kpi_targets"), pytest.raises(Exception, match=r"injected|reject|database"):
        KpiTargets(stores).say([FIRST, LATER], OPERATOR, later(0))
    assert rows(stores, "kpi_targets") == []


def test_a_figure_that_there_is_not_any_more_does_not_break_the_others(stores: Stores) -> None:
    targets = KpiTargets(stores)
    targets.say([FIRST, OTHER], OPERATOR, later(0))
    change(stores, "UPDATE kpi_targets SET indicator = 'of_old' WHERE indicator = 'closing_rate'")
    assert [one.indicator for one in targets.all().said] == ["handling_time"]
    with pytest.raises(KpiUnknown, match="of_old"):
        targets.all("of_old")


def test_they_come_in_parts_in_the_order_in_which_they_were_said(stores: Stores) -> None:
    targets = KpiTargets(stores)
    words = [replace(FIRST, since=FIRST.since.replace(day=day)) for day in (3, 1, 2)]
    targets.say(words, OPERATOR, later(0))
    first = targets.page("closing_rate", PageRequest(2))
    rest = targets.page("closing_rate", PageRequest(2, first.next))
    assert [one.since.day for one in (*first.items, *rest.items)] == [3, 1, 2]
    assert rest.next is None
    assert targets.page("handling_time", PageRequest(2)).items == ()
    with pytest.raises(KpiUnknown):
        targets.page("of_old", PageRequest(2))


def test_what_several_say_at_once_is_kept_once(stores: Stores, tmp_path: Path) -> None:
    url = cast("SqlStores", stores).database.engine.url.render_as_string(hide_password=False)
    together = threading.Barrier(4)

    def say(own: Stores) -> int:
        together.wait()
        return len(KpiTargets(own).say([FIRST], OPERATOR, later(0)))

    with ExitStack() as opened, ThreadPoolExecutor(4) as pool:
        several = [open_stores(database_url=url, evidence_dir=tmp_path / "evidence") for _ in range(4)]
        for one in several:
            opened.callback(one.close)
        assert sorted(pool.map(say, several)) == [0, 0, 0, 1]
    assert len(rows(stores, "kpi_targets")) == 1
