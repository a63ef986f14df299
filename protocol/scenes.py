"""The scenes of the street as data: their names, what they look for, and the class codes of two national layouts.

A code is written with its layout, because the two layouts number the same thing differently. `local` marks an extension
of a city that no national standard knows. Sources: CJ/T 214-2007 and GB/T 30428.2-2013 as practised by city platforms;
`TABLE_VERSION` changes with every correction.
"""

from dataclasses import dataclass
from enum import StrEnum

TABLE_VERSION = "2026.1"


class ObjectClass(StrEnum):
    """What a scene looks for, whatever a detector calls it."""

    PERSON = "person"
    STALL = "stall"
    BIKE = "bike"
    CAR = "car"
    RUBBISH = "rubbish"
    GOODS = "goods"


class Scene(StrEnum):
    """Every scene that a rule can watch for."""

    STAY = "stay"
    MOBILE_VENDOR = "mobile_vendor"
    OUT_OF_STORE = "out_of_store"
    ROAD_OCCUPATION = "road_occupation"
    BIKE_PILEUP = "bike_pileup"
    BIKE_PARKING = "bike_parking"
    VEHICLE_PARKING = "vehicle_parking"
    DUMPING = "dumping"
    BIN_OVERFLOW = "bin_overflow"
    EXPOSED_RUBBISH = "exposed_rubbish"
    MATERIAL_HEAP = "material_heap"
    CROWD = "crowd"


class Surface(StrEnum):
    """What a zone's ground is: it decides who is responsible."""

    PAVEMENT = "pavement"
    CARRIAGEWAY = "carriageway"
    FIRE_LANE = "fire_lane"


class CodeLayout(StrEnum):
    """Whose numbering a class code follows."""

    CJT_214_2007 = "cjt_214_2007"
    GBT_30428_2013 = "gbt_30428_2013"


@dataclass(frozen=True, slots=True)
class ClassCode:
    """A class of events in one layout, such as `04-06`; `local`: an extension without a national code."""

    layout: CodeLayout
    code: str
    local: bool = False


@dataclass(frozen=True, slots=True)
class SceneFacts:
    """What is known of a scene besides its rule.

    `needs`: classes without which a detector cannot serve it; `static_serves`: static foreground can take the
    detector's place.
    """

    zh: str
    en: str
    needs: frozenset[ObjectClass] = frozenset()
    static_serves: bool = False
    codes: tuple[ClassCode, ...] = ()


def _codes(cjt: str | None, gbt: str | None, *, local: frozenset[CodeLayout] = frozenset()) -> tuple[ClassCode, ...]:
    numbered = ((CodeLayout.CJT_214_2007, cjt), (CodeLayout.GBT_30428_2013, gbt))
    return tuple(ClassCode(layout, code, layout in local) for layout, code in numbered if code is not None)


_LOCAL_CJT = frozenset({CodeLayout.CJT_214_2007})
_LOCAL_GBT = frozenset({CodeLayout.GBT_30428_2013})
_STALL = frozenset({ObjectClass.STALL})

SCENES: dict[Scene, SceneFacts] = {
    Scene.STAY: SceneFacts("停留占用", "stay"),
    Scene.MOBILE_VENDOR: SceneFacts("流动摊贩", "mobile vendor", _STALL, codes=_codes("05-01", "04-01")),
    Scene.OUT_OF_STORE: SceneFacts(
        "店外经营", "trading outside the shop", _STALL, static_serves=True, codes=_codes("05-04", "04-05")
    ),
    Scene.ROAD_OCCUPATION: SceneFacts(
        "占道经营", "standing stall on public ground", _STALL, static_serves=True, codes=_codes(None, "04-06")
    ),
    Scene.BIKE_PILEUP: SceneFacts(
        "共享单车淤积",
        "bike pile-up",
        frozenset({ObjectClass.BIKE}),
        static_serves=True,
        codes=_codes(None, "04-93", local=_LOCAL_GBT),
    ),
    Scene.BIKE_PARKING: SceneFacts(
        "非机动车乱停放",
        "bike left where none may stand",
        frozenset({ObjectClass.BIKE}),
        codes=_codes("05-06", "04-10"),
    ),
    Scene.VEHICLE_PARKING: SceneFacts(
        "机动车违停", "illegal parking", frozenset({ObjectClass.CAR}), codes=_codes("05-05", "04-09")
    ),
    Scene.DUMPING: SceneFacts(
        "乱泼乱倒", "dumping", frozenset({ObjectClass.PERSON}), codes=_codes("01-15", "01-30", local=_LOCAL_CJT)
    ),
    Scene.BIN_OVERFLOW: SceneFacts(
        "垃圾满溢",
        "overflowing bin",
        frozenset({ObjectClass.RUBBISH}),
        static_serves=True,
        codes=_codes(None, "01-92", local=_LOCAL_GBT),
    ),
    Scene.EXPOSED_RUBBISH: SceneFacts(
        "暴露垃圾",
        "exposed rubbish",
        frozenset({ObjectClass.RUBBISH}),
        static_serves=True,
        codes=_codes("01-02", "01-10"),
    ),
    Scene.MATERIAL_HEAP: SceneFacts(
        "乱堆物堆料",
        "heap of material",
        frozenset({ObjectClass.GOODS}),
        static_serves=True,
        codes=_codes("05-07", "01-36"),
    ),
    Scene.CROWD: SceneFacts("人群聚集", "crowd", frozenset({ObjectClass.PERSON})),
}

_FIRE_LANE_CODES = _codes(None, "04-96", local=_LOCAL_GBT)
"""占用消防通道."""

PRECEDENCE: tuple[tuple[Scene, ...], ...] = (
    (Scene.MOBILE_VENDOR, Scene.OUT_OF_STORE, Scene.ROAD_OCCUPATION, Scene.MATERIAL_HEAP),
    (Scene.DUMPING, Scene.BIN_OVERFLOW, Scene.EXPOSED_RUBBISH, Scene.MATERIAL_HEAP),
    (Scene.BIKE_PILEUP, Scene.BIKE_PARKING),
    (Scene.OUT_OF_STORE, Scene.DUMPING, Scene.EXPOSED_RUBBISH, Scene.MATERIAL_HEAP),
)
"""Families of scenes that one thing may meet at a time: it is told as one of a family, the foremost that it meets.

Two scenes stand in the same order wherever both are, or they would wait for each other for ever.
"""

GROUPS = frozenset({Scene.BIKE_PILEUP, Scene.CROWD})
"""Scenes about many things together; one of them that is told by itself does not keep the group from being told."""


def class_codes(scene: Scene, surface: Surface | None = None) -> tuple[ClassCode, ...]:
    """Codes of a scene on that ground, at most one for each layout; none where no layout knows it."""
    if scene is Scene.VEHICLE_PARKING and surface is Surface.FIRE_LANE:
        return _FIRE_LANE_CODES
    return SCENES[scene].codes


_SYNONYMS: dict[ObjectClass, frozenset[str]] = {
    ObjectClass.PERSON: frozenset({"person", "pedestrian", "people", "rider", "man", "woman", "行人", "人"}),
    ObjectClass.STALL: frozenset(
        {"stall", "vendor stall", "street stall", "cart", "food cart", "vendor cart", "booth", "摊位", "摊贩", "摊点"}
    ),
    ObjectClass.BIKE: frozenset(
        {
            "bike",
            "bicycle",
            "motorcycle",
            "motorbike",
            "scooter",
            "e-bike",
            "ebike",
            "shared bike",
            "非机动车",
            "自行车",
        }
    ),
    ObjectClass.CAR: frozenset(
        {"car", "truck", "bus", "van", "vehicle", "suv", "pickup", "minibus", "机动车", "汽车", "货车"}
    ),
    ObjectClass.RUBBISH: frozenset(
        {"rubbish", "garbage", "trash", "litter", "waste", "garbage bag", "trash bag", "垃圾", "垃圾袋"}
    ),
    ObjectClass.GOODS: frozenset(
        {"goods", "merchandise", "boxes", "carton", "material", "heap", "pile", "堆物", "物料", "货物"}
    ),
}


def class_of(label: str) -> ObjectClass | None:
    """Class that a detector's label usually means; None for one that no scene looks for."""
    name = label.strip().lower().replace("_", " ")
    return next((one for one, names in _SYNONYMS.items() if name in names), None)
