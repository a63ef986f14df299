"""The zones and rules of a simulated camera, as a technician would set them up: from its places, not its script."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from protocol.configuration import Zone
from protocol.geometry import Polygon
from protocol.scene_rules import (
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
    VehicleParkingRule,
)
from protocol.scenes import Scene, Surface
from provisioning.simulator.video.acts.bikes import PILE_LIMIT
from provisioning.simulator.video.fixtures import Places

CROWD_SEEN = 5
"""A crowd is six or more; of nine to twelve who stand behind each other the detector finds five to seven, and of three
who stand close together it sees a fourth between two of them."""
HEAP_SHARE = 0.012
ABOVE_DOOR_SHARE = 0.3
ON_PAVEMENT = (
    Scene.MOBILE_VENDOR,
    Scene.ROAD_OCCUPATION,
    Scene.DUMPING,
    Scene.EXPOSED_RUBBISH,
    Scene.MATERIAL_HEAP,
    Scene.VEHICLE_PARKING,
    Scene.CROWD,
)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds of every rule: first sight of who may only pass, stay until it is told, silence after it."""

    seen_s: float
    dwell_s: float
    silence_s: float


def zones_of(places: Places, pace: Pace, scenes: Collection[str]) -> Iterator[Zone]:
    """Yield the zones in which rules of these scenes stand; a zone without one is left out."""
    rules = _rules(pace, places.pile_share)
    front = ShopFront(name="shop", door_line=places.door_line)
    vehicle, pile, bike = Scene.VEHICLE_PARKING, Scene.BIKE_PILEUP, Scene.BIKE_PARKING
    drawn: tuple[tuple[str, str, Polygon, Surface, tuple[Scene, ...]], ...] = (
        ("pavement", "人行道", places.pavement, Surface.PAVEMENT, ON_PAVEMENT),
        ("shop", "店前", _shop(places), Surface.PAVEMENT, (Scene.OUT_OF_STORE,)),
        ("bay", "停车区", places.bay, Surface.PAVEMENT, (pile,)),
        ("no-parking", "禁停区", places.no_parking, Surface.PAVEMENT, (bike,)),
        ("lane", "机动车道", places.lane, Surface.CARRIAGEWAY, (vehicle,)),
        ("fire-lane", "消防通道", places.fire_lane, Surface.FIRE_LANE, (vehicle,)),
        ("bin", "垃圾桶", places.bin, Surface.PAVEMENT, (Scene.BIN_OVERFLOW,)),
    )
    for zone, name, polygon, surface, here in drawn:
        wanted = tuple(rules[scene] for scene in here if scene in scenes)
        shop_front = front if Scene.OUT_OF_STORE in here else None
        if wanted:
            yield Zone(id=zone, name=name, polygon=polygon, surface=surface, shop_front=shop_front, rules=wanted)


def _shop(places: Places) -> Polygon:
    """The ground before the shop, and a little of the shop above its door line."""
    (left, right), (far_right, far_left) = places.door_line, places.before_shop[2:]
    return (_above(left, far_left), _above(right, far_right), far_right, far_left)


def _above(door: tuple[float, float], ground: tuple[float, float]) -> tuple[float, float]:
    return door[0], max(0.0, door[1] - ABOVE_DOOR_SHARE * (ground[1] - door[1]))


def _rules(pace: Pace, pile_share: float) -> dict[Scene, Rule]:
    seen_s, dwell_s, silence_s = pace.seen_s, pace.dwell_s, pace.silence_s
    rules: tuple[Rule, ...] = (
        MobileVendorRule(scene=Scene.MOBILE_VENDOR, seen_s=seen_s, dwell_s=dwell_s, silence_s=silence_s),
        RoadOccupationRule(scene=Scene.ROAD_OCCUPATION, dwell_s=dwell_s, silence_s=silence_s),
        DumpingRule(scene=Scene.DUMPING, dwell_s=dwell_s, silence_s=silence_s),
        ExposedRubbishRule(scene=Scene.EXPOSED_RUBBISH, dwell_s=dwell_s, silence_s=silence_s),
        MaterialHeapRule(scene=Scene.MATERIAL_HEAP, dwell_s=dwell_s, silence_s=silence_s, area_share=HEAP_SHARE),
        VehicleParkingRule(scene=Scene.VEHICLE_PARKING, seen_s=seen_s, dwell_s=dwell_s, silence_s=silence_s),
        CrowdRule(scene=Scene.CROWD, enabled=True, count=CROWD_SEEN, dwell_s=dwell_s, silence_s=silence_s),
        OutOfStoreRule(scene=Scene.OUT_OF_STORE, dwell_s=dwell_s, silence_s=silence_s),
        BikePileupRule(
            scene=Scene.BIKE_PILEUP, count=PILE_LIMIT, area_share=pile_share, dwell_s=dwell_s, silence_s=silence_s
        ),
        BikeParkingRule(scene=Scene.BIKE_PARKING, dwell_s=dwell_s, silence_s=silence_s),
        BinOverflowRule(scene=Scene.BIN_OVERFLOW, dwell_s=dwell_s, silence_s=silence_s),
    )
    return {rule.scene: rule for rule in rules}
