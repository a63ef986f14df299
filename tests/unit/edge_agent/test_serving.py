"""What every scene rests on with every kind of model, and how those are refused that nothing serves."""

from dataclasses import replace
from datetime import UTC

import pytest
from pydantic import TypeAdapter

from edge_agent.core.rules import RulesRefused, Stream, servings, settings_of
from edge_agent.core.values import ClassMap, ModelIdentity
from protocol.configuration import CameraConfig
from protocol.messages import Basis
from protocol.scene_rules import Rule
from protocol.scenes import SCENES, CodeLayout, ObjectClass, Scene
from tests.support.rules import MODEL, WHOLE
from tests.support.shared import REPOSITORY

RULE: TypeAdapter[Rule] = TypeAdapter(Rule)
SHOP = {"name": "面馆", "door_line": ((0.2, 0.2), (0.8, 0.2))}
OBJECTS, BOTH, STATIC, REFUSED = "objects", "objects and static", "static", "refused"

RESTS_ON: dict[Scene, tuple[str, str]] = {
    Scene.MOBILE_VENDOR: (OBJECTS, REFUSED),
    Scene.OUT_OF_STORE: (BOTH, STATIC),
    Scene.ROAD_OCCUPATION: (OBJECTS, STATIC),
    Scene.BIKE_PILEUP: (OBJECTS, STATIC),
    Scene.BIKE_PARKING: (OBJECTS, REFUSED),
    Scene.VEHICLE_PARKING: (OBJECTS, REFUSED),
    Scene.DUMPING: (BOTH, REFUSED),
    Scene.BIN_OVERFLOW: (BOTH, STATIC),
    Scene.EXPOSED_RUBBISH: (BOTH, STATIC),
    Scene.MATERIAL_HEAP: (BOTH, STATIC),
    Scene.CROWD: (OBJECTS, REFUSED),
}
"""With a model that knows the classes of a scene, and without them. `stay` has tests of its own."""


def model(*labels: str, said: tuple[tuple[str, ObjectClass | None], ...] = ()) -> ModelIdentity:
    return ModelIdentity("m", "0" * 64, labels, classes=ClassMap(said))


def without(scene: Scene) -> ModelIdentity:
    """A model that knows everything but what the scene looks for."""
    return model(*(one for one in ObjectClass if one not in SCENES[scene].needs))


def camera(*rules: dict[str, object], name: str = "cam", zone: str = "z") -> CameraConfig:
    parsed = tuple(RULE.validate_python({"dwell_s": 300, "enabled": True, **one}) for one in rules)
    shop = SHOP if any(one.scene is Scene.OUT_OF_STORE for one in parsed) else None
    zones = ({"id": zone, "polygon": WHOLE, "shop_front": shop, "rules": parsed},)
    return CameraConfig.model_validate({"id": name, "url": "rtsp://u:secret@h/x", "zones": zones})


def grounds(watched: CameraConfig, loaded: ModelIdentity | None) -> str:
    """What the settings of a camera with one rule rest on, as they run."""
    try:
        settings = settings_of(watched, loaded, UTC)
    except RulesRefused:
        return REFUSED
    kinds = {(one.basis, one.stream) for one in settings}
    named = {
        frozenset({(Basis.MODEL, Stream.OBJECTS)}): OBJECTS,
        frozenset({(Basis.MODEL, Stream.OBJECTS), (Basis.MODEL, Stream.REGIONS)}): BOTH,
        frozenset({(Basis.STATIC, Stream.REGIONS)}): STATIC,
        frozenset({(Basis.MODEL, Stream.OBJECTS), (Basis.STATIC, Stream.REGIONS)}): "each by itself",
    }
    return named[frozenset(kinds)]


def test_the_table_names_every_scene() -> None:
    assert RESTS_ON.keys() | {Scene.STAY} == set(Scene)


@pytest.mark.parametrize("scene", RESTS_ON)
def test_a_scene_rests_on_what_the_model_knows(scene: Scene) -> None:
    with_classes, without_them = RESTS_ON[scene]
    watched = camera({"scene": scene})
    assert grounds(watched, MODEL) == with_classes
    assert grounds(watched, model(*SCENES[scene].needs)) == with_classes
    assert grounds(watched, without(scene)) == without_them
    assert grounds(watched, model()) == without_them
    assert grounds(watched, None) == without_them


@pytest.mark.parametrize("scene", RESTS_ON)
def test_what_is_told_of_a_scene_names_its_ground_and_what_lacks(scene: Scene) -> None:
    watched, needed = camera({"scene": scene}), ", no ".join(sorted(SCENES[scene].needs))
    (served,) = servings([watched], MODEL)
    assert not served.missing
    assert "objects of the model" in str(served)
    assert ("static foreground" in str(served)) is (RESTS_ON[scene][0] is BOTH)
    if RESTS_ON[scene][1] is STATIC:
        (served,) = servings([watched], without(scene))
        assert str(served) == f"static foreground; the model knows no {needed}"
        return
    with pytest.raises(RulesRefused) as refused:
        servings([watched], without(scene))
    words = f"camera cam, zone z: the scene `{scene}` looks for {needed}, which the model m does not know; it has "
    assert str(refused.value).startswith(words)
    for cure in ("map its labels to them under `classes:`", "choose another model", "`enabled: false`"):
        assert cure in str(refused.value)


def test_a_card_serves_a_scene_by_its_mapping_and_may_take_a_class_away() -> None:
    watched = camera({"scene": "mobile_vendor"})
    assert grounds(watched, model("barrow")) == REFUSED
    assert grounds(watched, model("barrow", said=(("barrow", ObjectClass.STALL),))) == OBJECTS
    assert grounds(watched, model("stall", said=(("stall", None),))) == REFUSED


def test_the_documented_table_is_true() -> None:
    lines = (REPOSITORY / "docs" / "scenes.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    documented = {row[0].strip("`"): row[1:] for row in rows}
    assert documented.keys() == set(Scene)
    for scene, (_, without_them) in RESTS_ON.items():
        title, needed, ground, *codes = documented[scene]
        assert title.split(",")[0] == SCENES[scene].zh
        assert needed == ", ".join(sorted(SCENES[scene].needs))
        assert ground == {STATIC: "static foreground"}.get(without_them, without_them)
        known = {one.layout: f"{one.code}{' local' * one.local}" for one in SCENES[scene].codes}
        assert codes == [known.get(layout, "–") for layout in CodeLayout]


STAYS: list[tuple[list[str], tuple[str, ...] | None, str]] = [
    (["static"], None, STATIC),
    (["static"], ("person",), STATIC),
    (["person"], ("person",), OBJECTS),
    (["person", "static"], ("person",), "each by itself"),
    (["person", "static"], None, STATIC),
    (["person"], None, REFUSED),
    (["persons"], ("person",), REFUSED),
    (["person", "persons"], ("person",), REFUSED),
    (["static", "persons"], ("person",), REFUSED),
]


@pytest.mark.parametrize(("labels", "known", "ground"), STAYS)
def test_a_stay_runs_on_what_it_names(labels: list[str], known: tuple[str, ...] | None, ground: str) -> None:
    loaded = None if known is None else model(*known)
    assert grounds(camera({"scene": "stay", "labels": labels}), loaded) == ground


def test_all_refusals_are_named_at_once_and_nothing_secret() -> None:
    street = camera({"scene": "mobile_vendor"}, {"scene": "road_occupation"}, {"scene": "crowd"}, name="street")
    gate = camera({"scene": "stay", "labels": ["Person"]}, {"scene": "vehicle_parking"}, name="gate", zone="lane")
    with pytest.raises(RulesRefused) as refused:
        servings([street, gate], model("person", "dog"))
    first, second, third = str(refused.value).splitlines()
    assert refused.value.refusals == (first, second, third)
    assert first.startswith("camera street, zone z: the scene `mobile_vendor` looks for stall, which the model m")
    assert second.startswith("camera gate, zone lane: the scene `stay` looks for Person, which the model m")
    assert "near 'Person' it has person" in second
    assert third.startswith("camera gate, zone lane: the scene `vehicle_parking` looks for car")
    assert "secret" not in str(refused.value)


def test_without_a_model_the_cure_is_to_name_one() -> None:
    with pytest.raises(RulesRefused) as refused:
        servings([camera({"scene": "dumping"}, {"scene": "stay", "labels": ["person"]})], None)
    first, second = refused.value.refusals
    assert "looks for person, which needs a detector, and there is none; name one under `model:`, or" in first
    assert "write the label `static`" in second


def test_rules_that_are_switched_off_ask_for_nothing() -> None:
    assert servings([camera({"scene": "mobile_vendor", "enabled": False})], None) == ()


def test_a_model_of_many_classes_is_not_read_out_and_one_without_names_is_said_to_be() -> None:
    many = replace(MODEL, labels=tuple(f"thing {number}" for number in range(80)))
    for loaded, words in ((many, "... (80 in all)"), (model("0", "1"), "classes without names")):
        with pytest.raises(RulesRefused, match="crowd") as refused:
            servings([camera({"scene": "crowd"})], loaded)
        assert words in str(refused.value)
