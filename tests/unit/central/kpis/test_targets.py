"""Targets and the time before the project: who may say what, how it is written, and what a file answers to mistakes."""

from datetime import date
from math import inf, nan
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.kpis import (
    INDICATORS,
    BadTarget,
    Beside,
    BookValue,
    Figure,
    Target,
    Targets,
    Unit,
    against_books,
    against_plan,
)
from central.core.kpis.files.baseline_file import baseline_in
from central.core.kpis.files.marked_yaml import TEXT_CHARS_MAX, BadFile
from central.core.kpis.files.target_file import TARGETS_MAX, targets_in
from central.core.kpis.targets import RANGES, written_value
from central.settings import SettingsError
from central.settings.figure_files import load_baseline, load_targets
from tests.support.sources import REPOSITORY

EXAMPLES = REPOSITORY / "docs" / "examples"
DAY = date(2026, 1, 1)
ONE = "  - {indicator: closing_rate, value: 95%, owner: 局长, since: 2026-01-01, reason: 年度目标}\n"


def said(value: float, since: date = DAY, group: str = "", reason: str = "计划") -> Target:
    return Target("closing_rate", value, "局长", since, reason, group)


@pytest.mark.parametrize(
    ("name", "told", "value"),
    [
        ("closing_rate", "0.95", 0.95),
        ("closing_rate", " 95% ", 0.95),
        ("closing_rate", "99.9%", 0.999),
        ("handling_time", "2h", 7200),
        ("handling_time", "30min", 1800),
        ("handling_time", "90s", 90),
        ("handling_time", "7200", 7200),
    ],
)
def test_a_value_as_people_write_it(name: str, told: str, value: float) -> None:
    assert written_value(name, told) == value


@pytest.mark.parametrize(
    ("name", "told", "why"),
    [
        ("nope", "1", "there is no figure 'nope'"),
        ("closing_rate", "95", "0.95 or 95%"),
        ("closing_rate", "-1%", "between 0 and 1"),
        ("closing_rate", "2h", "is a share"),
        ("handling_time", "95%", "is a time"),
        ("handling_time", "-1", "between 0"),
        ("handling_time", "inf", "no value"),
        ("closing_rate", "nan", "no value"),
        ("closing_rate", "９５%", "no value"),
        ("handling_time", "-0", "no value"),
        ("closing_rate", "", "no value"),
        ("closing_rate", "viel", "no value"),
    ],
)
def test_what_is_no_value_is_told_with_what_would_be(name: str, told: str, why: str) -> None:
    with pytest.raises(BadTarget, match=why):
        written_value(name, told)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"owner": " "}, "owner and a reason"),
        ({"reason": ""}, "owner and a reason"),
        ({"owner": "x" * 101}, "one line of 100"),
        ({"reason": "a\nb"}, "one line of 500"),
        ({"value": nan}, "not nan"),
        ({"value": inf}, "not inf"),
        ({"value": 1.01}, "between 0 and 1"),
        ({"since": date(1, 1, 1)}, "years 1990"),
        ({"group": "unit"}, "FIELD=VALUE"),
        ({"group": "number=E1"}, "FIELD=VALUE"),
        ({"group": "unit= "}, "FIELD=VALUE"),
        ({"group": "unit=a\nb"}, "FIELD=VALUE"),
        ({"group": "unit=" + "x" * 130}, "FIELD=VALUE"),
        ({"indicator": "nope"}, "there is no figure"),
        ({"indicator": "fairness_spread", "group": "unit=u1"}, "is not told apart"),
    ],
)
def test_a_target_that_nobody_can_stand_for(changed: dict[str, object], why: str) -> None:
    told = {"indicator": "closing_rate", "value": 0.9, "owner": "局长", "since": DAY, "reason": "计划", **changed}
    with pytest.raises(BadTarget, match=why):
        Target(**told)  # type: ignore[arg-type]


def test_a_group_may_hold_a_comma() -> None:
    assert said(0.9, group="unit=环卫所,一队").group == "unit=环卫所,一队"


@given(st.sampled_from(sorted(INDICATORS)), st.floats(allow_nan=True, allow_infinity=True))
def test_every_value_is_taken_or_refused_with_a_sentence(name: str, value: float) -> None:
    low, high = RANGES.get(INDICATORS[name].unit, (-1e15, 1e15))
    try:
        Target(name, value, "a", DAY, "b")
    except BadTarget:
        assert not low <= value <= high
    else:
        assert low <= value <= high


def test_nothing_is_taken_away_and_the_later_word_of_a_day_holds() -> None:
    first, second = said(0.9), said(0.95, date(2026, 6, 1))
    corrected, other = said(0.92), said(0.5, group="unit=u1")
    targets = Targets((second, first, other, corrected))
    assert targets.history("closing_rate") == [first, corrected, second]
    assert targets.on("closing_rate", date(2025, 12, 31)) is None
    assert targets.on("closing_rate", DAY) == targets.on("closing_rate", date(2026, 5, 31)) == corrected
    assert targets.on("closing_rate", date(2026, 6, 1)) == second
    assert targets.on("closing_rate", DAY, "unit=u1") == other


def test_only_new_words_are_new_and_a_day_has_one() -> None:
    targets = Targets((said(0.9), said(0.95)))
    assert targets.new([said(0.95)]) == ()
    assert targets.new([said(0.9)]) == (said(0.9),)
    assert targets.new([said(0.95, reason="又一个理由")]) == (said(0.95, reason="又一个理由"),)
    with pytest.raises(BadTarget, match="two targets for 2026-01-01"):
        targets.new([said(0.1), said(0.2)])


def test_a_new_word_is_of_no_person_and_no_minus_zero() -> None:
    with pytest.raises(BadTarget, match="no target is set for a person"):
        Targets().new([Target("seat_usage", 0.5, "局长", DAY, "计划", "person=wang")])
    with pytest.raises(BadTarget, match="closing_rate is no -0"):
        Targets().new([said(-0.0)])
    assert Targets().new([Target("seat_usage", 0.5, "局长", DAY, "计划", "seat=1")])


def test_what_is_better_neither_way_has_no_new_target_and_an_old_one_no_verdict() -> None:
    of_before = Target("public_report_rate", 0.1, "局长", DAY, "计划")
    with pytest.raises(BadTarget, match="neither way of public_report_rate"):
        Targets().new([of_before])
    beside = [against_plan(Figure("public_report_rate", value), of_before).is_better for value in (0.05, 0.1, 0.2)]
    assert beside == [None] * 3
    assert [of_before.is_met(value) for value in (0.05, 0.1, 0.2)] == [False, True, False]


def test_beside_a_target_and_the_books_stands_who_says_so() -> None:
    figure = Figure("closing_rate", 0.95, hits=95, total=100)
    plan = against_plan(figure, said(0.95))
    assert (plan.change, plan.is_better) == (0, True)
    assert plan.basis is not None
    assert plan.basis.en == "局长, since 2026-01-01: 计划"
    books = against_books(figure, BookValue("closing_rate", 0.7, "2023年度工作总结", "人工台账"))
    assert (books.beside, books.is_better) == (Beside.BASELINE, True)
    assert books.basis is not None
    assert books.basis.zh == "2023年度工作总结：人工台账"
    assert against_plan(figure, None).basis is None


def test_the_examples_are_taken() -> None:
    targets = load_targets(EXAMPLES / "targets.yaml")
    assert {(one.indicator, one.value) for one in targets} >= {("active_finding_rate", 0.9), ("handling_time", 7200)}
    before = load_baseline(EXAMPLES / "baseline.yaml", ZoneInfo("Asia/Shanghai"))
    assert before.period is not None
    books = before.of("handling_time")
    assert books is not None
    assert books.value == 12 * 3600
    assert before.of("rework_rate") is None


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ["1:1: the text is empty"]),
        ("targets: []\n", ["1:10: targets is a list of 1 to 500"]),
        ("target:\n" + ONE, ["1:1: 'target' is not known here"]),
        ("targets:\n" + ONE + ONE, ["3:5: closing_rate has two targets for 2026-01-01"]),
        ("targets:\n" + ONE.replace("closing_rate", "nope"), ["2:17: there is no figure 'nope'"]),
        ("targets:\n" + ONE.replace("95%", "95"), ["2:38: closing_rate is a share"]),
        ("targets:\n" + ONE.replace("95%", ".nan"), ["2:38: '.nan' is no value"]),
        ("targets:\n" + ONE.replace("2026-01-01", "2026-02-30"), ["2:61: 2026-02-30 is no day"]),
        ("targets:\n" + ONE.replace("2026-01-01", "1.1.2026"), ["2:61: '1.1.2026' is not a day"]),
        ("targets:\n" + ONE.replace("owner: 局长, ", ""), ["2:5: owner missing"]),
        ("targets:\n" + ONE.replace("年度目标", "''"), ["2:81: expected a text"]),
        ("targets:\n" + ONE.replace("}", ", group: x}"), ["2:94: a group is FIELD=VALUE"]),
        (
            "targets:\n" + ONE.replace("closing_rate", "a") + ONE + ONE.replace("95%", "x"),
            ["2:17: there is no figure 'a'", "4:38: 'x' is no value"],
        ),
        ("targets: &a\n  - *a\n", ["1:10: this is used again"]),
        ("x: &a 1\ntargets:\n  - *a\n", ["1:4: this is used again"]),
        ("targets: [" * 40 + "]" * 40, ["nested deeper than"]),
        ("targets: {", ["not YAML"]),
        ("#" * (TEXT_CHARS_MAX + 1), ["1:1: longer than"]),
        ("targets:\n" + "  - 1\n" * (TARGETS_MAX + 1), ["2:3: targets is a list of 1 to 500"]),
    ],
)
def test_mistakes_of_a_file_are_told_by_place_and_nothing_is_taken(
    text: str, faults: list[str], tmp_path: Path
) -> None:
    with pytest.raises(BadFile) as caught:
        targets_in(text)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(faults)
    assert all(fault in line for fault, line in zip(faults, lines, strict=True)), lines
    file = tmp_path / "t.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=str(file)):
        load_targets(file)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("period: {from: 2024-01-01}\n", "1:9: to missing"),
        ("period: {from: 2024-01-01, to: 2024-01-01}\n", "1:9: the period is empty"),
        ("values:\n  - {indicator: closing_rate, value: 70%, reason: r}\n", "2:5: source missing"),
        (
            "values:\n" + "  - {indicator: closing_rate, value: 70%, source: s, reason: r}\n" * 2,
            "3:5: closing_rate stands",
        ),
        ("values: 1\n", "1:9: values is a list"),
    ],
)
def test_mistakes_of_a_baseline(text: str, fault: str) -> None:
    with pytest.raises(BadFile, match=fault):
        baseline_in(text)


def test_every_unit_of_a_figure_has_a_range() -> None:
    assert RANGES.keys() <= set(Unit)
