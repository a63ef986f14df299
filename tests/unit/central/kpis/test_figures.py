"""Figures: published numbers come out, nothing to divide is no number, every definition can be read."""

import math
from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.kpis.comparison import Beside, against_plan, compared
from central.core.kpis.facts import CaseFact
from central.core.kpis.figures import Figure, duration_of, figure_of, spread_of, times_of, wilson
from central.core.kpis.registry.conditions import told
from central.core.kpis.registry.counters import COUNTERS
from central.core.kpis.registry.indicators import GROUPS, INDICATORS, Better, Duration, Ratio, Spread, Unrecorded
from central.core.kpis.targets import BadTarget, Target, Targets
from protocol.texts import Language

TIANMEN = {
    "registered": 996, "to_close": 972, "closed": 911, "closed_after_limit_met": 737, "events_to_close": 956,
    "events_closed": 902, "components_to_close": 16, "components_closed": 9, "registered_collector": 953,
    "registered_public": 43, "registered_active": 953,
}  # fmt: skip
PUBLISHED = [
    ("closing_rate", 93.72),
    ("closing_within_limit_rate", 75.82),
    ("event_closing_rate", 94.35),
    ("component_closing_rate", 56.25),
    ("collector_share", 95.68),
    ("public_report_rate", 4.32),
    ("active_finding_rate", 95.68),
]


@pytest.mark.parametrize(("name", "percent"), PUBLISHED)
def test_the_published_month_of_a_city_comes_out(name: str, percent: float) -> None:
    value = figure_of(INDICATORS[name], TIANMEN).value
    assert value is not None
    assert round(value * 100, 2) == percent


def test_nothing_to_divide_is_no_number_and_says_why() -> None:
    for indicator in INDICATORS.values():
        if isinstance(indicator.formula, Ratio | Unrecorded):
            figure = figure_of(indicator, {})
            assert figure.value is None
            assert figure.reason is not None
            assert figure.reason.zh
            assert figure.reason.en
    empty = duration_of(INDICATORS["handling_time"], [], [], {})
    assert (empty.value, empty.times and empty.times.count) == (None, 0)


def test_without_a_public_channel_active_finding_means_nothing_and_keeps_its_numbers() -> None:
    figure = figure_of(INDICATORS["active_finding_rate"], {"registered": 50, "registered_active": 50})
    assert (figure.value, figure.hits, figure.total) == (None, 50, 50)
    assert figure.reason is not None
    assert "public" in figure.reason.en


def test_a_small_sample_is_shown_and_marked() -> None:
    small = figure_of(INDICATORS["closing_rate"], {"closed": 2, "to_close": 3})
    large = figure_of(INDICATORS["closing_rate"], {"closed": 20, "to_close": 30})
    assert (small.is_below_minimum, large.is_below_minimum) == (True, False)
    assert small.value == pytest.approx(2 / 3)


def test_what_is_left_out_is_told() -> None:
    figure = figure_of(INDICATORS["registration_rate"], {"reported": 1, "self_handled": 7})
    assert figure.excluded == {"self_handled": 7}


def test_every_ratio_counts_one_cohort() -> None:
    for indicator in INDICATORS.values():
        if isinstance(indicator.formula, Ratio):
            ratio = indicator.formula
            assert COUNTERS[ratio.numerator].cohort is COUNTERS[ratio.denominator].cohort
            assert set(ratio.excluded) <= COUNTERS.keys()


def test_every_formula_names_what_there_is() -> None:
    known = {field.name for field in fields(CaseFact)}
    assert set(GROUPS) <= known
    for indicator in INDICATORS.values():
        match indicator.formula:
            case Duration(field, counter, excluded):
                assert field in known
                assert {counter, *excluded} <= COUNTERS.keys()
            case Spread(of, by):
                assert of in INDICATORS
                assert by in GROUPS
            case _:
                pass


@pytest.mark.parametrize("name", COUNTERS)
def test_every_condition_can_be_read(name: str) -> None:
    assert told(COUNTERS[name].condition, Language.CHINESE)
    assert told(COUNTERS[name].condition, Language.ENGLISH)


def test_wilson_against_a_published_example() -> None:
    low, high = wilson(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


@given(total=st.integers(1, 10**7), share=st.floats(0, 1))
def test_an_interval_holds_its_share(total: int, share: float) -> None:
    hits = round(total * share)
    low, high = wilson(hits, total)
    assert 0 <= low <= hits / total <= high <= 1


@given(st.lists(st.integers(0, 10**7), min_size=1))
def test_times_lie_where_they_should(seconds: list[int]) -> None:
    times = times_of(seconds)
    assert times.p50_s in seconds
    assert times.p90_s in seconds
    assert times.p50_s <= times.p90_s
    assert sum(one <= times.p50_s for one in seconds) * 2 >= len(seconds)
    assert math.isclose(times.mean_s or 0, sum(seconds) / len(seconds))


def test_a_spread_leaves_small_groups_out() -> None:
    rates = [
        figure_of(INDICATORS["closing_rate"], {"closed": closed, "to_close": total}, group)
        for group, closed, total in (("a", 30, 40), ("b", 40, 40), ("c", 0, 2))
    ]
    spread = spread_of(INDICATORS["fairness_spread"], rates)
    assert (spread.value, spread.total, spread.excluded) == (0.25, 2, {"groups_below_minimum": 1})
    assert spread_of(INDICATORS["fairness_spread"], rates[:1]).value is None


def test_a_target_has_owner_day_reason_and_history() -> None:
    first = Target("closing_rate", 0.9, "张局", date(2025, 1, 1), "年度目标")
    second = Target("closing_rate", 0.95, "张局", date(2026, 1, 1), "上年已达到")
    targets = Targets((second, first))
    assert targets.history("closing_rate") == [first, second]
    assert targets.on("closing_rate", date(2025, 12, 31)) == first
    assert targets.on("closing_rate", date(2026, 1, 1)) == second
    assert targets.on("closing_rate", date(2024, 12, 31)) is None
    assert (second.is_met(0.95), second.is_met(0.94)) == (True, False)
    assert Target("late_rate", 0.05, "张局", date(2026, 1, 1), "年度目标").is_met(0.04)


@pytest.mark.parametrize(
    ("name", "owner", "reason"), [("nope", "a", "b"), ("closing_rate", " ", "b"), ("late_rate", "a", "")]
)
def test_a_target_that_nobody_stands_for_is_refused(name: str, owner: str, reason: str) -> None:
    with pytest.raises(BadTarget):
        Target(name, 0.9, owner, date(2026, 1, 1), reason)


def test_comparisons_know_which_way_is_better() -> None:
    closing, late = Figure("closing_rate", 0.9), Figure("late_rate", 0.1)
    assert compared(closing, Beside.LAST_YEAR, 0.8).is_better is True
    assert compared(late, Beside.LAST_YEAR, 0.05).is_better is False
    assert compared(closing, Beside.LAST_PERIOD, None).change is None
    assert compared(closing, Beside.LAST_PERIOD, 0.9).is_better is None
    assert against_plan(closing, Target("closing_rate", 0.9, "a", date(2026, 1, 1), "b")).is_better is True
    assert against_plan(closing, None).other is None


def test_what_sums_to_one_is_not_better_both_ways() -> None:
    for name in ("public_report_rate", "collector_share", "verification_true_rate"):
        now = Figure(name, 0.2)
        assert [compared(now, Beside.LAST_YEAR, other).is_better for other in (0.1, 0.2, 0.3)] == [None] * 3
        assert INDICATORS[name].note is not None
    active, public = (INDICATORS[name].better for name in ("active_finding_rate", "public_report_rate"))
    assert (active, public) == (Better.HIGHER, Better.NEITHER)
