"""What things are called over many looks, and whose matter they are by where they lie."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.core.rules import Look, Stream
from edge_agent.core.rules.facts.territory import nobodys
from edge_agent.core.rules.facts.things import is_called, is_firm, is_nameless
from edge_agent.core.rules.names import MEMORY_S, NOTHING_CALLED, SETTLED_S, Names, named
from edge_agent.core.rules.setting import Setting
from edge_agent.core.values import Detection, Track
from protocol.configuration import Zone
from protocol.geometry import Polygon
from protocol.messages import Basis
from protocol.scene_rules import ExposedRubbishRule
from protocol.scenes import ObjectClass, Scene
from tests.support.rules import LABELS, WHOLE

START = datetime(2026, 1, 1, tzinfo=UTC)
BOX = (0.4, 0.5, 0.5, 0.6)
RULE = ExposedRubbishRule(scene=Scene.EXPOSED_RUBBISH)
SETTING = Setting(Zone(id="z", polygon=WHOLE), RULE, Basis.MODEL, Stream.OBJECTS, LABELS, UTC)
REGION = Track(1, "static", BOX, 1.0, START, START, still=True)


def thing(number: int = 1, at_s: float = 0.0) -> Track:
    return Track(number, "rubbish", BOX, 0.5, START, START + timedelta(seconds=at_s))


def looked(scores: list[dict[str, float]], *, track: Track = REGION, begins: bool = True, new: bool = True) -> Names:
    names = NOTHING_CALLED
    for number, seen in enumerate(scores):
        now = START + timedelta(seconds=number / 2)
        detections = [Detection(label, score, BOX, begins) for label, score in seen.items()]
        own = track if track.still else replace(track, last_seen_at=now)
        names = named(names, [own, REGION] if new and not track.still else [own], detections, now)
    return names


def look(names: Names) -> Look:
    return Look((), START, 0.5, names=names)


@given(st.lists(st.floats(0.05, 1), min_size=1, max_size=40))
def test_belief_is_a_mean_of_the_scores(scores: list[float]) -> None:
    belief = looked([{"rubbish": score} for score in scores]).belief(REGION, {"rubbish"})
    assert min(scores) - 1e-9 <= belief <= max(scores) + 1e-9


def test_a_look_that_says_nothing_counts_against_a_name() -> None:
    names = looked([{"rubbish": 0.6}, {}] * 20)
    assert names.belief(REGION, {"rubbish"}) == pytest.approx(0.3, abs=0.02)
    assert names.surety(REGION, {"rubbish"}) == pytest.approx(0.5, abs=0.02)


def test_old_votes_fade() -> None:
    looks = round(2 * 4 * MEMORY_S)
    names = looked([{"bike": 0.8}] * looks + [{"stall": 0.8}] * looks)
    assert names.belief(REGION, {"stall"}) > 30 * names.belief(REGION, {"bike"})


def test_nothing_is_voted_on_what_is_hidden_or_not_found() -> None:
    names = looked([{"rubbish": 0.6}] * 4)
    now = START + timedelta(seconds=60)
    after = named(names, [replace(REGION, hidden=True)], [Detection("person", 0.9, BOX)], now)
    assert after.belief(REGION, {"rubbish"}) == pytest.approx(0.6)
    assert after.belief(REGION, {"person"}) == 0
    assert not named(names, [thing()], [Detection("rubbish", 0.9, BOX)], now).knows(thing())


def test_a_small_box_on_a_large_thing_is_a_small_vote() -> None:
    half = (BOX[0], BOX[1], (BOX[0] + BOX[2]) / 2, BOX[3])
    names = named(NOTHING_CALLED, [REGION], [Detection("goods", 0.8, half), Detection("goods", 0.4, half)], START)
    assert names.belief(REGION, {"goods"}) == pytest.approx(0.8)
    names = named(NOTHING_CALLED, [REGION], [Detection("goods", 0.8, half)], START)
    assert names.belief(REGION, {"goods"}) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("scores", "firm", "called"),
    [
        ([{"rubbish": 0.5}] * 10, True, True),
        ([{"rubbish": 0.5}, *[{}] * 4] * 4, False, False),
        ([{"rubbish": 0.4, "bike": 0.7}] * 10, False, False),
        ([{"rubbish": 0.5, "goods": 0.6}] * 10, True, True),
        ([{"rubbish": 0.3, "person": 0.8}] * 10, True, False),
        ([{}] * 10, False, False),
    ],
    ids=["surely", "a pattern for a moment", "rather a bike", "rubbish or goods", "behind somebody", "never"],
)
def test_what_counts(scores: list[dict[str, float]], *, firm: bool, called: bool) -> None:
    track = thing()
    assert is_firm(SETTING, look(looked(scores, track=track)), track, ObjectClass.RUBBISH) is firm
    assert is_called(SETTING, look(looked(scores)), REGION, ObjectClass.RUBBISH) is called


@pytest.mark.parametrize(("looks", "every_s"), [(6, 0.1), (8, 0.5), (4, 1.0)])
def test_a_name_of_a_region_is_decided_after_some_seconds_however_many_looks(looks: int, every_s: float) -> None:
    names, called = NOTHING_CALLED, []
    for number in range(round(8 / every_s)):
        now = START + timedelta(seconds=number * every_s)
        names = named(names, [REGION], [Detection("rubbish", 0.5, BOX)], now)
        called.append(is_called(SETTING, look(names), REGION, ObjectClass.RUBBISH))
    assert not called[looks - 1]
    assert called.index(True) * every_s == pytest.approx(SETTLED_S, abs=every_s + 1e-6)


def test_faint_names_do_for_a_region_and_not_for_an_object() -> None:
    scores = [{"rubbish": 0.25}] * 10
    track = thing()
    assert is_called(SETTING, look(looked(scores, begins=False)), REGION, ObjectClass.RUBBISH)
    assert not is_firm(SETTING, look(looked(scores, track=track, begins=False)), track, ObjectClass.RUBBISH)


@pytest.mark.parametrize(("score", "new", "firm"), [(0.5, False, False), (0.5, True, True), (0.6, False, True)])
def test_shapeless_things_are_new_in_the_street_or_strongly_seen(score: float, *, new: bool, firm: bool) -> None:
    track = thing()
    names = looked([{"rubbish": score}] * 10, track=track, new=new)
    assert is_firm(SETTING, look(names), track, ObjectClass.RUBBISH) is firm


@pytest.mark.parametrize(("score", "new", "firm"), [(0.45, True, True), (0.45, False, False), (0.38, True, False)])
def test_what_is_new_may_stay_a_little_below_its_threshold(score: float, *, new: bool, firm: bool) -> None:
    track = thing()
    names = looked([{"rubbish": score}] * 10, track=track, new=new, begins=False)
    assert is_firm(SETTING, look(names), track, ObjectClass.RUBBISH) is firm


@pytest.mark.parametrize(
    ("bare_looks", "score", "firm"),
    [(8, 0.5, True), (120, 0.5, False), (120, 0.6, True)],
    ids=["the region is gone for a moment", "a flower bed behind what was carried off", "seen very firmly"],
)
def test_what_no_longer_stands_before_the_street_is_part_of_it(bare_looks: int, score: float, *, firm: bool) -> None:
    track, names = thing(), looked([{"rubbish": score}] * 20, track=thing())
    for number in range(20, 20 + bare_looks):
        now = START + timedelta(seconds=number / 2)
        track = replace(track, last_seen_at=now)
        names = named(names, [track], [Detection("rubbish", score, BOX)], now)
    assert is_firm(SETTING, look(names), track, ObjectClass.RUBBISH) is firm


AROUND = ((0.3, 0.4), (0.6, 0.4), (0.6, 0.7), (0.3, 0.7))


@pytest.mark.parametrize(
    ("scores", "begins", "nameless"),
    [
        ({}, True, True),
        ({"goods": 0.4}, True, False),
        ({"goods": 0.4}, False, True),
        ({"rubbish": 0.4}, True, True),
        ({"rubbish": 0.5}, True, False),
        ({"goods": 0.35, "rubbish": 0.4}, True, True),
    ],
    ids=[
        "nothing",
        "surely goods",
        "perhaps goods",
        "a dark patch",
        "firmly rubbish",
        "rather a dark patch than goods",
    ],
)
def test_water_is_what_the_detector_does_not_surely_know(
    scores: dict[str, float], *, begins: bool, nameless: bool
) -> None:
    names = looked([scores] * 20, begins=begins)
    assert is_nameless(SETTING, look(names), REGION) is nameless


@pytest.mark.parametrize(
    ("bins", "fronts", "scores", "liquid", "left"),
    [
        ((), (), {"rubbish": 0.5}, False, True),
        ((AROUND,), (), {"rubbish": 0.5}, False, False),
        ((AROUND,), (), {"rubbish": 0.5}, True, False),
        ((AROUND,), (), {"goods": 0.5}, False, True),
        ((AROUND,), (), {"goods": 0.5, "rubbish": 0.6}, False, False),
        ((), (AROUND,), {"rubbish": 0.5}, False, True),
        ((), (AROUND,), {"rubbish": 0.5, "goods": 0.4}, False, False),
        ((), (AROUND,), {"goods": 0.5}, True, True),
    ],
    ids=[
        "open ground",
        "at a bin",
        "water at a bin",
        "goods at a bin",
        "goods or rubbish at a bin",
        "rubbish at a shop",
        "goods at a shop",
        "water at a shop",
    ],
)
def test_whose_matter_it_is(
    bins: tuple[Polygon, ...], fronts: tuple[Polygon, ...], scores: dict[str, float], *, liquid: bool, left: bool
) -> None:
    one = replace(REGION, liquid=liquid)
    setting = replace(SETTING, bins=bins, fronts=fronts)
    assert nobodys(setting, look(looked([scores] * 10)), [one], rubbish=True) == ([one] if left else [])
