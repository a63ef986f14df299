"""The facts file: what is refused, with file, line and column, in both languages."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from central.core.evaluation.trees import TREES, facts_file
from central.settings import SettingsError
from central.settings.evaluation_file import load_facts
from protocol.texts import Language
from tests.support.evaluation import COUNTY_2024, EXAMPLE_2026, HEAD, TREE, case_file

RECORDS = """\
records:
  budget_lines: [{id: hardware, name: 硬件, planned_cny: 1000}]
  contracts:
    - {id: c1, name: 监控, budget_line: hardware, amount_cny: 900, items: [{id: i1, name: 枪机, quantity: 38}]}
  payments: [{id: p1, contract: c1, paid: 2026-03-01, amount_cny: 900}]
  acceptances: [{id: a1, item: i1, on: 2026-04-01, passed: true, by: 验收组}]
"""


def refused(folder: Path, text: str, language: Language = Language.ENGLISH) -> list[str]:
    path = folder / "facts.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as told:
        load_facts(path, 2026, language)
    return str(told.value).replace(f"{path}:", "").splitlines()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("phase:", "fase:"), ["1:1: phase: is missing", "6:1: fase: there is no such key; rename or delete it"]),
        (("rule: proportional", "rule: propotional"), ["9:124: index_tree.0.rule: must be 'proportional'"]),
        (("points: 60", "points: 61"), ["8:1: index_tree: the points add up to 101, they should give 100"]),
        (("id: rules", "id: cameras"), ["10:6: index_tree.1.id: the id cameras stands above already"]),
        (("reason: 制度齐全", "evidence: x"), ["10:5: index_tree.1.reason: is missing"]),
        (("reason: 制度齐全", "reason: ' '"), ["10:100: index_tree.1.reason: is not written well"]),
        (("given: 35", "given: 45"), ["index_tree.1: given 45 is more than the 40 points"]),
        (("target: 50", "target: 0"), ["index_tree.0: a proportion needs a target above 0"]),
        (("actual: 40", "actual: .nan"), ["index_tree.0.actual: should be a number below"]),
        (("actual: 40", "actual: forty"), ["index_tree.0.actual: should be a number"]),
        (("actual: 40", "actual: null, given: 60, assessor: 甲, reason: 乙"), ["never gets full points; enter less"]),
        (("actual: 40", "actual: null, given: 6, assessor: 甲"), ["entry is given, assessor and reason, all three"]),
        (("actual: 40", "actual: 40, given: 6, assessor: 甲, reason: 乙"), ["stands only where actual is null"]),
        (("actual: 40", "record: cameras_seen"), ["9:112: index_tree.0.record: there is no cameras_seen; there are: "]),
        (
            ("actual: 40", "actual: 40, record: acceptance_rate"),
            ["index_tree.0.record: write `record` without `actual`"],
        ),
        (("actual: 40", "actual: 40, kpi: cameras_seen"), ["index_tree.0.kpi: there is no cameras_seen; there are: "]),
        (("reason: 制度齐全", 'reason: "制度\\a"'), ["index_tree.1.reason: should hold printable characters alone"]),
        (
            ("year: 2026", "year: 2026\nmonitoring: {as_of: 2026-07-01, readings: {rules: {actual: 1}}}"),
            ["monitoring.readings.rules: there is no rules; there are: cameras"],
        ),
        (("actual: 40", "actual: 40, floor: 3"), ["`floor` belongs to the rule floor"]),
        (("kind: assessed", "kind: guessed"), ["10:5: index_tree.1: kind should be assessed or quantitative"]),
        (("组织实施, 管理制度健全性]", "一, 二, 三]"), ["index_tree.1.path: has too many entries"]),
        (
            ("[项目管理, 组织实施, 管理制度健全性]", "[项目产出]"),
            ["index_tree.1.path: 项目产出 has indicators below it"],
        ),
        (("year: 2026", "year: 2025"), ["period: the period 2026-01-01 to 2026-12-31 is not in the year 2025"]),
        (("to: 2026-12-31", "to: 2025-12-31"), ["5:1: period: `to` should not lie before `from`"]),
        (("year: 2026", "year: 2026\nyear: 2026"), ["this key stands twice"]),
        (
            ("year: 2026", "year: 2026\ntargets: {camra_online: {target: 1}}"),
            ["5:11: targets.camra_online: there is no"],
        ),
        (
            ("year: 2026", "year: 2026\npublished: {项目产: 1, total: 1, grade: 差}"),
            ["published.项目产: there is no 项目产"],
        ),
        (("year: 2026", "year: 2026\nmode: 自评"), ["mode: should be one of 单位自评, 部门评价, 财政评价"]),
        (
            ("evaluation_done_by: 第三方", "evaluation_done_by: 本单位\nmode: 财政评价"),
            ["4:1: mode: the unit evaluates itself (`evaluation_done_by`): that is 单位自评, not 财政评价"],
        ),
        (("year: 2026", "year: 2026\ntexts: {前言: x}"), ["texts.前言: there is no 前言"]),
    ],
)
def test_a_mistake_is_named_by_place_and_remedy(change: tuple[str, str], told: list[str], tmp_path: Path) -> None:
    text = HEAD + TREE
    assert change[0] in text
    lines = refused(tmp_path, text.replace(*change, 1))
    assert len(lines) == len(told)
    assert [part for part, line in zip(told, lines, strict=True) if part not in line] == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("contract: c1", "contract: c2"), "records.payments.0.contract: there is no c2; there are: c1"),
        (("item: i1", "item: i2"), "records.acceptances.0.item: there is no i2; there are: i1"),
        (("budget_line: hardware", "budget_line: software"), "records.contracts.0.budget_line: there is no software"),
        (
            ("items: [", "items: [{id: i1, name: 球机, quantity: 12}, "),
            "records.contracts.0.items.1.id: the id i1 stands",
        ),
        (("paid: 2026-03-01", "paid: March"), "records.payments.0.paid: should be a day such as 2026-03-01"),
    ],
)
def test_records_refer_to_what_is_there(change: tuple[str, str], told: str, tmp_path: Path) -> None:
    assert change[0] in RECORDS
    lines = refused(tmp_path, HEAD + TREE + RECORDS.replace(*change, 1))
    assert len(lines) == 1
    assert told in lines[0]


def test_a_mistake_is_told_in_chinese_too(tmp_path: Path) -> None:
    assert refused(tmp_path, (HEAD + TREE).replace("points: 60", "points: 61"), Language.CHINESE) == [
        "8:1：index_tree：各项分值合计 101，应为 100；请改 points"
    ]
    assert (
        "given 为 45，超过本项分值 40"
        in refused(tmp_path, (HEAD + TREE).replace("given: 35", "given: 45"), Language.CHINESE)[0]
    )
    for right, wrong, told in (
        ("year: 2026", "year: 26", "4:1：year：应不小于 2000"),
        ("rule: proportional", "rule: half", "index_tree.0.rule：应为 'proportional', 'met_or_zero' 或 'floor'"),
        ("year: 2026", 'year: 2026\n"\\e[1m": x', "5:1：[1m：没有这个键"),
    ):
        assert told in refused(tmp_path, (HEAD + TREE).replace(right, wrong), Language.CHINESE)[0]


def test_a_file_of_another_year_or_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    with pytest.raises(SettingsError, match="--start county"):
        load_facts(path, 2026, Language.ENGLISH)
    path.write_text(HEAD + TREE + RECORDS, encoding="utf-8")
    assert load_facts(path, 2026, Language.ENGLISH).records.payments[0].amount_cny == 900
    with pytest.raises(SettingsError, match=r"facts.yaml:4:1: the file is of 2026, asked is 2025"):
        load_facts(path, 2025, Language.ENGLISH)


@pytest.mark.parametrize(
    ("tree", "levels"),
    [
        ("county", [15, 25, 30, 30]),
        ("self_evaluation", [10, 50, 30, 10]),
        ("self_evaluation_cost", [10, 20, 40, 20, 10]),
        ("empty", []),
    ],
)
def test_a_shipped_tree_has_its_weights_and_asks_for_what_is_to_be_filled_in(
    tree: str, levels: list[int], tmp_path: Path
) -> None:
    sums: dict[str, int] = {}
    for one in TREES[tree]:
        name = one.path.partition("/")[0]
        sums[name] = sums.get(name, 0) + int(one.points)
    assert list(sums.values()) == levels
    lines = refused(tmp_path, facts_file(tree, 2026))
    assert all("index_tree" in line or "more" in line for line in lines)
    values = YAML(typ="safe").load(facts_file(tree, 2026))
    assert len(values["index_tree"] or ()) == len(TREES[tree])


def test_a_shipped_tree_can_be_evaluated_once_it_is_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    filled = "given: 1, assessor: 评价组, reason: 齐全"
    for tree in ("county", "self_evaluation", "self_evaluation_cost"):
        text = facts_file(tree, 2026).replace("given: null, assessor: null, reason: null", filled)
        path.write_text(text, encoding="utf-8")
        assert len(load_facts(path, 2026, Language.ENGLISH).index_tree) == len(TREES[tree])


@pytest.mark.parametrize(("name", "year"), [(COUNTY_2024, 2024), (EXAMPLE_2026, 2026)])
def test_the_years_of_the_handbook_are_read(name: str, year: int) -> None:
    assert load_facts(case_file(name), year, Language.ENGLISH).year == year
