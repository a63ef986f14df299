"""How values of figures, weights and lengths of time are written."""

from decimal import Decimal

import pytest

from central.core.kpis import INDICATORS, Unit
from central.core.kpis.registry.values import change_text, length_text, sums_text, value_text, weight_text
from protocol.texts import Language

ZH, EN = Language.CHINESE, Language.ENGLISH


@pytest.mark.parametrize(
    ("seconds", "chinese", "english"),
    [
        (7_200, "2.00 小时", "2.00 h"),
        (3_600, "1.00 小时", "1.00 h"),
        (3_570, "59.5 分钟", "59.5 min"),
        (-45, "-0.8 分钟", "-0.8 min"),
        (0, "0.00 小时", "0.00 h"),
        (28_514_880, "7,920.80 小时", "7,920.80 h"),
    ],
)
def test_a_duration_is_told_in_hours_and_a_short_one_in_minutes(seconds: float, chinese: str, english: str) -> None:
    assert value_text(seconds, Unit.SECONDS, ZH) == chinese
    assert value_text(seconds, Unit.SECONDS, EN) == english


def test_values_by_their_unit() -> None:
    assert value_text(None, Unit.RATIO, EN) == "no figure"
    assert value_text(0.9372, Unit.RATIO, ZH) == "93.72%"
    assert value_text(12_345.6, Unit.MONEY, ZH) == "12,345.60 元"
    assert value_text(82.5, None, EN) == "82.50"


@pytest.mark.parametrize(
    ("change", "unit", "said"),
    [
        (-0.05, Unit.RATIO, "−5.00 points"),
        (0.0, Unit.RATIO, "±0.00 points"),
        (7_200, Unit.SECONDS, "+2.00 h"),
        (-90, Unit.SECONDS, "−1.5 min"),
        (-1.5, Unit.POINTS, "−1.50"),
        (0.949996 - 0.95, Unit.RATIO, "−0.0004 points"),
        (1, Unit.SECONDS, "+0.02 min"),
        (0.1 + 0.2 - 0.3, Unit.RATIO, "±0.00 points"),
    ],
)
def test_a_change_has_its_sign_and_of_shares_is_told_in_points(change: float, unit: Unit, said: str) -> None:
    assert change_text(change, unit, EN) == said


@pytest.mark.parametrize(
    ("value", "target", "unit", "said"),
    [
        (0.949996, 0.95, Unit.RATIO, "94.9996%"),
        (0.95, 0.95, Unit.RATIO, "95.00%"),
        (0.9372, 0.95, Unit.RATIO, "93.72%"),
        (7_201, 7_200, Unit.SECONDS, "2.0003 h"),
        (3_599.9, 3_600, Unit.SECONDS, "59.998 min"),
        (7_300_800, 7_200, Unit.SECONDS, "2,028.00 h"),
        (9_999.999, 10_000, Unit.MONEY, "CNY 9,999.999"),
    ],
)
def test_a_value_is_told_apart_from_its_target(value: float, target: float, unit: Unit, said: str) -> None:
    assert value_text(value, unit, EN, beside=target) == said


def test_no_sum_of_time_is_told_in_seconds() -> None:
    told = {name: sums_text(INDICATORS[name].formula, 3_679_600, 3_600, EN) for name in INDICATORS}
    assert told["closing_rate"] == "3,679,600 / 3,600"
    assert told["camera_online_rate"] == "1,022.1 / 1.0 h"
    assert told["handling_time"] == "3,600 cases"
    assert told["camera_mtbf"] == "1,022.1 h / 3,600"


@pytest.mark.parametrize(
    ("weight", "said"), [("0.30", "30%"), ("0.125", "12.5%"), ("1", "100%"), ("0.3333", "33.33%"), ("0.005", "0.5%")]
)
def test_a_weight_keeps_its_places(weight: str, said: str) -> None:
    assert weight_text(Decimal(weight)) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.4, "0 s"), (59.4, "59 s"), (60, "1 min"), (3_599, "1 h 0 min"), (3_570, "1 h 0 min"), (3_660, "1 h 1 min"),
        (86_399, "1 d 0 h"), (86_400, "1 d 0 h"), (176_400, "2 d 1 h"),
    ],
)  # fmt: skip
def test_lengths_of_time(seconds: float, said: str) -> None:
    assert length_text(seconds, EN) == said
