"""Figures of the records: counted from rows, None where there is nothing to count or too little."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.evaluation.facts import Period, Reading
from central.core.evaluation.lines import Direction
from central.core.evaluation.recorded import RECORDED, recorded
from central.core.evaluation.records import Survey
from central.core.evaluation.reporting.forms import forecast, outlook
from central.core.evaluation.surveys import satisfaction
from central.settings.evaluation_file import load_facts
from protocol.texts import Language
from tests.support.evaluation import assessed, facts
from tests.support.sources import REPOSITORY

DAY = date(2026, 5, 1)
EXAMPLE = REPOSITORY / "docs" / "examples" / "evaluation.yaml"


def survey(*strata: tuple[int, int, int], **more: object) -> dict[str, Any]:
    rows = [
        {"name": f"层{at}", "population": population, "answered": answered, "satisfied": satisfied}
        for at, (population, answered, satisfied) in enumerate(strata)
    ]
    return {"id": "s1", "asked": "citizen", "on": DAY, "question": "是否满意", "strata": rows} | more


def test_without_records_every_figure_is_none() -> None:
    assert recorded(facts([assessed("a", 100)])) == dict.fromkeys(RECORDED)


def test_the_records_of_the_example_are_counted() -> None:
    found = recorded(load_facts(EXAMPLE, 2026, Language.ENGLISH))
    assert {
        name: None if value is None else str(value.quantize(Decimal("0.0001"))) for name, value in found.items()
    } == {
        "funds_in_place_rate": "0.9375",
        "budget_execution_rate": "0.9800",
        "paid_to_planned_rate": "0.9188",
        "cameras_accepted": None,
        "training_attendances": "26.0000",
        "acceptance_rate": "1.0000",
        "milestones_on_time_rate": "0.7500",
        "internal_satisfaction": "0.9077",
        "citizen_satisfaction": "0.8267",
        "citizen_satisfaction_change_points": "3.0225",
    }


def test_what_was_planned_is_the_lines_of_the_year_where_the_file_plans_nothing() -> None:
    lines = [{"id": f"b{year}", "name": "硬件", "planned_cny": Decimal(100), "year": year} for year in (2025, 2026)]
    budget = {"appropriated_cny": 80, "spent_cny": 0}
    told = facts([assessed("a", 100)], budget=budget, records={"budget_lines": lines})
    assert recorded(told)["funds_in_place_rate"] == Decimal("0.8")
    own = facts([assessed("a", 100)], budget=budget | {"planned_cny": 160}, records={"budget_lines": lines})
    assert recorded(own)["funds_in_place_rate"] == Decimal("0.5")


def test_cameras_count_once_and_only_where_their_item_was_accepted() -> None:
    parts = [{"id": name, "name": name, "quantity": 9} for name in ("i1", "i2")]
    contract = {"id": "c1", "name": "甲", "budget_line": "b1", "amount_cny": 1, "items": parts}
    links = [("d1", "i1", "b1.cam-1"), ("d2", "i1", "b1.cam-1"), ("d3", "i1", "b1"), ("d4", "i2", "b1.cam-2")]
    records: dict[str, Any] = {
        "budget_lines": [{"id": "b1", "name": "硬件", "planned_cny": 1}],
        "contracts": [contract],
        "devices": [{"id": name, "item": item, "device": device, "on": DAY} for name, item, device in links],
    }
    assert recorded(facts([assessed("a", 100)], records=records))["cameras_accepted"] == 0
    accepted = [{"id": "a1", "item": "i1", "on": DAY, "passed": True, "by": "组"}]
    found = recorded(facts([assessed("a", 100)], records=records | {"acceptances": accepted}))
    assert found["cameras_accepted"] == 1


def test_of_two_acceptances_the_last_counts() -> None:
    contract = {"id": "c1", "name": "甲", "budget_line": "b1", "amount_cny": 1, "items": []}
    contract["items"] = [{"id": "i1", "name": "枪机", "quantity": 1}, {"id": "i2", "name": "球机", "quantity": 1}]
    rows = [("a1", "i1", 1, False), ("a2", "i1", 9, True), ("a3", "i2", 9, True), ("a4", "i2", 20, False)]
    accepted = [
        {"id": name, "item": item, "on": date(2026, 5, day), "passed": passed, "by": "组"}
        for name, item, day, passed in rows
    ]
    records = {
        "budget_lines": [{"id": "b1", "name": "乙", "planned_cny": 1}],
        "contracts": [contract],
        "acceptances": accepted,
    }
    assert recorded(facts([assessed("a", 100)], records=records))["acceptance_rate"] == Decimal("0.5")


def test_strata_count_by_their_size_and_not_by_their_answers() -> None:
    found = satisfaction(Survey.model_validate(survey((900, 10, 10), (100, 90, 0))))
    assert found.share == Decimal("0.9")
    assert found.answers == 100


@pytest.mark.parametrize(("answered", "share"), [(0, None), (3, None), (29, None), (30, "1")])
def test_too_few_answers_never_score(answered: int, share: str | None) -> None:
    records = {"surveys": [survey((1000, answered, answered))]}
    found = recorded(facts([assessed("a", 100)], records=records))["citizen_satisfaction"]
    assert (None if found is None else str(found)) == share


@pytest.mark.parametrize("turned", [1, -1])
def test_of_two_surveys_on_one_day_that_with_the_greater_id_counts_in_any_order(turned: int) -> None:
    both = [survey((1000, 30, 30)), survey((1000, 30, 15), id="s2")][::turned]
    found = recorded(facts([assessed("a", 100)], records={"surveys": both}))["citizen_satisfaction"]
    assert str(found) == "0.5"


@given(st.integers(1, 500), st.data())
def test_the_interval_holds_the_share_within_0_and_1(answered: int, data: st.DataObject) -> None:
    satisfied = data.draw(st.integers(0, answered))
    found = satisfaction(Survey.model_validate(survey((1000, answered, satisfied))))
    assert found.share is not None
    assert 0 <= found.low <= float(found.share) + 1e-9
    assert float(found.share) - 1e-9 <= found.high <= 1


def test_wilson_of_a_known_case() -> None:
    found = satisfaction(Survey.model_validate(survey((1000, 100, 90))))
    assert (round(found.low, 4), round(found.high, 4)) == (0.8256, 0.9448)


@pytest.mark.parametrize(
    ("direction", "target", "expected", "word"),
    [
        (Direction.AT_LEAST, 20, "24.1", "确定能"),
        (Direction.AT_LEAST, 20, "20", "确定能"),
        (Direction.AT_LEAST, 20, "18", "有可能"),
        (Direction.AT_LEAST, 20, "17.9", "完全不可能"),
        (Direction.AT_MOST, 2, "2.0", "确定能"),
        (Direction.AT_MOST, 2, "2.1", "有可能"),
        (Direction.AT_MOST, 2, "2.3", "完全不可能"),
    ],
)
def test_the_outlook_of_a_goal(direction: Direction, target: int, expected: str, word: str) -> None:
    assert outlook(direction, Decimal(target), Decimal(expected)) == word


def test_the_forecast_of_what_adds_up_and_of_what_does_not() -> None:
    year = Period(first=date(2026, 1, 1), last=date(2026, 12, 31))
    assert forecast(Reading(actual=Decimal(14), cumulative=True), year, 212) == Decimal(14) * 365 / 212
    assert forecast(Reading(actual=Decimal("0.948")), year, 212) == Decimal("0.948")
