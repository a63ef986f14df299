"""Twelve months as SVG: well-formed, gaps where there is no value, edges around all that is drawn."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.kpis import Unit
from central.web.figures.chart import HEIGHT, Dot, Size, axis_of, drawing

VALUES = st.lists(st.none() | st.floats(0, 1), min_size=1, max_size=12)


def dots(*values: float | None) -> list[Dot]:
    return [Dot(f"{number}", value, f"{value}") for number, value in enumerate(values, 1)]


def parts(svg: str, tag: str) -> list[ET.Element]:
    return ET.fromstring(svg).findall(f".//{tag}")  # noqa: S314 - we wrote it a line ago


def test_a_month_without_a_value_leaves_a_gap_and_a_cross() -> None:
    svg = drawing(dots(0.5, None, 0.6, 0.7), Unit.RATIO, None, "s")
    line, cross = parts(svg, "path")
    assert (line.get("d") or "").count("M") == 2
    assert cross.get("class") == "gw-chart__none"
    assert len(parts(svg, "circle")) == 3


def test_texts_are_escaped() -> None:
    svg = drawing([Dot("<b>", 0.5, '"&')], Unit.RATIO, None, 'a "quoted" <summary>')
    assert "<b>" not in svg
    assert ET.fromstring(svg).get("aria-label") == 'a "quoted" <summary>'  # noqa: S314


def test_a_small_sample_is_drawn_hollow_and_a_plan_as_a_line() -> None:
    svg = drawing([Dot("1", 0.5, "", is_small=True)], Unit.RATIO, 0.9, "s")
    assert parts(svg, "circle")[0].get("class") == "gw-chart__dot gw-chart__dot--small"
    assert [line.get("class") for line in parts(svg, "line")].count("gw-chart__target") == 1


def test_narrow_drawings_label_every_third_month_and_the_last() -> None:
    svg = drawing(dots(*[0.5] * 12), Unit.RATIO, None, "s", Size.NARROW)
    assert [text.text for text in parts(svg, "text") if text.get("text-anchor") == "middle"] == ["3", "6", "9", "12"]


@pytest.mark.parametrize(
    ("values", "unit", "ticks"),
    [
        ([0.94, 0.98], Unit.RATIO, ["0.94", "0.95", "0.96", "0.97", "0.98"]),
        ([1.0], Unit.RATIO, ["0.75", "1"]),
        ([0.0], Unit.RATIO, ["0", "0.25"]),
        ([], Unit.RATIO, ["0", "0.25", "0.5", "0.75", "1"]),
        ([7_200.0, 10_800.0], Unit.SECONDS, ["0", "3600", "7200", "10800"]),
    ],
)
def test_edges_are_round(values: list[float], unit: Unit, ticks: list[str]) -> None:
    assert [f"{tick:.6g}" for tick in axis_of(values, unit).ticks] == ticks


@given(VALUES, st.none() | st.floats(0, 1))
def test_all_that_is_drawn_lies_within(values: list[float | None], target: float | None) -> None:
    svg = drawing(dots(*values), Unit.RATIO, target, "s")
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
