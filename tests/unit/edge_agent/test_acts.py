"""Who put a thing down, and what is found again after it was lost."""

from datetime import timedelta

import pytest

from edge_agent.core.rules.facts.acts import Step, somebody_stopped
from protocol.geometry import Box
from protocol.scene_rules import STATIC_LABEL, StayRule
from tests.support.rules import alone
from tests.support.street_play import START, Actor, play, raised

SPOT: Box = (0.48, 0.66, 0.53, 0.7)
SLIM: Box = (0.5, 0.45, 0.54, 0.7)
WIDE: Box = (0.48, 0.45, 0.56, 0.7)


@pytest.mark.parametrize(
    ("boxes", "wet", "put"),
    [((SLIM, WIDE, SLIM), True, True), ((WIDE, WIDE, WIDE), True, False), ((WIDE, WIDE, WIDE), False, True)],
    ids=["arms stretched out and drawn in", "wider than the wet spot", "a solid thing"],
)
def test_a_wet_spot_is_somebodys_who_is_slimmer_once_his_arms_are_drawn_in(
    boxes: tuple[Box, ...], *, wet: bool, put: bool
) -> None:
    steps = tuple(Step(START + timedelta(seconds=number), 1, box) for number, box in enumerate(boxes))
    assert somebody_stopped(steps, SPOT, START + timedelta(seconds=2), wet=wet) is put


@pytest.mark.parametrize(("missed", "told_at_s"), [(3, 25.0), (20, 45.0)], ids=["for a moment", "for ten seconds"])
def test_what_was_lost_and_is_seen_again_begins_anew(missed: int, told_at_s: float) -> None:
    rule = alone(StayRule(scene="stay", labels=(STATIC_LABEL,), dwell_s=20))
    thing = Actor(1, STATIC_LABEL, SLIM, 5, 80, misses=frozenset(range(20, 20 + missed)))
    assert [one.at_s for one in raised(play([rule], [thing], 90))] == [pytest.approx(told_at_s, abs=0.5)]
