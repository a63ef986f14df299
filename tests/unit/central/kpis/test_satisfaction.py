"""Surveys: the mean with its interval, and how many have to be asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.kpis import answers_needed, satisfaction_of


def test_points_follow_the_codes() -> None:
    told = satisfaction_of({1: 60, 2: 20, 3: 10, 5: 10})
    assert (told.answers, told.points, told.content) == (100, 71.0, 0.8)
    assert told.interval is not None
    assert [round(edge, 3) for edge in told.interval] == [0.711, 0.867]
    assert told.is_significant


def test_three_answers_are_shown_and_are_not_significant() -> None:
    told = satisfaction_of({1: 3})
    assert (told.points, told.is_significant) == (100, False)


def test_no_answer_is_no_number() -> None:
    assert satisfaction_of({}).points is None


@pytest.mark.parametrize("answers", [{6: 1}, {1: -1}])
def test_other_codes_are_refused(answers: dict[int, int]) -> None:
    with pytest.raises(ValueError, match="codes are"):
        satisfaction_of(answers)


def test_five_points_more_need_so_many_answers() -> None:
    assert answers_needed(0.80, 0.05) == 906


@given(st.floats(0.05, 0.9), st.floats(0.01, 0.09))
def test_a_smaller_change_needs_more(share: float, change: float) -> None:
    assert answers_needed(share, change / 2) > answers_needed(share, change) > 0


@pytest.mark.parametrize(("share", "change"), [(0.8, 0), (0.98, 0.05), (-0.1, 0.2)])
def test_impossible_changes_are_refused(share: float, change: float) -> None:
    with pytest.raises(ValueError, match="differ"):
        answers_needed(share, change)
