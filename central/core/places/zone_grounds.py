"""Where on the ground a camera's zone lies: read whole from polygons, or refused with the feature that is wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue
from shapely import Point, Polygon, STRtree

from central.core.places.crs import Crs
from central.core.places.grid import SPAN_DEG_MAX, Ring, position_of
from central.core.places.position import Bounds, Position
from protocol.texts import Told, Words

ZONES_MAX, CORNERS_MAX, CORNERS_MIN = 20_000, 500, 4
NAME_CHARS_MAX = 96


TOO_MANY = Words(
    zh="超过 {most} 个区域；请一次导入一个区县", en="more than {most} zones; import one district at a time"
)
TWICE = Words(
    zh="第 {number} 个要素：{camera} 的区域 {zone} 出现两次；请只留一个",
    en="feature {number}: zone {zone} of {camera} stands there twice; keep one",
)
NO_FEATURE = Words(zh="没有任何要素；请为每个区域画一个多边形", en="there is no feature; draw a polygon for each zone")
NO_NAMES = Words(
    zh="第 {number} 个要素：请在属性中写 camera（盒子.摄像机）和 zone",
    en="feature {number}: name the `camera` (box.camera) and the `zone` in its properties",
)
NO_POLYGON = Words(
    zh="第 {number} 个要素：{camera} {zone} 不是 Polygon；请画成多边形",
    en="feature {number}: {camera} {zone} is no Polygon; draw its ground as one",
)
CROSSES_ITSELF = Words(
    zh="第 {number} 个要素：{camera} {zone} 自相交或没有面积；请重新画轮廓",
    en="feature {number}: {camera} {zone} crosses itself or has no area; draw its outline anew",
)
TOO_WIDE = Words(
    zh="第 {number} 个要素：{camera} {zone} 比摄像机能看到的更宽；请核对坐标",
    en="feature {number}: {camera} {zone} is wider than a camera sees; look at its coordinates",
)
NO_RING = Words(
    zh="第 {number} 个要素：一圈应有 {least} 至 {most} 个点，最后一个与第一个相同",
    en="feature {number}: a ring has {least} to {most} corners, the last one the first",
)
NO_CORNER = Words(
    zh="第 {number} 个要素：有一个点不是以度为单位的经度和纬度",
    en="feature {number}: a corner is no pair of longitude and latitude in degrees",
)


class GroundRefused(Told, ValueError):
    """A polygon is no ground of a zone; the text says which, why, and what would be right."""


@dataclass(frozen=True, slots=True)
class ZoneGround:
    """The ground of a zone of a camera (`box.camera`); `rings` are WGS84: the outline, then holes."""

    camera: str
    zone: str
    rings: tuple[Ring, ...]


class ZoneMap:
    """The grounds of zones, looked up by place."""

    def __init__(self, zones: Sequence[ZoneGround]) -> None:
        self.zones = zones
        self._tree = STRtree([Polygon(one.rings[0], one.rings[1:]) for one in zones])

    def at(self, place: Position) -> list[ZoneGround]:
        """Those in which a place lies, or on whose edge, in the order of `zones`."""
        found = self._tree.query(Point(place.longitude, place.latitude), predicate="intersects")
        return [self.zones[number] for number in sorted(found.tolist())]

    def bounds(self, camera: str | None = None, zone: str | None = None) -> Bounds | None:
        """A box that holds all of them, or those of this camera or name; None where there are none."""
        outlines = [one.rings[0] for one in self.zones if camera in {None, one.camera} and zone in {None, one.zone}]
        if not outlines:
            return None
        longitudes, latitudes = ([corner[axis] for one in outlines for corner in one] for axis in (0, 1))
        return Bounds(min(longitudes), min(latitudes), max(longitudes), max(latitudes))


def read_zone_grounds(features: Iterable[Mapping[str, JsonValue]], crs: Crs) -> list[ZoneGround]:
    """Polygons with the properties `camera` and `zone`, each pair once. Raises `GroundRefused`."""
    found: dict[tuple[str, str], ZoneGround] = {}
    for number, feature in enumerate(features, 1):
        if number > ZONES_MAX:
            raise GroundRefused(TOO_MANY, most=ZONES_MAX)
        ground = _read(number, feature, crs)
        if (ground.camera, ground.zone) in found:
            raise GroundRefused(TWICE, number=number, zone=ground.zone, camera=ground.camera)
        found[ground.camera, ground.zone] = ground
    if not found:
        raise GroundRefused(NO_FEATURE)
    return list(found.values())


def _read(number: int, feature: Mapping[str, JsonValue], crs: Crs) -> ZoneGround:
    properties, geometry = feature.get("properties"), feature.get("geometry")
    told = properties if isinstance(properties, dict) else {}
    names = [told.get(name) for name in ("camera", "zone")]
    camera, zone = (name if isinstance(name, str) and _is_name(name) else "" for name in names)
    told_apart: dict[str, object] = {"number": number, "camera": camera, "zone": zone}
    if not camera or not zone:
        raise GroundRefused(NO_NAMES, number=number)
    shape = geometry if isinstance(geometry, dict) else {}
    rings = shape.get("coordinates")
    if shape.get("type") != "Polygon" or not isinstance(rings, list) or not rings:
        raise GroundRefused(NO_POLYGON, **told_apart)
    read = tuple(_ring(number, ring, crs) for ring in rings)
    polygon = Polygon(read[0], read[1:])
    if not polygon.is_valid or polygon.area == 0:
        raise GroundRefused(CROSSES_ITSELF, **told_apart)
    west, south, east, north = polygon.bounds
    if max(east - west, north - south) > SPAN_DEG_MAX:
        raise GroundRefused(TOO_WIDE, **told_apart)
    return ZoneGround(camera, zone, read)


def _is_name(text: str) -> bool:
    return 0 < len(text) <= NAME_CHARS_MAX and text.isprintable()


def _ring(number: int, told: JsonValue, crs: Crs) -> Ring:
    if not isinstance(told, list) or not CORNERS_MIN <= len(told) <= CORNERS_MAX or told[0] != told[-1]:
        raise GroundRefused(NO_RING, number=number, least=CORNERS_MIN, most=CORNERS_MAX)
    places = [position_of(corner, crs) for corner in told]
    known = tuple((place.longitude, place.latitude) for place in places if place is not None)
    if len(known) < len(told):
        raise GroundRefused(NO_CORNER, number=number)
    return known
