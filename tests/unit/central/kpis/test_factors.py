"""The change of a mean is split without a rest, and the change back is the same with the other sign."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.case_machine import CaseStatus
from central.core.kpis.factors import Cell, Effect, Factor, Leg, cells_of, change_of_mean, whole_seconds
from central.core.kpis.facts import CaseFact
from central.core.values import CaseSource

FOUND = datetime(2026, 3, 2, 1, tzinfo=UTC)
HOUR = 3600

cells = st.lists(
    st.builds(
        Cell,
        st.sampled_from(["0101", "0102", "0401"]),
        st.sampled_from(["u1", "u2", "u3"]),
        st.integers(1, 50),
        st.dictionaries(st.sampled_from(Leg), st.integers(0, 500_000), min_size=1),
    ),
    min_size=1,
    max_size=12,
)


def plain_mean(period: list[Cell]) -> Fraction:
    return Fraction(sum(sum(cell.seconds.values()) for cell in period), sum(cell.cases for cell in period))


@given(cells, cells)
def test_effects_add_up_to_the_change_of_the_plain_means(before: list[Cell], after: list[Cell]) -> None:
    change = change_of_mean(before, after)
    assert (change.before, change.after) == (plain_mean(before), plain_mean(after))
    assert sum(one.seconds for one in change.effects) == plain_mean(after) - plain_mean(before) == change.seconds
    assert sum(change.total(factor) for factor in Factor) == change.seconds


@given(cells, cells)
def test_the_change_back_has_the_same_effects_with_the_other_sign(before: list[Cell], after: list[Cell]) -> None:
    there, back = change_of_mean(before, after), change_of_mean(after, before)
    assert back.effects == tuple(replace(one, seconds=-one.seconds) for one in there.effects)
    assert whole_seconds(back.effects) == tuple(-value for value in whole_seconds(there.effects))


@given(cells)
def test_nothing_changed_has_no_effect(period: list[Cell]) -> None:
    assert {one.seconds for one in change_of_mean(period, period).effects} <= {0}


@given(st.lists(st.builds(Effect, st.sampled_from(Factor), st.text(max_size=3), st.fractions(-9999, 9999)), max_size=9))
def test_whole_seconds_add_up_and_lie_within_one_of_each(effects: list[Effect]) -> None:
    whole = whole_seconds(effects)
    total = sum((one.seconds for one in effects), Fraction(0))
    assert abs(sum(whole) - total) <= Fraction(1, 2)
    assert all(abs(value - one.seconds) < 2 for value, one in zip(whole, effects, strict=True))


def cell(code: str, unit: str, cases: int, hours_each: int) -> Cell:
    return Cell(code, unit, cases, {Leg.HANDLING: cases * hours_each * HOUR})


@pytest.mark.parametrize(
    ("after", "hours"),
    [
        # More of the slow class.
        ([cell("quick", "u1", 5, 1), cell("slow", "u1", 15, 9)], {Factor.CLASS_MIX: 2}),
        # The quick class takes longer.
        ([cell("quick", "u1", 10, 3), cell("slow", "u1", 10, 9)], {Factor.STAGE: 1}),
        # Half of the quick class goes to a department that takes as long: nothing changes.
        ([cell("quick", "u1", 5, 1), cell("quick", "u2", 5, 1), cell("slow", "u1", 10, 9)], {}),
        # ... to a department that takes 5 hours.
        ([cell("quick", "u1", 5, 1), cell("quick", "u2", 5, 5), cell("slow", "u1", 10, 9)], {Factor.DEPARTMENT: 1}),
        # A new class comes in place of the quick one.
        ([cell("new", "u3", 10, 5), cell("slow", "u1", 10, 9)], {Factor.CLASS_MIX: 2}),
    ],
)
def test_one_cause_is_one_effect(after: list[Cell], hours: dict[Factor, int]) -> None:
    change = change_of_mean([cell("quick", "u1", 10, 1), cell("slow", "u1", 10, 9)], after)
    assert {factor: change.total(factor) / HOUR for factor in Factor if change.total(factor)} == hours


def test_an_empty_period_is_not_split() -> None:
    change = change_of_mean([], [cell("quick", "u1", 1, 1)])
    assert (change.before, change.after, change.seconds, change.effects) == (None, HOUR, None, ())
    assert change.reason is not None


def fact(registered_h: float | None, dispatched_h: float | None, handled_h: float) -> CaseFact:
    def moment(hours: float | None) -> datetime | None:
        return None if hours is None else FOUND + timedelta(hours=hours)

    return CaseFact(
        "c", "n", CaseSource.DETECTOR, CaseStatus.CLOSED, FOUND, FOUND, code="0101", unit="u1",
        registered_at=moment(registered_h), dispatched_at=moment(dispatched_h), handled_at=moment(handled_h),
        found_to_handled_s=int(handled_h * HOUR), dispatched_to_handled_s=HOUR,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("case", "legs"),
    [
        (fact(1, 3, 6), (1, 2, 3)),
        (fact(3, 1, 6), (1, 0, 5)),
        (fact(None, 2, 6), (2, 0, 4)),
        (fact(-1, 9, 6), (0, 6, 0)),
    ],
)
def test_the_stages_of_a_case_sum_to_its_time(case: CaseFact, legs: tuple[int, int, int]) -> None:
    (only,) = cells_of([case], "found_to_handled_s", FOUND + timedelta(days=9))
    assert tuple(only.seconds[leg] // HOUR for leg in Leg) == legs


def test_only_timed_cases_count() -> None:
    timed, suspended = fact(1, 3, 6), replace(fact(1, 3, 60), was_suspended=True)
    (only,) = cells_of([timed, suspended], "dispatched_to_handled_s", FOUND + timedelta(days=9))
    assert (only.cases, only.seconds) == (1, {Leg.HANDLING: HOUR})


@pytest.mark.parametrize(
    ("after", "factor", "hours"),
    [
        (
            [cell("quick", "u1", 5, 1), cell("slow", "u1", 15, 9)],
            Factor.CLASS_MIX,
            {"quick": Fraction(5, 4), "slow": Fraction(3, 4)},
        ),
        (
            [cell("quick", "u1", 5, 1), cell("quick", "u2", 5, 5), cell("slow", "u1", 10, 9)],
            Factor.DEPARTMENT,
            {"u1": Fraction(1, 4), "u2": Fraction(3, 4)},
        ),
        (
            [cell("quick", "u1", 5, 1), cell("quick", "u2", 5, 1), cell("slow", "u1", 10, 9)],
            Factor.DEPARTMENT,
            {"u1": Fraction(0), "u2": Fraction(0)},
        ),
    ],
)
def test_losing_what_is_quick_lengthens_the_mean_as_gaining_what_is_slow_does(
    after: list[Cell], factor: Factor, hours: dict[str, Fraction]
) -> None:
    change = change_of_mean([cell("quick", "u1", 10, 1), cell("slow", "u1", 10, 9)], after)
    assert {one.of: one.seconds / HOUR for one in change.effects if one.factor is factor} == hours
