"""Every scene by itself: what it tells and what not, when, and that the number of looks a second does not matter."""

from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from edge_agent.core.rules import RunningRule, SightingPhase
from protocol.configuration import Zone
from protocol.geometry import Box
from protocol.scene_rules import STATIC_LABEL, Rule
from protocol.scenes import Scene
from tests.support.rules import everywhere
from tests.support.street_play import Actor, play

RULE: TypeAdapter[Rule] = TypeAdapter(Rule)
FLOOR = ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))
ZONE = Zone(id="z", polygon=FLOOR)
SHOP = Zone.model_validate(
    {
        "id": "z",
        "polygon": ((0.2, 0.3), (0.8, 0.3), (0.8, 0.9), (0.2, 0.9)),
        "shop_front": {"name": "面馆", "door_line": ((0.2, 0.4), (0.8, 0.4))},
    }
)
PLACE: Box = (0.4, 0.5, 0.5, 0.7)
BESIDE: Box = (0.52, 0.45, 0.56, 0.71)
AWAY: Box = (0.62, 0.45, 0.66, 0.71)
ELSEWHERE: Box = (0.05, 0.5, 0.15, 0.7)


def rule(scene: str, dwell_s: float = 20, **more: object) -> Rule:
    return RULE.validate_python({"scene": scene, "enabled": True, "dwell_s": dwell_s, "silence_s": 0, **more})


def running(scene: str, dwell_s: float = 20, zone: Zone | None = None, **more: object) -> list[RunningRule]:
    seen = {"seen_s": 5} if scene in {"mobile_vendor", "vehicle_parking"} else {}
    return everywhere(rule(scene, dwell_s, **seen, **more), zone or (SHOP if scene == "out_of_store" else ZONE))


def one(label: str, box: Box = PLACE, begin_s: float = 5, end_s: float = 60, **more: object) -> Actor:
    return Actor(1, label, box, begin_s, end_s, **more)


def row(label: str, count: int, begin_s: float = 5, end_s: float = 60) -> list[Actor]:
    width = 0.5 / count
    boxes = [(0.22 + width * i, 0.5, 0.22 + width * (i + 1) * 0.98, 0.7) for i in range(count)]
    return [Actor(i + 1, label, box, begin_s, end_s) for i, box in enumerate(boxes)]


def somebody(box: Box, begin_s: float, end_s: float, number: int = 90, **more: object) -> Actor:
    return Actor(number, "person", box, begin_s, end_s, **more)


WORKER = somebody(BESIDE, 2, 6)
"""Somebody who stops beside PLACE when something comes to lie there."""

POSITIVE: dict[str, list[Actor]] = {
    "stay": [one("car")],
    "mobile_vendor": [one("stall", came=True)],
    "road_occupation": [one("stall")],
    "out_of_store": [one("goods")],
    "bike_pileup": row("bike", 15),
    "bike_parking": [one("bike")],
    "vehicle_parking": [one("car")],
    "exposed_rubbish": [one("rubbish")],
    "dumping": [WORKER, one(STATIC_LABEL, faintly="rubbish")],
    "bin_overflow": [one("rubbish")],
    "material_heap": [one("goods")],
    "crowd": row("person", 10),
}


def rules_for(scene: str, dwell_s: float = 20) -> list[RunningRule]:
    return running(scene, dwell_s, **({"labels": ["car"]} if scene == "stay" else {}))


@pytest.mark.parametrize("scene", list(Scene))
def test_every_scene_is_told_once_and_ended(scene: Scene) -> None:
    told = play(rules_for(scene), POSITIVE[scene], 90)
    assert [one.phase for one in told] == [SightingPhase.RAISED, SightingPhase.ENDED]
    assert told[0].started_s == pytest.approx(5, abs=2)
    assert told[0].at_s == pytest.approx(told[0].started_s + 20, abs=1)
    assert told[1].last_seen_s == pytest.approx(60, abs=1)


@pytest.mark.parametrize("scene", list(Scene))
def test_no_scene_is_told_before_its_time(scene: Scene) -> None:
    short = [replace(actor, end_s=min(actor.end_s, 22.0)) for actor in POSITIVE[scene]]
    assert play(rules_for(scene), short, 60) == []


@pytest.mark.parametrize("scene", list(Scene))
@given(begin=st.integers(3, 20), stay_s=st.floats(35, 60), dwell_s=st.floats(6, 30))
@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.generate])
def test_the_dwell_is_the_same_at_any_number_of_looks(scene: Scene, begin: int, stay_s: float, dwell_s: float) -> None:
    """Within a second, for the same street looked at 1, 2, 5 and 10 times a second.

    It begins at a look of each rate: when something came is known to one look, however it is counted.
    """
    figures = []
    moved = [
        replace(actor, begin_s=actor.begin_s - 5 + begin, end_s=begin + (1 if actor.number == 90 else stay_s))
        for actor in POSITIVE[scene]
    ]
    for fps in (1.0, 2.0, 5.0, 10.0):
        told = play(rules_for(scene, dwell_s), moved, 95, fps)
        assert [one.phase for one in told] == [SightingPhase.RAISED, SightingPhase.ENDED]
        figures.append((told[1].dwell_s, told[0].at_s))
    assert max(dwell for dwell, _ in figures) - min(dwell for dwell, _ in figures) <= 1
    for dwell, at_s in figures:
        assert dwell == pytest.approx(stay_s, abs=1)
        assert at_s <= begin + max(dwell_s, 15 if scene == "dumping" else 4) + 2


NEGATIVE: list[tuple[str, str, list[Actor]]] = [
    ("mobile_vendor", "a stall that was there", [one("stall")]),
    ("mobile_vendor", "it goes on", [one("stall", came=True, speed=0.05)]),
    ("mobile_vendor", "beside the zone", [one("stall", ELSEWHERE, came=True)]),
    ("mobile_vendor", "a person", [one("person", came=True)]),
    ("mobile_vendor", "static ground alone", [one(STATIC_LABEL)]),
    ("road_occupation", "it came", [one("stall", came=True)]),
    ("road_occupation", "goods", [one("goods")]),
    ("out_of_store", "inside the door", [one("goods", (0.4, 0.2, 0.5, 0.38))]),
    ("out_of_store", "a vendor who came", [one("stall", came=True)]),
    ("out_of_store", "a bike of a customer", [one("bike")]),
    ("bike_pileup", "too few", row("bike", 14)),
    ("bike_pileup", "people", row("person", 20)),
    ("bike_parking", "its rider waits", [one("bike"), somebody((0.42, 0.4, 0.48, 0.7), 5, 60)]),
    ("bike_parking", "ridden through", [one("bike", speed=0.3, end_s=60)]),
    ("vehicle_parking", "traffic that moves on", [one("car", speed=0.1)]),
    ("exposed_rubbish", "its owner stands beside it", [one("rubbish"), somebody(BESIDE, 5, 60)]),
    ("exposed_rubbish", "a region with its owner", [one(STATIC_LABEL, faintly="rubbish"), somebody(BESIDE, 5, 60)]),
    ("exposed_rubbish", "a stall", [one(STATIC_LABEL), Actor(2, "stall", PLACE, 5, 60)]),
    (
        "exposed_rubbish",
        "somebody who stands",
        [one(STATIC_LABEL, faintly="rubbish"), Actor(2, "person", PLACE, 5, 60)],
    ),
    ("exposed_rubbish", "a wet patch", [one(STATIC_LABEL, liquid=True)]),
    ("dumping", "nobody was there", [one(STATIC_LABEL, faintly="rubbish")]),
    ("dumping", "the road is wet", [one(STATIC_LABEL, liquid=True)]),
    (
        "dumping",
        "somebody passes",
        [one(STATIC_LABEL, faintly="rubbish"), somebody((0.3, 0.45, 0.34, 0.71), 3, 7, speed=3.0)],
    ),
    (
        "dumping",
        "somebody stops elsewhere",
        [one(STATIC_LABEL, faintly="rubbish"), somebody((0.7, 0.45, 0.74, 0.71), 2, 7)],
    ),
    ("dumping", "much later", [one(STATIC_LABEL, begin_s=30, faintly="rubbish"), WORKER]),
    ("dumping", "a bike is parked", [one(STATIC_LABEL), WORKER, Actor(2, "bike", PLACE, 5, 60)]),
    ("dumping", "he has not left", [one(STATIC_LABEL, faintly="rubbish"), somebody(BESIDE, 2, 90)]),
    ("dumping", "it rains", [WORKER, *(Actor(i, STATIC_LABEL, PLACE, 5, 60, liquid=True) for i in (1, 2, 3))]),
    ("dumping", "a wet spot no wider than a person", [WORKER, one(STATIC_LABEL, (0.49, 0.66, 0.51, 0.7), liquid=True)]),
    ("dumping", "half the street", [WORKER, one(STATIC_LABEL, (0.2, 0.4, 0.8, 0.7), liquid=True)]),
    ("bin_overflow", "far from the bin", [one("rubbish", ELSEWHERE)]),
    ("bin_overflow", "what only reaches into its zone", [one("rubbish", (0.4, 0.72, 0.5, 0.9))]),
    ("bin_overflow", "a region beside its zone", [one(STATIC_LABEL, (0.8, 0.6, 0.88, 0.7), faintly="rubbish")]),
    ("bin_overflow", "a wet patch", [one(STATIC_LABEL, liquid=True)]),
    ("bin_overflow", "somebody at the bin", [one(STATIC_LABEL), Actor(2, "person", PLACE, 5, 60)]),
    ("exposed_rubbish", "a region that the detector never names", [one(STATIC_LABEL)]),
    ("material_heap", "a region that the detector calls rubbish", [one(STATIC_LABEL, faintly="rubbish")]),
    ("material_heap", "a small thing", [one("goods", (0.4, 0.5, 0.45, 0.55))]),
    ("crowd", "too few", row("person", 9)),
    ("crowd", "people who walk past", [replace(one, speed=0.4) for one in row("person", 12)]),
    (
        "crowd",
        "two groups",
        [
            *row("person", 12)[:6],
            *(Actor(30 + i, "person", (0.74, 0.25 + 0.01 * i, 0.77, 0.35), 5, 60) for i in range(6)),
        ],
    ),
]


@pytest.mark.parametrize(("scene", "why", "actors"), NEGATIVE, ids=[f"{scene}: {why}" for scene, why, _ in NEGATIVE])
def test_what_only_looks_like_it(scene: str, why: str, actors: list[Actor]) -> None:
    assert play(running(scene), actors, 95) == [], why


ALSO: list[tuple[str, str, list[Actor]]] = [
    ("exposed_rubbish", "a region that the detector half knows", [one(STATIC_LABEL, faintly="rubbish")]),
    ("exposed_rubbish", "somebody passes", [one("rubbish"), somebody((0.2, 0.45, 0.24, 0.71), 8, 20, speed=1.0)]),
    ("bin_overflow", "a region", [one(STATIC_LABEL, faintly="rubbish")]),
    ("bin_overflow", "a heap that sticks out of its zone", [one("rubbish", (0.62, 0.6, 0.86, 0.82))]),
    ("material_heap", "a region", [one(STATIC_LABEL, faintly="goods")]),
    ("out_of_store", "a stall", [one("stall")]),
    ("dumping", "a liquid", [WORKER, one(STATIC_LABEL, liquid=True)]),
    (
        "dumping",
        "a liquid that runs towards the camera",
        [WORKER, one(STATIC_LABEL, (0.4, 0.64, 0.5, 0.8), liquid=True)],
    ),
    (
        "dumping",
        "a long puddle with somebody who waits three steps away",
        [WORKER, somebody(AWAY, 2, 90, number=91), one(STATIC_LABEL, (0.26, 0.66, 0.5, 0.72), liquid=True)],
    ),
    ("dumping", "rubbish that the detector knows", [WORKER, one("rubbish")]),
    ("bike_pileup", "rows merge into few boxes", [one("bike", (0.25, 0.25, 0.75, 0.79))]),
    ("vehicle_parking", "after it moved on", [one("car", stands_from_s=20.0)]),
]


@pytest.mark.parametrize(("scene", "why", "actors"), ALSO, ids=[f"{scene}: {why}" for scene, why, _ in ALSO])
def test_what_it_is_too(scene: str, why: str, actors: list[Actor]) -> None:
    told = play(running(scene), actors, 95)
    assert [one.phase for one in told] == [SightingPhase.RAISED, SightingPhase.ENDED], why


PASSERS = [somebody((0.15, 0.45, 0.19, 0.71), 4 + i, 9 + i, number=90 + i, speed=4.0) for i in range(60)]
"""At every moment somebody walks past PLACE."""


def test_rubbish_on_a_street_where_somebody_always_passes() -> None:
    told = play(running("exposed_rubbish"), [one("rubbish"), *PASSERS], 95)
    assert [one.phase for one in told] == [SightingPhase.RAISED, SightingPhase.ENDED]


@pytest.mark.parametrize(
    ("scene", "label", "gap", "raised"),
    [
        ("road_occupation", "stall", 0.03, 1),
        ("road_occupation", "stall", 0.1, 2),
        ("material_heap", "goods", 0.03, 1),
        ("vehicle_parking", "car", 0.03, 2),
    ],
)
def test_pieces_of_one_thing_are_told_once(scene: str, label: str, gap: float, raised: int) -> None:
    first = one(label, (0.25, 0.5, 0.4, 0.7))
    second = Actor(2, label, (0.4 + gap, 0.52, 0.5 + gap, 0.72), 12, 60)
    told = play(running(scene, silence_s=10), [first, second], 95)
    assert [one.phase for one in told].count(SightingPhase.RAISED) == raised
