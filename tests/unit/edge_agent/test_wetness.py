"""What tells ground that got wet from weather, bands and shade, and for how long it is given time to spread."""

from dataclasses import replace

import numpy as np
import pytest

from edge_agent.core.static.foreground import Gray32, bare
from edge_agent.core.static.light import Front, Surface
from edge_agent.core.static.regions import ABSORB_S, DOUBT_S, Judgement, Region, Verdict, judged_again
from edge_agent.core.static.wetness import is_patch, spreads
from edge_agent.pipeline.static_judge import judge

PUDDLE = Surface(factor_log=-0.5, spread=0.04, texture=0.5, around=0.1)
SPREAD = Front(length_s=6.0, explained=0.2, s_per_px=0.1, outwards=0.6)
PICTURE = (320, 180)


@pytest.mark.parametrize(
    ("size", "area_px", "patch"),
    [
        ((60, 20), 900, True),
        ((100, 70), 3400, True),
        ((100, 70), 3500, False),
        ((90, 15), 900, True),
        ((100, 15), 900, False),
        ((159, 40), 900, True),
        ((161, 40), 900, False),
        ((20, 40), 500, True),
        ((20, 42), 500, False),
    ],
    ids=[
        "a puddle",
        "a large puddle",
        "weather",
        "a flat puddle",
        "a band",
        "a wide puddle",
        "across half the picture",
        "a gush",
        "a post's shade",
    ],
)
def test_a_wet_patch_is_bounded(size: tuple[int, int], area_px: int, *, patch: bool) -> None:
    assert is_patch(PUDDLE, size, area_px, PICTURE) is patch


@pytest.mark.parametrize(
    ("changed", "patch"),
    [
        ({"factor_log": -0.12}, True),
        ({"factor_log": -0.08}, False),
        ({"factor_log": 0.3}, False),
        ({"factor_log": -0.95}, False),
        ({"spread": 0.059}, True),
        ({"spread": 0.07}, False),
        ({"around": 0.34}, True),
        ({"around": 0.4}, False),
    ],
    ids=["damp", "dry", "brighter", "black", "half wet rim", "a thing's surface", "wet rim around", "dark around too"],
)
def test_a_wet_patch_is_evenly_darker_than_what_lies_around(changed: dict[str, float], *, patch: bool) -> None:
    assert is_patch(replace(PUDDLE, **changed), (60, 20), 900, PICTURE) is patch


@pytest.mark.parametrize(
    ("changed", "spread"),
    [({}, True), ({"length_s": 2.0}, False), ({"outwards": 0.3}, False), ({"explained": 0.65}, False)],
    ids=["from its middle", "at once", "in no order", "behind a straight edge"],
)
def test_what_spreads_grows_from_its_middle_for_some_seconds(changed: dict[str, float], *, spread: bool) -> None:
    assert spreads(replace(SPREAD, **changed)) is spread


CAME_S = 10.0
REGION = Region(1, (60, 60, 120, 80), 900, CAME_S, CAME_S + 2, 1.0, judged_s=CAME_S + 2)
SHADE, PATCH = Judgement(Verdict.SHADE, even=True), Judgement(Verdict.SHADE, even=True, patch=True)


@pytest.mark.parametrize(
    ("found", "after_s", "liquid_before", "liquid_after"),
    [
        (Judgement(Verdict.ARRIVED, even=False), 4.0, False, False),
        (Judgement(Verdict.WET, even=False), 4.0, False, True),
        (Judgement(Verdict.WET, even=False), 14.0, False, True),
        (Judgement(Verdict.WET, even=False), 16.0, False, False),
        (PATCH, 4.0, False, False),
        (PATCH, ABSORB_S, False, None),
        (SHADE, 4.0, False, None),
        (Judgement(Verdict.RETURNED, even=False), 4.0, False, None),
        (SHADE, 30.0, True, True),
        (Judgement(Verdict.ARRIVED, even=False), 30.0, True, True),
    ],
    ids=[
        "a thing",
        "it spreads",
        "it spreads at last",
        "passers-by darken the ground around a thing",
        "it may yet spread",
        "it has not spread",
        "shade",
        "the street shows again",
        "a puddle that no longer grows",
        "a puddle with a rim",
    ],
)
def test_what_becomes_of_a_region_that_is_judged_again(
    found: Judgement, after_s: float, *, liquid_before: bool, liquid_after: bool | None
) -> None:
    doubted = replace(REGION, liquid=liquid_before, doubted_s=CAME_S + after_s - DOUBT_S - 0.1)
    after = judged_again(doubted, found, CAME_S + after_s)
    assert (None if after is None else after.liquid) is liquid_after
    if after is not None:
        assert (after.judged_s, after.since_s, after.even) == (CAME_S + after_s, CAME_S, found.even)


def test_doubt_ends_a_region_only_when_it_lasts() -> None:
    doubted = judged_again(REGION, SHADE, 20.0)
    assert doubted is not None
    assert judged_again(doubted, SHADE, 20.0 + DOUBT_S - 0.1) is not None
    assert judged_again(doubted, SHADE, 20.0 + DOUBT_S + 0.1) is None
    sure = judged_again(doubted, Judgement(Verdict.ARRIVED, even=False), 22.0)
    assert sure is not None
    assert judged_again(sure, SHADE, 24.0) is not None, "doubt begins anew"


def _ground() -> Gray32:
    rows, columns = np.mgrid[0 : PICTURE[1], 0 : PICTURE[0]]
    return (120 + 30 * ((columns // 4 + rows // 4) % 2)).astype(np.float32)


@pytest.mark.parametrize(
    ("came_s", "stood", "now", "found"),
    [(0.0, 1.0, 0.7, PATCH), (20.0, 1.0, 0.7, SHADE), (0.0, 1.4, 1.0, Judgement(Verdict.UNCOVERED, even=True))],
    ids=["at once", "behind an edge that creeps across", "where a bright sheet lay"],
)
def test_only_shade_that_no_edge_crept_over_may_be_a_patch(
    came_s: float, stood: float, now: float, found: Judgement
) -> None:
    rows, columns = np.mgrid[0 : PICTURE[1], 0 : PICTURE[0]]
    place = ((columns - 90) / 30) ** 2 + ((rows - 70) / 10) ** 2 <= 1
    before, levels = (np.where(place, _ground() * np.float32(factor), _ground()) for factor in (stood, now))
    since = np.where(place, CAME_S + came_s * (columns - 60) / 60, np.inf).astype(np.float32)
    pixels = replace(bare(before, before, 40.0), since=since)
    whole = slice(0, PICTURE[1]), slice(0, PICTURE[0])
    assert judge(pixels, levels, whole, place, place) == found
