"""How many have to be asked until a change is told from chance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.kpis import answers_needed
from central.core.kpis.survey_samples import ChangeRefused
from protocol.texts import Language


def test_five_points_more_need_so_many_answers() -> None:
    assert answers_needed(0.80, 0.05) == 906


@given(st.floats(0.05, 0.9), st.floats(0.01, 0.09))
def test_a_smaller_change_needs_more(share: float, change: float) -> None:
    assert answers_needed(share, change / 2) > answers_needed(share, change) > 0


@pytest.mark.parametrize(("share", "change"), [(0.8, 0), (0.98, 0.05), (-0.1, 0.2)])
def test_impossible_changes_are_refused(share: float, change: float) -> None:
    with pytest.raises(ChangeRefused, match="differ") as told:
        answers_needed(share, change)
    assert "并且不同" in told.value.say(Language.CHINESE)
