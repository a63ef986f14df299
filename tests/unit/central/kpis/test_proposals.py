"""Targets from a figure's own months: three levels with their chances, or a sentence why there are none."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.cli.figures.change_commands import proposal_lines
from central.core.kpis.figures import Figure
from central.core.kpis.periods import CalendarUnit, Period, period_of
from central.core.kpis.phases import Note
from central.core.kpis.proposals import MONTHS_MAX, MONTHS_MIN, Level, proposal_of
from central.core.kpis.registry.indicators import INDICATORS, Better
from protocol.texts import Language

RATE, TIME = "closing_rate", "handling_time"


def months(values: list[float | None], name: str = RATE, last_year: int = 2025) -> list[tuple[Period, Figure]]:
    """Months that end with December of `last_year`."""
    first = 12 * (last_year + 1) - len(values)
    return [
        (
            period_of(CalendarUnit.MONTH, date((first + at) // 12, (first + at) % 12 + 1, 1)),
            Figure(name, value, total=100),
        )
        for at, value in enumerate(values)
    ]


YEAR = [0.80, 0.81, 0.82, 0.83, 0.84, 0.85, 0.86, 0.87, 0.88, 0.89, 0.90, 0.91]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (RATE, [(Level.FLOOR, 0.81, 11), (Level.TARGET, 0.84, 8), (Level.STRETCH, 0.89, 3)]),
        (TIME, [(Level.FLOOR, 0.90, 11), (Level.TARGET, 0.87, 8), (Level.STRETCH, 0.82, 3)]),
    ],
)
def test_a_year_gives_three_levels(name: str, expected: list[tuple[Level, float, int]]) -> None:
    proposal = proposal_of(name, 2026, months([*YEAR], name))
    assert [(one.level, one.value, one.reached) for one in proposal.levels] == expected
    assert [one.chance for one in proposal.levels] == [Fraction(23, 26), Fraction(17, 26), Fraction(7, 26)]
    assert "2026" in proposal.words.zh


def test_months_of_trial_operation_count_and_are_told() -> None:
    history = [
        (month, replace(figure, notes=(Note.TRIAL_OPERATION,)) if at < 3 else figure)
        for at, (month, figure) in enumerate(months([*YEAR]))
    ]
    proposal, plain = proposal_of(RATE, 2026, history), proposal_of(RATE, 2026, months([*YEAR]))
    assert (proposal.levels, proposal.trial_months, plain.trial_months) == (plain.levels, 3, 0)
    assert "3 of them reach into trial operation" in proposal.words.en
    assert "3个月含试运行" in proposal.words.zh
    assert "trial" not in plain.words.en


@given(
    st.sampled_from([RATE, TIME]),
    st.lists(st.floats(0, 1), min_size=MONTHS_MIN, max_size=MONTHS_MAX),
)
def test_levels_grow_harder_and_every_chance_is_that_of_a_recount(name: str, values: list[float]) -> None:
    proposal = proposal_of(name, 2026, months([*values], name))
    higher = INDICATORS[name].better is Better.HIGHER
    asked = [one.value for one in proposal.levels]
    assert asked == sorted(asked, reverse=not higher)
    chances = [one.chance for one in proposal.levels]
    assert chances == sorted(chances, reverse=True)
    for one in proposal.levels:
        reached = [value for value in values if (value >= one.value if higher else value <= one.value)]
        assert one.value in values
        assert one.reached == len(reached)
        assert one.chance == (Fraction(len(reached)) + Fraction(1, 2)) / (len(values) + 1)
        assert 0 < one.chance < 1


@pytest.mark.parametrize(
    ("values", "usable", "unusable"),
    [(YEAR[:11], 11, 0), ([*YEAR[:11], None], 11, 1), ([], 0, 0)],
)
def test_a_short_history_is_refused_with_a_sentence(values: list[float | None], usable: int, unusable: int) -> None:
    proposal = proposal_of(RATE, 2026, months(values))
    assert (proposal.levels, proposal.months) == ((), usable)
    assert f"只有{usable}个月可用（另有{unusable}个月" in proposal.words.zh
    assert f"only {usable} months before 2026 can be used ({unusable} more" in proposal.words.en


def test_months_on_few_cases_do_not_count() -> None:
    history = months([*YEAR])
    few = (history[0][0], Figure(RATE, 1.0, total=2, is_below_minimum=True))
    assert not proposal_of(RATE, 2026, [few, *history[1:]]).levels


def test_what_comes_in_the_year_itself_or_long_ago_does_not_count() -> None:
    history = months([*YEAR])
    later = months([0.0] * 12, last_year=2026)
    assert proposal_of(RATE, 2026, [*later, *history]) == proposal_of(RATE, 2026, history)
    long = [0.0] * 12 + YEAR * 3
    assert proposal_of(RATE, 2026, months([*long])).months == MONTHS_MAX
    assert proposal_of(RATE, 2026, months([*long])).levels[0].value > 0


@pytest.mark.parametrize(
    "history",
    [
        [(period_of(CalendarUnit.WEEK, date(2025, 3, 3)), Figure(RATE, 0.5))],
        months([0.5], TIME),
        months([0.5]) * 2,
    ],
)
def test_another_history_is_a_mistake_of_the_program(history: list[tuple[Period, Figure]]) -> None:
    with pytest.raises(ValueError, match="the history of closing_rate holds"):
        proposal_of(RATE, 2026, history)


@pytest.mark.parametrize("name", ["public_report_rate", "collector_share", "verification_true_rate"])
def test_nothing_is_proposed_where_neither_way_is_better(name: str) -> None:
    proposal = proposal_of(name, 2026, months([*YEAR], name))
    assert (proposal.levels, proposal.months) == ((), 12)
    assert "neither way" in proposal.words.en
    assert "无优劣之分" in proposal.words.zh


def test_figures_of_which_neither_way_is_better_are_named_in_the_language() -> None:
    name = "verification_true_rate"
    each = [proposal_of(RATE, 2026, months([*YEAR])), proposal_of(name, 2026, months([*YEAR], name))]
    last = proposal_lines(each, 2026, Language.CHINESE)[-1]
    assert last == f"{INDICATORS[name].names.zh}：无优劣之分，不提出目标建议"
