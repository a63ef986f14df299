"""Twelve months as SVG: well-formed, gaps where there is no value, edges around all that is drawn."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.kpis import Unit
from central.web.figures.chart import HEIGHT, Caption, Dot, Size, axis_of, drawing, tick_text
from protocol.texts import Language

VALUES = st.lists(st.none() | st.floats(0, 1), min_size=1, max_size=12)
ZH, EN = Language
SAID = Caption("s", ZH)


def dots(*values: float | None) -> list[Dot]:
    return [Dot(f"{number}", value, f"{value}") for number, value in enumerate(values, 1)]


def parts(svg: str, tag: str) -> list[ET.Element]:
    return ET.fromstring(svg).findall(f".//{tag}")  # noqa: S314 - we wrote it a line ago


def test_a_month_without_a_value_leaves_a_gap_and_a_cross() -> None:
    svg = drawing(dots(0.5, None, 0.6, 0.7), Unit.RATIO, None, SAID)
    line, cross = parts(svg, "path")
    assert (line.get("d") or "").count("M") == 2
    assert cross.get("class") == "gw-chart__none"
    assert len(parts(svg, "circle")) == 3


def test_texts_are_escaped() -> None:
    svg = drawing([Dot("<b>", 0.5, '"&')], Unit.RATIO, None, Caption('a "quoted" <summary>', ZH))
    assert "<b>" not in svg
    assert ET.fromstring(svg).get("aria-label") == 'a "quoted" <summary>'  # noqa: S314


def test_a_small_sample_is_drawn_hollow_and_a_plan_as_a_line() -> None:
    svg = drawing([Dot("1", 0.5, "", is_small=True)], Unit.RATIO, 0.9, SAID)
    assert parts(svg, "circle")[0].get("class") == "gw-chart__dot gw-chart__dot--small"
    assert [line.get("class") for line in parts(svg, "line")].count("gw-chart__target") == 1


def test_narrow_drawings_label_every_third_month_and_the_last() -> None:
    svg = drawing(dots(*[0.5] * 12), Unit.RATIO, None, SAID, Size.NARROW)
    assert [text.text for text in parts(svg, "text") if text.get("text-anchor") == "middle"] == ["3", "6", "9", "12"]


@pytest.mark.parametrize(
    ("values", "unit", "ticks"),
    [
        ([0.94, 0.98], Unit.RATIO, ["0.94", "0.95", "0.96", "0.97", "0.98"]),
        ([1.0], Unit.RATIO, ["0.75", "1"]),
        ([0.0], Unit.RATIO, ["0", "0.25"]),
        ([], Unit.RATIO, ["0", "0.25", "0.5", "0.75", "1"]),
        ([7_200.0, 10_800.0], Unit.SECONDS, ["0", "3600", "7200", "10800"]),
        ([78.0, 120.0], Unit.SECONDS, ["0", "30", "60", "90", "120"]),
    ],
)
def test_edges_are_round(values: list[float], unit: Unit, ticks: list[str]) -> None:
    assert [f"{tick:.6g}" for tick in axis_of(values, unit).ticks] == ticks


@pytest.mark.parametrize(
    ("top", "unit", "zh", "en"),
    [
        (15_000.0, Unit.POINTS, "0|5,000|10,000|15,000", "0|5,000|10,000|15,000"),
        (9.9e6, Unit.SECONDS, "0 小时|1,000 小时|2,000 小时|3,000 小时", "0 h|1,000 h|2,000 h|3,000 h"),
        (90.0, Unit.SECONDS, "0 分钟|0.5 分钟|1 分钟|1.5 分钟", "0 min|0.5 min|1 min|1.5 min"),
        (
            15e5,
            Unit.MONEY,
            "0 元|500,000 元|1,000,000 元|1,500,000 元",
            "CNY 0|CNY 500,000|CNY 1,000,000|CNY 1,500,000",
        ),
        (1.0, Unit.RATIO, "75%|100%", "75%|100%"),
    ],
)
def test_lines_say_whole_numbers_and_units_in_the_language(top: float, unit: Unit, zh: str, en: str) -> None:
    axis = axis_of([top], unit)
    assert "|".join(tick_text(tick, axis, unit, ZH) for tick in axis.ticks) == zh
    assert "|".join(tick_text(tick, axis, unit, EN) for tick in axis.ticks) == en


@given(VALUES, st.none() | st.floats(0, 1))
def test_all_that_is_drawn_lies_within(values: list[float | None], target: float | None) -> None:
    svg = drawing(dots(*values), Unit.RATIO, target, SAID)
    for circle in parts(svg, "circle"):
        assert 0 <= float(circle.get("cy") or -1) <= HEIGHT
    for line in parts(svg, "line"):
        assert 0 <= float(line.get("y1") or -1) <= HEIGHT


@given(st.lists(st.floats(0, 1e7), min_size=1, max_size=12), st.sampled_from([Unit.SECONDS, Unit.POINTS, Unit.MONEY]))
def test_few_lines_for_any_values(values: list[float], unit: Unit) -> None:
    axis = axis_of(values, unit)
    assert axis.low <= min(values)
    assert axis.high >= max(values) * (1 - 1e-9)
    assert 2 <= len(axis.ticks) <= 8
