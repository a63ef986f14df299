"""The zones and rules of a camera, as a technician would set them up: from the camera's places, not from its script."""

from collections.abc import Iterator
from enum import StrEnum

from bench.scenes.plan import DWELL_S
from edge_agent.core.rules.running import CONDITIONS
from protocol.configuration import CameraConfig, Zone
from protocol.geometry import Polygon
from protocol.scene_rules import (
    STATIC_LABEL,
    BikeParkingRule,
    BikePileupRule,
    BinOverflowRule,
    CrowdRule,
    DumpingRule,
    ExposedRubbishRule,
    MaterialHeapRule,
    MobileVendorRule,
    OutOfStoreRule,
    RoadOccupationRule,
    Rule,
    ShopFront,
    StayRule,
    VehicleParkingRule,
)
from protocol.scenes import Scene, Surface
from provisioning.simulator.video.acts.bikes import PILE_LIMIT
from provisioning.simulator.video.fixtures import Places

CROWD_SEEN = 4
"""A crowd is six or more; of nine to twelve who stand behind each other the detector finds four to seven."""
SEEN_S, SILENCE_S = 5.0, 40.0
HEAP_SHARE = 0.012
ABOVE_DOOR_SHARE = 0.3
PILE_SHARE = 0.14
"""Of the bay: as much as some six bikes in a row cover."""


class Mode(StrEnum):
    """`model`: every scene by its own rule, with the detector. `static`: `stay` on static foreground, no model."""

    MODEL = "model"
    STATIC = "static"


def available() -> frozenset[str]:
    """Return the scenes that can run, `stay` apart."""
    return frozenset(str(scene) for scene in CONDITIONS if scene is not Scene.STAY)


def camera_config(places: Places, mode: Mode, scenes: frozenset[str], fps: float) -> CameraConfig:
    """Return the configuration of a camera with these places that watches for those scenes."""
    zones = _static_zones(places) if mode is Mode.STATIC else _zones(places, scenes)
    return CameraConfig.model_validate(
        {"id": "cam", "url": "rtsp://127.0.0.1/cam", "analysis_fps": fps, "zones": tuple(zones)}
    )


def _static_zones(places: Places) -> Iterator[Zone]:
    rule = StayRule(scene=Scene.STAY, labels=(STATIC_LABEL,), dwell_s=DWELL_S)
    for name, polygon in (("pavement", places.pavement), ("kerb", _kerb(places))):
        yield Zone(id=name, polygon=polygon, rules=(rule,))


def _kerb(places: Places) -> Polygon:
    left, right = sorted((places.lane, places.fire_lane), key=lambda polygon: polygon[0][0])
    return (left[0], right[1], right[2], left[3])


def _zones(places: Places, scenes: frozenset[str]) -> Iterator[Zone]:
    front = ShopFront(name="shop", door_line=places.door_line)
    shop = _shop(places)
    drawn: tuple[tuple[str, Polygon, Surface | None, ShopFront | None, tuple[Rule, ...]], ...] = (
        ("pavement", places.pavement, Surface.PAVEMENT, None, _pavement_rules()),
        ("shop", shop, Surface.PAVEMENT, front, (_out_of_store(),)),
        ("bay", places.bay, Surface.PAVEMENT, None, (_pileup(),)),
        ("no-parking", places.no_parking, Surface.PAVEMENT, None, (_bike_parking(),)),
        ("lane", places.lane, Surface.CARRIAGEWAY, None, (_vehicle(),)),
        ("fire-lane", places.fire_lane, Surface.FIRE_LANE, None, (_vehicle(),)),
        ("bin", places.bin, Surface.PAVEMENT, None, (_bin(),)),
    )
    for name, polygon, surface, shop_front, rules in drawn:
        wanted = tuple(rule for rule in rules if rule.scene in scenes and rule.scene in CONDITIONS)
        if wanted:
            yield Zone(id=name, polygon=polygon, surface=surface, shop_front=shop_front, rules=wanted)


def _shop(places: Places) -> Polygon:
    """The ground before the shop, and a little of the shop above its door line."""
    (left, right), (far_right, far_left) = places.door_line, places.before_shop[2:]
    return (_above(left, far_left), _above(right, far_right), far_right, far_left)


def _above(door: tuple[float, float], ground: tuple[float, float]) -> tuple[float, float]:
    return door[0], max(0.0, door[1] - ABOVE_DOOR_SHARE * (ground[1] - door[1]))


def _pavement_rules() -> tuple[Rule, ...]:
    return (
        MobileVendorRule(scene=Scene.MOBILE_VENDOR, seen_s=SEEN_S, dwell_s=DWELL_S, silence_s=SILENCE_S),
        RoadOccupationRule(scene=Scene.ROAD_OCCUPATION, dwell_s=DWELL_S, silence_s=SILENCE_S),
        DumpingRule(scene=Scene.DUMPING, dwell_s=DWELL_S, silence_s=SILENCE_S),
        ExposedRubbishRule(scene=Scene.EXPOSED_RUBBISH, dwell_s=DWELL_S, silence_s=SILENCE_S),
        MaterialHeapRule(
            scene=Scene.MATERIAL_HEAP, dwell_s=DWELL_S, silence_s=SILENCE_S, area_share=HEAP_SHARE
        ),
        _vehicle(),
        CrowdRule(scene=Scene.CROWD, enabled=True, count=CROWD_SEEN, dwell_s=DWELL_S, silence_s=SILENCE_S),
    )  # fmt: skip


def _out_of_store() -> Rule:
    return OutOfStoreRule(scene=Scene.OUT_OF_STORE, dwell_s=DWELL_S, silence_s=SILENCE_S)


def _pileup() -> Rule:
    return BikePileupRule(
        scene=Scene.BIKE_PILEUP, count=PILE_LIMIT, area_share=PILE_SHARE, dwell_s=DWELL_S, silence_s=SILENCE_S
    )


def _bike_parking() -> Rule:
    return BikeParkingRule(scene=Scene.BIKE_PARKING, dwell_s=DWELL_S, silence_s=SILENCE_S)


def _vehicle() -> Rule:
    return VehicleParkingRule(scene=Scene.VEHICLE_PARKING, seen_s=SEEN_S, dwell_s=DWELL_S, silence_s=SILENCE_S)


def _bin() -> Rule:
    return BinOverflowRule(scene=Scene.BIN_OVERFLOW, dwell_s=DWELL_S, silence_s=SILENCE_S)
