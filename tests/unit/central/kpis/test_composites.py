"""Composite scores: the tables of the trade come out, a missing part is no score, a city's table is read or refused."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.kpis.composites import (
    BANDS,
    SHIPPED,
    BadTable,
    Part,
    Share,
    Step,
    Steps,
    scored,
    shown,
    tables_in,
)
from central.core.kpis.figures import Figure, figure_of
from central.core.kpis.measured import Reading, measured_of
from central.core.kpis.registry.indicators import INDICATORS, Better, Measured

MONTH = {
    "registered": 120, "to_close": 100, "closed": 90, "dispatched": 110, "to_handle": 110, "handled_in_time": 88,
    "handled": 100, "reworked": 5, "registered_in_time": 120, "registered_not_voided": 114, "closed_in_time": 81,
    "to_dispatch": 120, "dispatched_in_time": 108, "dispatched_right": 96,
}  # fmt: skip


def figures(counts: dict[str, int], *names: str) -> dict[str, Figure]:
    return {
        name: measured_of(INDICATORS[name], Reading())
        if isinstance(INDICATORS[name].formula, Measured)
        else figure_of(INDICATORS[name], counts)
        for name in names
    }


def shares(table: str) -> list[str]:
    return [part.of.id for part in SHIPPED[table].parts if isinstance(part.of, Share)]


@pytest.mark.parametrize(
    ("table", "points", "grade"),
    [
        ("department", Fraction(10 * 75 + 30 * 90 + 30 * 80 + 30 * (100 - 5), 100), "B"),
        ("shift_leader", Fraction(25 * 100 + 40 * 95 + 35 * 90, 100), "A"),
        ("dispatcher", Fraction(20 * 40 + 40 * 90 + 40 * 80, 100), "B"),
    ],
)
def test_the_tables_of_the_trade_come_out_exactly(table: str, points: Fraction, grade: str) -> None:
    score = scored(SHIPPED[table], figures(MONTH, *shares(table)), MONTH)
    assert score.points == points
    assert score.band is not None
    assert score.band.grade == grade
    assert score.reason is None


@pytest.mark.parametrize(
    ("table", "counter", "count", "points"),
    [
        *(("department", "registered", count, points) for count, points in (
            (0, 100), (50, 100), (51, 90), (100, 90), (101, 75), (200, 75), (201, 60), (500, 60), (501, 40), (1000, 40),
            (1001, 0), (99_999, 0),
        )),
        *(("region_1", "registered", count, points) for count, points in (
            (0, 100), (1, 90), (2, 90), (3, 75), (5, 60), (7, 40), (8, 40), (9, 0),
        )),
        *(("region_2", "registered", count, points) for count, points in ((3, 90), (4, 75), (6, 60), (9, 40), (10, 0))),
        *(("acceptor", "reported_accepted", count, points) for count, points in (
            (0, 0), (100, 0), (101, 40), (301, 60), (501, 75), (1200, 75), (1201, 90), (2000, 90), (2001, 100),
        )),
    ],
)  # fmt: skip
def test_steps_change_at_their_edges(table: str, counter: str, count: int, points: int) -> None:
    steps = next(part.of for part in SHIPPED[table].parts if part.of.id == counter)
    assert isinstance(steps, Steps)
    assert steps.points(count) == points


@pytest.mark.parametrize("name", SHIPPED)
def test_an_empty_period_has_no_score_and_names_what_lacks(name: str) -> None:
    table = SHIPPED[name]
    score = scored(table, figures({}, *shares(name)), {})
    assert (score.points, score.band) == (None, None)
    assert {one.part.of.id for one in score.lacking} == {part.of.id for part in table.parts}
    assert score.reason is not None
    for part in table.parts:
        assert part.of.names.zh in score.reason.zh
        assert part.of.names.en in score.reason.en


def test_a_post_with_one_part_that_nobody_records_has_no_score() -> None:
    counts = {
        "reported_collector": 10, "reported_valid_collector": 10, "verify_asked": 4, "verified_in_time": 4,
        "check_asked": 4, "checked_in_time": 4,
    }  # fmt: skip
    score = scored(SHIPPED["collector"], figures(counts, *shares("collector")), counts)
    assert score.points is None
    assert [one.part.of.id for one in score.lacking] == ["missed_report_rate"]
    assert scored(SHIPPED["collector"], {}, counts).points is None


def test_a_score_on_few_cases_is_marked() -> None:
    few = {name: value // 10 for name, value in MONTH.items()}
    table = SHIPPED["department"]
    assert scored(table, figures(few, *shares("department")), few).is_below_minimum
    assert not scored(table, figures(MONTH, *shares("department")), MONTH).is_below_minimum


@given(st.fractions(0, 100))
def test_what_is_read_stands_in_the_band_that_is_given(points: Fraction) -> None:
    cut = shown(points)
    assert 0 <= points - Fraction(cut) < Fraction(1, 100)
    grade = next(band for band in BANDS if points >= band.at_least)
    assert next(band for band in BANDS if cut >= band.at_least) is grade


@given(st.integers(1, 500), st.data())
def test_one_more_closed_case_never_lowers_a_score(total: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, total - 1))
    table = replace(SHIPPED["department"], parts=(Part(Share("closing_rate"), Decimal(1)),))
    low, high = (
        scored(table, figures({"to_close": total, "closed": closed}, "closing_rate"), {}).points
        for closed in (hits, hits + 1)
    )
    assert low is not None
    assert high is not None
    assert high - low == Fraction(100, total)


def test_wrong_tables_are_refused() -> None:
    table = SHIPPED["department"]
    with pytest.raises(BadTable, match=r"sum to 0\.70, not to 1"):
        replace(table, parts=table.parts[:-1])
    with pytest.raises(BadTable, match="twice"):
        replace(table, parts=(*table.parts, table.parts[0]))
    with pytest.raises(BadTable, match="no rate"):
        Share("handling_time")
    with pytest.raises(BadTable, match="begin at 0"):
        Steps("registered", (Step(1, Decimal(100)),))
    with pytest.raises(BadTable, match="fall"):
        replace(table, bands=tuple(reversed(BANDS[:-1])) + BANDS[-1:])


CITY = """\
tables:
  - id: our_departments
    names: {zh: 部门考核, en: our departments}
    subject: department
    source: 某市考核办法 2026
    parts:
      - indicator: closing_rate
        weight: 0.60
      - counter: registered
        weight: 0.40
        steps: {0: 100, 51: 90.5}
    bands:
      - {grade: 优, at_least: 90, colour: {zh: 绿, en: green}}
      - {grade: 差, at_least: 0, colour: {zh: 黑, en: black}}
"""


def test_a_citys_own_table_is_read() -> None:
    (table,) = tables_in(CITY)
    score = scored(table, figures(MONTH, "closing_rate"), MONTH)
    assert score.points == Fraction(9020, 100)
    assert score.band is not None
    assert score.band.grade == "优"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("weight: 0.60", "weight: 0.70", "7:7: the weights of our_departments sum to 1.10, not to 1"),
        ("weight: 0.60", "weight: a lot", "8:17: 'a lot' is not a number"),
        ("weight: 0.60", "weight: .nan", "8:17: '.nan' is not a number"),
        ("weight: 0.60", "weight: 0", "8:17: the weight of closing_rate lies above 0"),
        ("closing_rate", "closing_rat", "7:20: there is no figure 'closing_rat'"),
        ("subject: department", "subject: town", "4:14: 'town' is not one of region, department, post"),
        ("{0: 100, 51: 90.5}", "{5: 100}", "9:18: the steps of registered begin at 0"),
        ("{0: 100, 51: 90.5}", "{0: 100, 0: 90}", "9:18: the steps of registered rise"),
        ("{0: 100, 51: 90.5}", "{0: 100, x: 90}", "11:25: 'x' is not a whole number"),
        ("    source: 某市考核办法 2026\n", "", "2:5: source missing"),
        ("    subject:", "    colour: red\n    subject:", "4:5: 'colour' is not known here"),
        ("    subject:", "    id: other\n    subject:", "4:5: id stands twice"),
        (
            "counter: registered\n",
            "counter: registered\n        indicator: late_rate\n",
            "9:9: a part names an indicator",
        ),
        ("tables:", "tables: [", "not YAML"),
        (CITY, "", "1:1: the text is empty"),
        (CITY, "tables: []", "1:9: tables is a list of 1 to 100"),
        (CITY, "[" * 100, "1:1: nested deeper"),
        (CITY, "x" * 200_001, "1:1: longer than 200000 characters"),
        (CITY, CITY + CITY.removeprefix("tables:\n"), "15:5: the id our_departments stands twice"),
    ],
)
def test_a_mistake_is_told_by_line_and_column(old: str, new: str, told: str) -> None:
    assert old in CITY
    with pytest.raises(BadTable) as refused:
        tables_in(CITY.replace(old, new, 1))
    assert told in str(refused.value)


def test_every_table_with_a_mistake_is_told() -> None:
    second = CITY.removeprefix("tables:\n").replace("our_departments", "others").replace("0.60", "0.50")
    with pytest.raises(BadTable) as refused:
        tables_in(CITY.replace("0.60", "0.70") + second)
    assert [line.partition(": ")[0] for line in str(refused.value).splitlines()] == ["7:7", "20:7"]


@given(st.text(max_size=200))
def test_no_text_makes_anything_but_tables_or_a_refusal(text: str) -> None:
    with pytest.raises(BadTable):
        tables_in(text)


def test_a_rate_of_which_neither_way_is_better_gives_no_points() -> None:
    with pytest.raises(BadTable, match="neither way of public_report_rate"):
        Share("public_report_rate")
    assert all(
        INDICATORS[one.of.indicator].better is not Better.NEITHER
        for table in SHIPPED.values()
        for one in table.parts
        if isinstance(one.of, Share)
    )
