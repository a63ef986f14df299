"""One thing is told once, whatever rules and zones see it, and under the name that goes first."""

from datetime import UTC
from itertools import permutations

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from edge_agent.core.rules import RunningRule, in_precedence, running, settings_of
from edge_agent.core.rules.hold import beside
from edge_agent.core.rules.precedence import comes_before
from edge_agent.core.values import ModelIdentity
from protocol.configuration import CameraConfig, Zone
from protocol.geometry import Box
from protocol.scene_rules import STATIC_LABEL
from protocol.scenes import Scene
from tests.support.rules import MODEL, everywhere
from tests.support.street_play import Actor, play, raised
from tests.unit.edge_agent.test_scenes import PLACE, WORKER, one, row, rule, rules_for

WITHOUT_STALLS = ModelIdentity("m", "0" * 64, ("person", "bike", "car"))
DOOR = ((0.1, 0.3), (0.9, 0.3))
STALLS = ("mobile_vendor", "out_of_store", "road_occupation")
RUBBISH = ("dumping", "bin_overflow", "exposed_rubbish", "material_heap")


def zone(name: str, corner: float = 0.1, *, shop: bool = False) -> Zone:
    polygon = ((corner, corner), (0.9, corner), (0.9, 0.9), (corner, 0.9))
    front = {"shop_front": {"name": "s", "door_line": DOOR}} if shop else {}
    return Zone.model_validate({"id": name, "polygon": polygon, **front})


def rules(
    scenes: tuple[str, ...], dwell_s: float = 20, model: ModelIdentity | None = MODEL, corner: float = 0.1
) -> list[RunningRule]:
    """Each scene in a zone of its own; all zones overlap."""
    found: list[RunningRule] = []
    for number, scene in enumerate(scenes):
        more = {"seen_s": 5} if scene in {"mobile_vendor", "vehicle_parking"} else {}
        more |= {"near_steps": 0} if scene == "exposed_rubbish" else {}
        place = zone(f"z{number}", corner, shop=scene == "out_of_store")
        found += everywhere(rule(scene, dwell_s, **more), place, model=model)
    return list(in_precedence(found))


@pytest.mark.parametrize(
    ("scenes", "actors", "expected"),
    [
        (STALLS, [one("stall", came=True)], "mobile_vendor"),
        (STALLS, [one("stall")], "out_of_store"),
        (("mobile_vendor", "road_occupation"), [one("stall")], "road_occupation"),
        (RUBBISH, [WORKER, one("rubbish")], "dumping"),
        (RUBBISH, [one("rubbish")], "bin_overflow"),
        (
            ("exposed_rubbish", "material_heap"),
            [one("rubbish"), Actor(2, STATIC_LABEL, PLACE, 5, 60, faintly="goods")],
            "exposed_rubbish",
        ),
        (("material_heap", "out_of_store"), [one("goods")], "out_of_store"),
        (("material_heap", "road_occupation"), [one("stall"), Actor(2, "goods", PLACE, 2, 60)], "road_occupation"),
        (RUBBISH, [one(STATIC_LABEL, faintly="rubbish")], "bin_overflow"),
    ],
)
def test_the_foremost_is_told(scenes: tuple[str, ...], actors: list[Actor], expected: str) -> None:
    for order in permutations(scenes):
        assert [one.scene for one in raised(play(rules(order), actors, 70, 1.0))] == [expected], order


@pytest.mark.parametrize(
    ("box", "scene"),
    [
        ((0.62, 0.6, 0.7, 0.7), "bin_overflow"),
        ((0.82, 0.6, 0.88, 0.7), "exposed_rubbish"),
        ((0.62, 0.71, 0.7, 0.85), "exposed_rubbish"),
    ],
    ids=["in its zone", "beside its zone", "nearer to the camera"],
)
@pytest.mark.parametrize("label", ["rubbish", STATIC_LABEL])
def test_rubbish_is_the_bins_where_it_lies_in_the_bins_zone(box: Box, scene: str, label: str) -> None:
    bin_zone = Zone(id="bin", polygon=((0.6, 0.4), (0.8, 0.4), (0.8, 0.75), (0.6, 0.75)), rules=(rule("bin_overflow"),))
    street = zone("street").model_copy(update={"rules": (rule("exposed_rubbish"),)})
    camera = CameraConfig.model_validate({"id": "c", "url": "rtsp://h/x"}).model_copy(
        update={"zones": (bin_zone, street)}
    )
    both = in_precedence([running(setting) for setting in settings_of(camera, MODEL, UTC)])
    assert [each.scene for each in raised(play(both, [one(label, box, faintly="rubbish")], 70))] == [scene]


@pytest.mark.parametrize(("low", "told"), [(0.33, []), (0.28, ["material_heap"])], ids=["on the line", "above it"])
def test_goods_with_their_feet_before_a_shop_are_the_shops(low: float, told: list[str]) -> None:
    front = {"shop_front": {"name": "s", "door_line": ((0.1, 0.4), (0.9, 0.4))}, "rules": (rule("out_of_store"),)}
    polygon = ((0.1, 0.3), (0.9, 0.3), (0.9, 0.9), (0.1, 0.9))
    shop = Zone.model_validate({"id": "shop", "polygon": polygon, **front})
    street = zone("street").model_copy(update={"rules": (rule("material_heap"),)})
    camera = CameraConfig.model_validate({"id": "c", "url": "rtsp://h/x"}).model_copy(update={"zones": (shop, street)})
    both = in_precedence([running(setting) for setting in settings_of(camera, MODEL, UTC)])
    goods = one(STATIC_LABEL, (0.4, low - 0.13, 0.7, low), faintly="goods")
    assert [each.scene for each in raised(play(both, [goods], 70))] == told


def test_a_pile_is_told_as_a_pile_and_not_bike_by_bike() -> None:
    told = raised(play(rules(("bike_parking", "bike_pileup")), row("bike", 15), 70))
    assert [one.scene for one in told] == [Scene.BIKE_PILEUP]


def test_a_bike_that_was_told_does_not_keep_the_pile_from_being_told() -> None:
    first = Actor(99, "bike", (0.25, 0.5, 0.28, 0.7), 5, 120)
    pile = [Actor(one.number, one.label, one.box, 50, 120) for one in row("bike", 15)]
    told = raised(play(rules(("bike_parking", "bike_pileup")), [first, *pile], 110))
    assert [one.scene for one in told] == [Scene.BIKE_PARKING, Scene.BIKE_PILEUP]


@pytest.mark.parametrize("model", [None, WITHOUT_STALLS])
def test_static_foreground_alone_is_told_once_whatever_it_may_be(model: ModelIdentity | None) -> None:
    scenes = ("out_of_store", "road_occupation", "exposed_rubbish", "bin_overflow", "material_heap")
    for order in (*permutations(scenes, 2), *permutations(scenes, 3)):
        assert len(raised(play(rules(order, model=model), [one(STATIC_LABEL)], 70, 1.0))) == 1, order


def test_detector_and_static_foreground_tell_one_stall_once() -> None:
    both = rules(("mobile_vendor",)) + rules(("road_occupation", "out_of_store"), model=WITHOUT_STALLS)
    stall = [one("stall", came=True), Actor(2, STATIC_LABEL, (0.41, 0.52, 0.5, 0.7), 5, 60)]
    assert [one.scene for one in raised(play(both, stall, 80))] == [Scene.MOBILE_VENDOR]


def test_a_lost_track_is_not_told_again_under_another_name() -> None:
    """The stall came; its track is lost, and the new one was not seen to come."""
    lost = [one("stall", came=True, end_s=40), Actor(2, "stall", PLACE, 55, 200)]
    assert [one.scene for one in raised(play(rules(("mobile_vendor", "road_occupation")), lost, 200))] == [
        Scene.MOBILE_VENDOR
    ]


@pytest.mark.parametrize(("came", "scene"), [(True, "mobile_vendor"), (False, "road_occupation")])
def test_a_stall_that_was_seen_to_come_is_none_that_was_told_there(*, came: bool, scene: str) -> None:
    actors = [one("stall", end_s=40), Actor(2, "stall", PLACE, 60, 110, came=came)]
    told = raised(play(rules(("mobile_vendor", "road_occupation")), actors, 120))
    assert [one.scene for one in told] == ["road_occupation", scene]


@pytest.mark.parametrize(
    ("box", "begin_s", "told_too"),
    [((0.42, 0.55, 0.48, 0.7), 8.0, False), ((0.42, 0.55, 0.48, 0.7), 1.0, True), ((0.7, 0.5, 0.78, 0.7), 8.0, True)],
    ids=["stands since it came", "stood there before", "stands elsewhere"],
)
def test_a_part_of_a_stall_that_came_was_not_set_up_by_hand(box: Box, begin_s: float, *, told_too: bool) -> None:
    actors = [one("stall", begin_s=5, came=True), Actor(2, "stall", box, begin_s, 60)]
    told = raised(play(rules(("road_occupation",)), actors, 70))
    assert [each.scene for each in told] == (["road_occupation"] if told_too else [])


@pytest.mark.parametrize(
    ("other", "is_piece"),
    [
        ((0.52, 0.52, 0.6, 0.7), True),
        ((0.56, 0.52, 0.6, 0.7), False),
        ((0.41, 0.3, 0.5, 0.49), True),
        ((0.41, 0.3, 0.5, 0.45), False),
        ((0.46, 0.3, 0.56, 0.49), False),
        ((0.46, 0.69, 0.49, 0.75), True),
    ],
    ids=["beside", "further away", "the roof above", "behind", "above and aside", "what lies before it"],
)
def test_pieces_of_one_thing_are_beside_or_above_each_other(other: Box, *, is_piece: bool) -> None:
    assert beside(PLACE, other) is is_piece
    assert beside(other, PLACE) is is_piece


def test_another_stall_at_the_place_is_told_later() -> None:
    next_day = [one("stall", came=True, end_s=40), Actor(2, "stall", PLACE, 140, 200)]
    told = raised(play(rules(("mobile_vendor", "road_occupation")), next_day, 200))
    assert [one.scene for one in told] == [Scene.MOBILE_VENDOR, Scene.ROAD_OCCUPATION]


CORNER = st.floats(0.02, 0.3)


@given(
    order=st.permutations(STALLS * 2),
    corners=st.tuples(CORNER, CORNER, CORNER, CORNER, CORNER, CORNER),
    dwells=st.tuples(*[st.sampled_from([8.0, 15.0, 30.0])] * 6),
    came=st.booleans(),
    region=st.booleans(),
    blind=st.lists(st.booleans(), min_size=6, max_size=6),
)
@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate])
def test_one_stall_is_never_two_scenes(  # noqa: PLR0913, PLR0917 - one draw each
    order: list[str],
    corners: tuple[float, ...],
    dwells: tuple[float, ...],
    came: bool,  # noqa: FBT001 - drawn
    region: bool,  # noqa: FBT001 - drawn
    blind: list[bool],
) -> None:
    """Any zones that overlap, any order, any dwell, seen by detector, static foreground or both."""
    chosen: list[RunningRule] = []
    for scene, corner, dwell_s, no_model in zip(order, corners, dwells, blind, strict=True):
        model = WITHOUT_STALLS if no_model and scene != "mobile_vendor" else MODEL
        chosen += rules((scene,), dwell_s, model, corner)
    stall = [one("stall", came=came)] + ([Actor(2, STATIC_LABEL, PLACE, 5, 60)] if region else [])
    told = raised(play(in_precedence(chosen), stall, 75, 1.0))
    without_model = [no_model for scene, no_model in zip(order, blind, strict=True) if scene != "mobile_vendor"]
    somebody_sees_it = came or region or not all(without_model)
    assert len(told) == int(somebody_sees_it)


def test_scenes_stand_in_one_order_wherever_they_meet() -> None:
    """Else two of them, each certain and not told yet, would wait for each other for ever."""
    pairs = [(scene, other) for scene in Scene for other in Scene if comes_before(scene, other)]
    assert pairs
    assert not [pair for pair in pairs if pair[::-1] in pairs]
    ranked = in_precedence([one for scene in Scene for one in rules_for(scene)][::-1])
    order = [one.scene for one in ranked]
    assert not [(early, late) for place, early in enumerate(order) for late in order[place:] if (late, early) in pairs]
