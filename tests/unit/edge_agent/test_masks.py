"""A spot that was rejected is left alone until its mask expires."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.core.feedback import SpotMask, is_masked, masked
from edge_agent.core.rules import SightingPhase
from protocol.geometry import Box
from tests.support.judged import NOW, RULE, SPOT, play
from tests.support.rules import alone

MASK = SpotMask("cam", "z", "stay", SPOT, NOW + timedelta(seconds=60))


def test_a_masked_spot_is_left_alone_until_the_mask_expires() -> None:
    rule, phases = play(alone(RULE), SPOT, from_s=0, to_s=60, masks=(MASK,))
    assert phases == []
    _, phases = play(rule, SPOT, from_s=60, to_s=70, masks=(MASK,))
    assert SightingPhase.RAISED in phases


@pytest.mark.parametrize(
    ("box", "zone", "scene", "told"),
    [
        (SPOT, "z", "stay", False),
        ((0.41, 0.3, 0.51, 0.6), "z", "stay", False),
        ((0.2, 0.1, 0.8, 0.9), "z", "stay", True),
        ((0.6, 0.3, 0.7, 0.6), "z", "stay", True),
        (SPOT, "other", "stay", True),
        (SPOT, "z", "crowd", True),
    ],
    ids=["the same", "a little beside", "a larger thing before it", "elsewhere", "another zone", "another scene"],
)
def test_a_mask_concerns_what_has_its_place_and_size(box: Box, zone: str, scene: str, *, told: bool) -> None:
    _, phases = play(alone(RULE), box, from_s=0, to_s=20, masks=(replace(MASK, zone=zone, scene=scene),))
    assert (SightingPhase.RAISED in phases) is told


def test_an_episode_that_was_told_before_the_mask_goes_on_to_its_true_end() -> None:
    rule, _ = play(alone(RULE), SPOT, from_s=0, to_s=10, masks=())
    rule, phases = play(rule, SPOT, from_s=10, to_s=30, masks=(MASK,))
    assert phases == []
    assert rule.followed == frozenset({1})


@given(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)))
def test_a_mask_always_covers_its_own_box(corners: tuple[float, float, float, float]) -> None:
    x1, x2 = sorted(corners[:2])
    y1, y2 = sorted(corners[2:])
    box = (x1, y1, x2, y2)
    if (x2 - x1) * (y2 - y1) > 1e-9:
        assert is_masked([box], box)
    assert masked([replace(MASK, box=box)], "z", "stay", MASK.until) == ()
