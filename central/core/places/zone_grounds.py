"""Where on the ground a camera's zone lies: read whole from polygons, or refused with the feature that is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue
from shapely import Polygon, intersects_xy

from central.core.places.crs import Crs
from central.core.places.grid import SPAN_DEG_MAX, Ring, position_of
from central.core.places.position import Position

ZONES_MAX, CORNERS_MAX, CORNERS_MIN = 20_000, 500, 4
NAME_CHARS_MAX = 96


class GroundRefused(ValueError):
    """A polygon is no ground of a zone; the text says which, why, and what would be right."""


@dataclass(frozen=True, slots=True)
class ZoneGround:
    """The ground of a zone of a camera (`box.camera`); `rings` are WGS84: the outline, then holes."""

    camera: str
    zone: str
    rings: tuple[Ring, ...]

    def holds(self, place: Position) -> bool:
        """Whether a place lies in it, or on its edge."""
        return bool(intersects_xy(Polygon(self.rings[0], self.rings[1:]), place.longitude, place.latitude))


def read_zone_grounds(features: Iterable[Mapping[str, JsonValue]], crs: Crs) -> list[ZoneGround]:
    """Polygons with the properties `camera` and `zone`, each pair once. Raises `GroundRefused`."""
    found: dict[tuple[str, str], ZoneGround] = {}
    for number, feature in enumerate(features, 1):
        if number > ZONES_MAX:
            raise GroundRefused(f"more than {ZONES_MAX} zones; import one district at a time")
        ground = _read(number, feature, crs)
        if (ground.camera, ground.zone) in found:
            raise GroundRefused(f"feature {number}: zone {ground.zone} of {ground.camera} stands there twice; keep one")
        found[ground.camera, ground.zone] = ground
    if not found:
        raise GroundRefused("there is no feature; draw a polygon for each zone")
    return list(found.values())


def _read(number: int, feature: Mapping[str, JsonValue], crs: Crs) -> ZoneGround:
    properties, geometry = feature.get("properties"), feature.get("geometry")
    told = properties if isinstance(properties, dict) else {}
    names = [told.get(name) for name in ("camera", "zone")]
    camera, zone = (name if isinstance(name, str) and 0 < len(name) <= NAME_CHARS_MAX else "" for name in names)
    if not camera or not zone:
        raise GroundRefused(f"feature {number}: name the `camera` (box.camera) and the `zone` in its properties")
    shape = geometry if isinstance(geometry, dict) else {}
    rings = shape.get("coordinates")
    if shape.get("type") != "Polygon" or not isinstance(rings, list) or not rings:
        raise GroundRefused(f"feature {number}: {camera} {zone} is no Polygon; draw its ground as one")
    read = tuple(_ring(number, ring, crs) for ring in rings)
    polygon = Polygon(read[0], read[1:])
    if not polygon.is_valid or polygon.area == 0:
        raise GroundRefused(f"feature {number}: {camera} {zone} crosses itself or has no area; draw its outline anew")
    west, south, east, north = polygon.bounds
    if max(east - west, north - south) > SPAN_DEG_MAX:
        raise GroundRefused(f"feature {number}: {camera} {zone} is wider than a camera sees; look at its coordinates")
    return ZoneGround(camera, zone, read)


def _ring(number: int, told: JsonValue, crs: Crs) -> Ring:
    if not isinstance(told, list) or not CORNERS_MIN <= len(told) <= CORNERS_MAX or told[0] != told[-1]:
        raise GroundRefused(
            f"feature {number}: a ring has {CORNERS_MIN} to {CORNERS_MAX} corners, the last one the first"
        )
    places = [position_of(corner, crs) for corner in told]
    known = tuple((place.longitude, place.latitude) for place in places if place is not None)
    if len(known) < len(told):
        raise GroundRefused(f"feature {number}: a corner is no pair of longitude and latitude in degrees")
    return known
