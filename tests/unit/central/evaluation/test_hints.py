"""自查提示: each contradiction is found where it stands, and a clean year has none."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from central.core.evaluation import evaluation
from central.settings.evaluation_file import load_facts
from protocol.texts import Language
from tests.support.evaluation import COUNTY_2024, assessed, case_file, facts, quantitative
from tests.support.sources import REPOSITORY

DAY = date(2026, 5, 1)
EARLIER = date(2026, 4, 1)
CONTRACT = {
    "id": "c1",
    "name": "监控",
    "budget_line": "b1",
    "amount_cny": 100,
    "items": [{"id": "i1", "name": "枪机", "quantity": 1}],
}
LINE = {"id": "b1", "name": "硬件", "planned_cny": 100}


def paid(amount: int) -> dict[str, Any]:
    return {"id": f"p{amount}", "contract": "c1", "paid": DAY, "amount_cny": amount}


def acceptance(name: str) -> dict[str, Any]:
    return {"id": name, "item": "i1", "on": DAY, "passed": True, "by": "验收组"}


def survey(answered: int, name: str = "s1") -> dict[str, Any]:
    strata = [{"name": "全部", "population": 1000, "answered": answered, "satisfied": answered}]
    return {"id": name, "asked": "citizen", "on": DAY, "question": "是否满意", "strata": strata}


@pytest.mark.parametrize(
    ("more", "found", "words"),
    [
        ({}, [], ""),
        ({"mode": None}, ["mode_unstated"], "nor does 第三方 tell it"),
        ({"mode": None, "evaluation_done_by": "示例县财政局"}, [], ""),
        ({"mode": "单位自评"}, [], ""),
        ({"evaluation_done_by": "本单位", "mode": None}, ["self_evaluation"], "self-evaluation"),
        ({"evaluation_done_by": "示例县", "mode": "单位自评"}, ["self_evaluation"], "示例县"),
        ({"phase": "试运行"}, ["trial_operation"], "trial operation"),
        ({"process": {"分析评价": ["2026-10"]}}, ["evaluated_early"], "2026-10"),
        ({"process": {"分析评价": ["2026-12"]}}, [], ""),
        (
            {"targets": {"camera_online_rate": {"target": 0.95, "actual": 0.96}}, "targets_missing": ["监控在线率"]},
            ["target_named_missing"],
            "targets.camera_online_rate",
        ),
        ({"targets_missing": ["视频点位"]}, ["target_named_missing"], "states the target 50"),
        ({"targets_missing": ["使用率"]}, [], ""),
        (
            {"targets": {"platform_availability": {"published_as": "平均无故障时间", "target": 0.999, "actual": 1}}},
            ["availability_titled_mtbf"],
            "99.9 %",
        ),
        (
            {"targets": {"platform_availability": {"published_as": "平均无故障时间", "target": 700, "actual": 800}}},
            [],
            "",
        ),
        (
            {"targets": {"cameras": {"target": 50, "of_which": {"枪机": 38, "球机": 11}, "actual": 49}}},
            ["members_differ"],
            "add up to 49",
        ),
        ({"targets": {"cameras": {"target": 50}}}, ["not_published"], "not published"),
        (
            {"targets": {"mean_handling_hours": {"target": 2, "actual_text": "显著提升"}}},
            ["claimed_without_value"],
            "显著提升",
        ),
        ({"standards": ["历史标准"], "targets": {"cameras": {"target": 5, "actual": 5}}}, ["no_baseline"], "baseline"),
        ({"methods": ["公众评判法"], "process": {"interviews": ["一线队员"]}}, ["no_public_voice"], "一线队员"),
        ({"methods": ["公众评判法"], "process": {"interviews": ["沿街商户"]}}, [], ""),
        (
            {"published": {"甲": 90, "total": 90, "grade": "优"}},
            ["published_differs", "published_differs"],
            "computed 92",
        ),
        ({"published": {"甲": 92, "total": 92, "grade": "良"}}, ["grade_differs"], "that is 优"),
        ({"published": {"甲": 92, "total": 92, "grade": "优"}}, [], ""),
        (
            {"published": {"甲": 92, "total": 92, "grade": "优", "deductions_explained": False}},
            ["deductions_unexplained"],
            "甲 -8",
        ),
        ({"budget": {"appropriated_cny": 100, "spent_cny": 101}}, ["budget_over_run"], "over-run"),
        (
            {"records": {"budget_lines": [LINE | {"planned_cny": 99}], "contracts": [CONTRACT]}},
            ["contracts_over_budget_line"],
            "its budget is 99",
        ),
        (
            {
                "budget": {"appropriated_cny": 150, "spent_cny": 110},
                "records": {"budget_lines": [LINE], "contracts": [CONTRACT], "payments": [paid(60), paid(50)]},
            },
            ["payments_over_contract"],
            "110 CNY were paid",
        ),
        (
            {
                "budget": {"appropriated_cny": 150, "spent_cny": 100},
                "records": {"budget_lines": [LINE], "contracts": [CONTRACT], "payments": [paid(60)]},
            },
            ["payments_differ"],
            "the payments add up to 60",
        ),
        (
            {
                "records": {
                    "budget_lines": [LINE],
                    "contracts": [CONTRACT],
                    "acceptances": [acceptance("a1"), acceptance("a2")],
                }
            },
            ["accepted_twice"],
            "i1",
        ),
        ({"records": {"surveys": [survey(3)]}}, ["not_significant"], "has 3 answers"),
        ({"records": {"surveys": [survey(30)]}}, [], ""),
        ({"records": {"surveys": [survey(30, "s2"), survey(30)]}}, ["survey_twice"], "s1, s2"),
        ({"records": {"surveys": [survey(30), survey(30, "s2") | {"on": EARLIER}]}}, [], ""),
        ({"records": {"surveys": [survey(30), survey(30, "s2") | {"asked": "internal"}]}}, [], ""),
        (
            {"targets": {"own": {"name": "视频点位", "target": 50, "actual": 42}}},
            ["two_values"],
            "42 among the targets and 50 in the scoring",
        ),
    ],
)
def test_a_contradiction_is_found(more: Mapping[str, Any], found: list[str], words: str) -> None:
    tree = [quantitative("视频点位", 60) | {"id": "cameras"}, assessed("b", 40, given=32)]
    told = evaluation(facts(tree, **more)).hints
    assert [one.id for one in told] == found
    assert words in (told[-1].say(Language.ENGLISH) if told else "")
    assert all(one.say(Language.CHINESE) != one.say(Language.ENGLISH) and one.where for one in told)


def test_points_for_benefits_that_nobody_measured_are_remarked() -> None:
    tree = [assessed("a", 100, given=97, path=["项目效益"])]
    told = evaluation(facts(tree, targets={"cameras": {"target": 50}})).hints
    assert [one.id for one in told] == ["not_published", "points_without_measure"]


def test_the_county_is_told_its_contradictions() -> None:
    told = evaluation(load_facts(case_file(COUNTY_2024), 2024, Language.CHINESE)).hints
    kinds = {one.id for one in told}
    assert kinds >= {
        "self_evaluation",
        "target_named_missing",
        "availability_titled_mtbf",
        "deductions_unexplained",
        "claimed_without_value",
        "not_published",
        "only_first_level",
        "evaluated_early",
    }
    assert "published_differs" not in kinds


def test_the_example_of_the_documentation_is_clean() -> None:
    found = evaluation(load_facts(REPOSITORY / "docs" / "examples" / "evaluation.yaml", 2026, Language.ENGLISH))
    assert found.hints == ()
    assert str(found.outcome.total) == "93.29"
