"""Thresholds that are proposed from what people said, and what rules do with them."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_agent.core.feedback import JUDGED_MIN, REJECTED_MIN, proposals
from edge_agent.core.rules import Look, SightingPhase
from edge_agent.core.rules.precedence import claims_of
from edge_agent.core.values import Track
from tests.support.judged import NOW, RULE, SPOT, episodes, play, verdicts
from tests.support.rules import alone


@pytest.mark.parametrize(
    ("confirmed", "rejected", "expected"),
    [
        ([0.8] * 20, [0.4] * 5, (0.8, 5, 0)),
        ([0.5, *[0.8] * 39], [0.6] * 4, (0.8, 4, 1)),
        ([0.5] * 3, [0.4] * 2, None),
        ([0.4] * 20, [0.8] * 5, None),
        ([], [0.4] * JUDGED_MIN, (0.41, JUDGED_MIN, 0)),
        ([0.80096] * 20, [0.4] * 5, (0.8, 5, 0)),
        ([0.80096] * 20, [0.8005] * 5, None),
    ],
    ids=[
        "apart",
        "one confirmed may be lost in forty",
        "too few",
        "no threshold helps",
        "all rejected",
        "rounded down",
        "nearer than the rounding",
    ],
)
def test_a_threshold_is_proposed_where_it_would_have_helped(
    confirmed: list[float], rejected: list[float], expected: tuple[float, int, int] | None
) -> None:
    found = proposals(verdicts(confirmed, rejected))
    assert [(one.score_min, one.rejected_avoided, one.confirmed_lost) for one in found] == (
        [expected] if expected else []
    )


@given(st.lists(st.floats(0, 1), max_size=60), st.lists(st.floats(0, 1), max_size=60))
def test_a_proposal_costs_at_most_one_confirmed_in_twenty(confirmed: list[float], rejected: list[float]) -> None:
    for one in proposals(verdicts(confirmed, rejected)):
        assert one.confirmed_lost <= 0.05 * len(confirmed) + 1e-9
        assert 0 < one.rejected_avoided <= one.rejected == len(rejected)


@given(
    st.lists(st.floats(0, 1), min_size=JUDGED_MIN, max_size=25),
    st.lists(st.floats(0, 0.9), min_size=REJECTED_MIN, max_size=25),
)
@settings(max_examples=30)
def test_a_proposal_that_is_written_into_the_rule_does_what_it_promises(
    confirmed: list[float], rejected: list[float]
) -> None:
    for one in proposals(verdicts(confirmed, rejected)):
        rule = RULE.model_copy(update={"score_min": one.score_min})
        assert episodes(rule, rejected).count(False) == one.rejected_avoided
        assert episodes(rule, confirmed).count(False) == one.confirmed_lost
        assert proposals(verdicts(confirmed, rejected), {("cam", "z", "stay"): 1.0}) == ()


def test_what_the_setting_already_avoids_is_not_proposed_again() -> None:
    said_of_all = verdicts([0.8] * 20, [0.4] * 5)
    (one,) = proposals(said_of_all)
    assert proposals(said_of_all, {("cam", "z", "stay"): one.score_min}) == ()
    assert proposals(said_of_all, {("cam", "z", "crowd"): 1.0, ("other", "z", "stay"): 1.0}) == (one,)


def test_what_scores_too_little_keeps_no_other_rule_from_telling_it() -> None:
    weak = alone(RULE.model_copy(update={"score_min": 0.9}))
    strong = alone(RULE.model_copy(update={"score_min": 0.8}))
    (weak, phases), (strong, told) = (play(one, SPOT, from_s=0, to_s=20, masks=()) for one in (weak, strong))
    assert (phases, claims_of(weak)) == ([SightingPhase.ENTERED], ())
    assert SightingPhase.RAISED in told
    assert [claim.told for claim in claims_of(strong)] == [True]


def test_what_is_told_goes_on_and_what_was_too_weak_is_told_once_it_scores_enough() -> None:
    rule = alone(RULE.model_copy(update={"score_min": 0.7}))
    phases = []
    for at_s, score in enumerate([0.5] * 15 + [0.75] + [0.5] * 15):
        now = NOW + timedelta(seconds=at_s)
        rule, said_now = rule.step(Look((Track(1, "stall", SPOT, score, NOW, now),), now, 1.0))
        phases += [(at_s, one.phase) for one in said_now if one.phase is not SightingPhase.PEAKED]
    assert phases == [(0, SightingPhase.ENTERED), (15, SightingPhase.RAISED)]
    assert rule.holds.raised
