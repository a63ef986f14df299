"""How each scene is configured: one frozen model a scene, told apart by `scene`. All durations are capture time."""

from datetime import time
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, model_validator

from protocol.geometry import Point, segments_touch
from protocol.messages import Label, Text
from protocol.plain_text import Plain
from protocol.scenes import Scene
from protocol.texts import BadValue, Words

STATIC_LABEL = "static"
"""The label of static foreground: needs no model."""
DOOR_LINE_POINTS_MAX = 16
STEPS_MAX = 4
_SEEN_TOO_LATE = Words(
    "`seen_s` 在前：不能比 `dwell_s` 长", "`seen_s` comes first: it may not be longer than `dwell_s`"
)
_WITH_TIME_ZONE = Words(
    "带有时区；请写当地时间，如 22:00（时区由 `timezone` 给出）",
    "holds a time zone; write the site's own time, such as 22:00 (the zone is `timezone`)",
)
_NO_CONDITION = Words("每一级需要 `after_s`、`count` 或两者", "a step needs `after_s`, `count` or both")
_NO_DOOR_LINE = Words(
    "门线自相交或原地不动；请沿店面依次列出各点",
    "the door line crosses itself or stands still; list its points in order along the shop",
)

PlainText = Annotated[Text, Plain]
"""What people call something."""
Duration = Annotated[float, Strict(), Field(gt=0, le=86_400)]
Pause = Annotated[float, Strict(), Field(ge=0, le=86_400)]
Severity = Annotated[int, Strict(), Field(ge=1, le=5)]
ZoneShare = Annotated[float, Strict(), Field(gt=0, le=1)]
ThingCount = Annotated[int, Strict(), Field(ge=1, le=500)]


class Settings(BaseModel):
    """Base: frozen, and a name that does not exist is an error.

    Checks are built at first use: a camera's process, which makes few of these, stays a megabyte smaller.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


class Weekday(StrEnum):
    """Days of the week, Monday first."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


def _of_the_site(moment: time) -> time:
    if moment.tzinfo is not None:
        raise BadValue(_WITH_TIME_ZONE)
    return moment


ClockTime = Annotated[time, AfterValidator(_of_the_site)]


class Hours(Settings):
    """From `begin` up to `end` by the site's clock, on `days`; an `end` not after `begin` lies on the next day."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=7)] = tuple(Weekday)
    begin: ClockTime
    end: ClockTime


class SeverityStep(Settings):
    """From here on it is this severe: after so many seconds of dwell, or from so many things on; both if both."""

    severity: Severity
    after_s: Duration | None = None
    count: ThingCount | None = None

    @model_validator(mode="after")
    def _has_a_condition(self) -> Self:
        if self.after_s is None and self.count is None:
            raise BadValue(_NO_CONDITION)
        return self


class SceneRule(Settings):
    """What all scenes have in common.

    `dwell_s`: how long until it is a violation. `grace_s`: how long it may be out of sight. `held_share`: the share of
    looks in which it must have been seen. `score_min`: no report with a lower score is made; the score of an object is
    the best that the detector gave it, that of static foreground the share of it that was in view. `silence_s`: how
    long the same place is not told again after it was told. `hours`: when the rule counts; always, if none are given.
    """

    enabled: bool = True
    dwell_s: Duration
    grace_s: Annotated[float, Strict(), Field(ge=0, le=600)] = 4.0
    held_share: Annotated[float, Strict(), Field(ge=0, le=1)] = 0.6
    score_min: Annotated[float, Strict(), Field(ge=0, le=1)] = 0.0
    silence_s: Pause = 1800.0
    severity: Severity = 3
    steps: Annotated[tuple[SeverityStep, ...], Field(max_length=STEPS_MAX)] = ()
    hours: Annotated[tuple[Hours, ...], Field(max_length=14)] = ()


class StayRule(SceneRule):
    """`stay`: the same object, or static region, is in the zone for `dwell_s`. Labels are the model's own names."""

    scene: Literal[Scene.STAY]
    labels: Annotated[tuple[Label, ...], Field(min_length=1, max_length=64)]
    grace_s: Annotated[float, Strict(), Field(ge=0, le=600)] = 2.0
    silence_s: Pause = 0.0


class MobileVendorRule(SceneRule):
    """`mobile_vendor` (流动摊贩): a carrier is seen to come, and stands; certain at `seen_s`, told at `dwell_s`."""

    scene: Literal[Scene.MOBILE_VENDOR]
    seen_s: Pause = 30.0
    dwell_s: Duration = 180.0

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.seen_s > self.dwell_s:
            raise BadValue(_SEEN_TOO_LATE)
        return self


class OutOfStoreRule(SceneRule):
    """`out_of_store` (店外经营): things of the zone's shop front stand beyond its door line."""

    scene: Literal[Scene.OUT_OF_STORE]
    dwell_s: Duration = 180.0


class RoadOccupationRule(SceneRule):
    """`road_occupation` (占道经营): a stall that nobody saw coming stands on public ground without a shop front."""

    scene: Literal[Scene.ROAD_OCCUPATION]
    dwell_s: Duration = 180.0


class BikePileupRule(SceneRule):
    """`bike_pileup` (共享单车淤积): at least `count` bikes, or `area_share` of the zone under bikes, for `dwell_s`."""

    scene: Literal[Scene.BIKE_PILEUP]
    count: ThingCount = 15
    area_share: ZoneShare = 0.5
    dwell_s: Duration = 600.0
    grace_s: Annotated[float, Strict(), Field(ge=0, le=600)] = 10.0


class BikeParkingRule(SceneRule):
    """`bike_parking` (非机动车乱停放): a bike stands in a zone where none may."""

    scene: Literal[Scene.BIKE_PARKING]
    dwell_s: Duration = 30.0


class VehicleParkingRule(SceneRule):
    """`vehicle_parking` (机动车违停): a vehicle stands; certain at `seen_s`, told at `dwell_s`."""

    scene: Literal[Scene.VEHICLE_PARKING]
    seen_s: Pause = 30.0
    dwell_s: Duration = 300.0

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.seen_s > self.dwell_s:
            raise BadValue(_SEEN_TOO_LATE)
        return self


class ExposedRubbishRule(SceneRule):
    """`exposed_rubbish` (暴露垃圾): something left lies there with nobody within `near_steps` (about a metre each).

    Who only walks past does not count.
    """

    scene: Literal[Scene.EXPOSED_RUBBISH]
    dwell_s: Duration = 300.0
    near_steps: Annotated[float, Strict(), Field(ge=0, le=20)] = 1.5


class DumpingRule(SceneRule):
    """`dumping` (乱泼乱倒): somebody was there, and after leaving there is something, or a wet patch, that stays."""

    scene: Literal[Scene.DUMPING]
    dwell_s: Duration = 20.0


class BinOverflowRule(SceneRule):
    """`bin_overflow` (垃圾满溢): rubbish on or beside the bin that the zone was drawn around."""

    scene: Literal[Scene.BIN_OVERFLOW]
    dwell_s: Duration = 300.0


class MaterialHeapRule(SceneRule):
    """`material_heap` (乱堆物堆料): a heap that covers at least `area_share` of the zone."""

    scene: Literal[Scene.MATERIAL_HEAP]
    dwell_s: Duration = 300.0
    area_share: ZoneShare = 0.03


class CrowdRule(SceneRule):
    """`crowd` (人群聚集): at least `count` people stand together for `dwell_s`. Off unless switched on; not a case."""

    scene: Literal[Scene.CROWD]
    enabled: bool = False
    count: ThingCount = 10
    dwell_s: Duration = 60.0


Rule = Annotated[
    StayRule
    | MobileVendorRule
    | OutOfStoreRule
    | RoadOccupationRule
    | BikePileupRule
    | BikeParkingRule
    | VehicleParkingRule
    | ExposedRubbishRule
    | DumpingRule
    | BinOverflowRule
    | MaterialHeapRule
    | CrowdRule,
    Field(discriminator="scene"),
]
"""Union of all scene rules, told apart by `scene`."""


class LegalPeriod(Settings):
    """When selling is permitted in a zone, such as a night market; concerns `scenes` alone."""

    name: PlainText = ""
    hours: Annotated[tuple[Hours, ...], Field(min_length=1, max_length=14)]
    scenes: Annotated[tuple[Scene, ...], Field(min_length=1)] = (
        Scene.MOBILE_VENDOR,
        Scene.ROAD_OCCUPATION,
        Scene.OUT_OF_STORE,
    )


class ShopFront(Settings):
    """The shop that a zone lies before; what stands beyond its `door_line` is outside.

    `door_line` is drawn along the shop front, from either end. Outside is the side where most of the zone lies.
    """

    name: PlainText
    door_line: Annotated[tuple[Point, ...], Field(min_length=2, max_length=DOOR_LINE_POINTS_MAX)]

    @model_validator(mode="after")
    def _simple_line(self) -> Self:
        points = self.door_line
        sides = list(pairwise(points))
        crossing = any(
            segments_touch(*sides[i], *sides[j]) for i in range(len(sides)) for j in range(i + 2, len(sides))
        )
        if crossing or any(a == b for a, b in sides):
            raise BadValue(_NO_DOOR_LINE)
        return self
