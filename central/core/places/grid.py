"""The city's unit grids (单元网格): read whole from polygons, or refused with all that is wrong; looked up."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pydantic import JsonValue
from shapely import Polygon, STRtree, intersection, intersects_xy
from shapely.validation import explain_validity

from central.core.places import faults
from central.core.places.crs import Crs, to_wgs84
from central.core.places.position import Position
from central.core.standards import Refused
from central.core.standards.faults import SHOWN_CHARS, Fault
from protocol.plain_text import one_line
from protocol.texts import Words

Ring = tuple[tuple[float, float], ...]
"""Longitude and latitude of its corners, the first one again at the end."""

GRIDS_MAX, CORNERS_MAX, FAULTS_MAX = 50_000, 2_000_000, 200
NAME_CHARS_MAX = 64
SPAN_DEG_MAX = 0.2
"""A unit grid is about 100 m wide, a village's some kilometres: what is wider than about 20 km is none."""
OVERLAP_M2 = 1.0
"""Neighbours that were drawn by hand share slivers: so much is no overlap."""
CODE_KEYS, NAME_KEYS = ("code", "网格编码", "单元网格编码", "bgcode"), ("name", "网格名称", "单元网格名称", "bgname")
_CODE = re.compile(r"[1-9][0-9]{13,15}")
_PROVINCES = range(11, 83)
_CORNERS_MIN = 4
_M2_A_SQUARE_DEGREE = 111_195.0**2


@dataclass(frozen=True, slots=True)
class Grid:
    """A unit grid. `rings` are WGS84: the outline, then holes. `code`: 14, 15 (GB/T 30428.1) or 16 digits."""

    code: str
    name: str
    rings: tuple[Ring, ...]

    @property
    def west(self) -> float:
        """Its westernmost longitude."""
        return min(x for x, _ in self.rings[0])

    @property
    def south(self) -> float:
        """Its southernmost latitude."""
        return min(y for _, y in self.rings[0])

    @property
    def east(self) -> float:
        """Its easternmost longitude."""
        return max(x for x, _ in self.rings[0])

    @property
    def north(self) -> float:
        """Its northernmost latitude."""
        return max(y for _, y in self.rings[0])


@dataclass(frozen=True, slots=True)
class GridDraft:
    """Grids that can be imported, in the file's order."""

    grids: tuple[Grid, ...]


def read_grids(features: Iterable[Mapping[str, JsonValue]], crs: Crs) -> GridDraft | Refused:
    """`features` are those of a GeoJSON file, of polygons in degrees of `crs`."""
    reader = _Reader(crs)
    for number, feature in enumerate(features, 1):
        reader.take(number, feature)
        if len(reader.faults) >= FAULTS_MAX or number > GRIDS_MAX:
            break
    if not reader.grids and not reader.faults:
        reader.fault(0, "", faults.NO_GRIDS)
    if not reader.faults:
        reader.look_for_overlaps()
    return Refused(tuple(reader.faults)) if reader.faults else GridDraft(tuple(reader.grids))


def code_at(place: Position, grids: Sequence[Grid]) -> str:
    """The code of the grid that a place lies in; on an edge the smaller one, "" in none of `grids`."""
    found = (grid.code for grid in grids if intersects_xy(_shape(grid.rings), place.longitude, place.latitude))
    return min(found, default="")


def is_grid_code(text: str) -> bool:
    """14, 15 or 16 digits, the first two those of a province."""
    return _CODE.fullmatch(text) is not None and int(text[:2]) in _PROVINCES


class _Unfit(Exception):
    """A feature is no unit grid."""

    def __init__(self, words: Words, **values: object) -> None:
        super().__init__(words.en)
        self.words, self.values = words, values


class _Reader:
    """Features, one after the other."""

    def __init__(self, crs: Crs) -> None:
        self._crs = crs
        self._seen: dict[str, int] = {}
        self._numbers: list[int] = []
        self._shapes: list[Polygon] = []
        self._corners = 0
        self.grids: list[Grid] = []
        self.faults: list[Fault] = []

    def fault(self, number: int, code: str, words: Words, /, **values: object) -> None:
        self.faults.append(Fault(number, code[:SHOWN_CHARS], words, values, faults.FEATURE))

    def take(self, number: int, feature: Mapping[str, JsonValue]) -> None:
        code = ""
        try:
            properties = feature.get("properties")
            told = properties if isinstance(properties, dict) else {}
            code = _text(told, CODE_KEYS)
            self._check_code(number, code)
            rings = self._rings(feature.get("geometry"))
            self._shapes.append(_checked(rings))
            self.grids.append(Grid(code, _text(told, NAME_KEYS)[:NAME_CHARS_MAX], rings))
            self._numbers.append(number)
        except _Unfit as unfit:
            self.fault(number, code, unfit.words, **unfit.values)

    def look_for_overlaps(self) -> None:
        """Name each pair of grids that cover the same ground."""
        tree = STRtree(self._shapes)
        pairs = tree.query(self._shapes, predicate="intersects")
        for one, other in zip(*(side.tolist() for side in pairs), strict=True):
            if one >= other or len(self.faults) >= FAULTS_MAX:
                continue
            shared_m2 = _area_m2(intersection(self._shapes[one], self._shapes[other]))
            if shared_m2 > OVERLAP_M2:
                first, second = self.grids[one], self.grids[other]
                said = {"first": first.code, "second": second.code, "shared": round(shared_m2)}
                self.fault(self._numbers[other], second.code, faults.OVERLAP, **said)

    def _check_code(self, number: int, code: str) -> None:
        if not is_grid_code(code):
            raise _Unfit(faults.NO_GRID_CODE, text=code[:SHOWN_CHARS])
        first = self._seen.setdefault(code, number)
        if first != number:
            raise _Unfit(faults.CODE_TWICE, code=code, first=first)
        known = next(iter(self._seen))
        if len(known) != len(code):
            raise _Unfit(faults.OTHER_LENGTH, code=code, first=known)

    def _rings(self, geometry: JsonValue) -> tuple[Ring, ...]:
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        told = geometry.get("coordinates") if isinstance(geometry, dict) else None
        if kind == "MultiPolygon" and isinstance(told, list) and len(told) == 1:
            kind, told = "Polygon", told[0]
        if kind != "Polygon" or not isinstance(told, list) or not told:
            raise _Unfit(faults.NO_POLYGON, kind=str(kind)[:SHOWN_CHARS])
        return tuple(self._ring(ring) for ring in told)

    def _ring(self, told: JsonValue) -> Ring:
        if not isinstance(told, list) or len(told) < _CORNERS_MIN or told[0] != told[-1]:
            raise _Unfit(faults.NO_RING)
        self._corners += len(told)
        if self._corners > CORNERS_MAX:
            raise _Unfit(faults.TOO_MANY_CORNERS, most=CORNERS_MAX)
        return tuple(self._corner(corner) for corner in told)

    def _corner(self, told: JsonValue) -> tuple[float, float]:
        place = position_of(told, self._crs)
        if place is None:
            raise _Unfit(faults.NO_DEGREES, text=str(told)[:SHOWN_CHARS])
        return place.longitude, place.latitude


def position_of(told: JsonValue, crs: Crs) -> Position | None:
    """A GeoJSON coordinate pair (a height is passed over); None where it is none in degrees."""
    if not isinstance(told, list) or len(told) not in {2, 3}:
        return None
    x, y = told[:2]
    if isinstance(x, bool) or isinstance(y, bool) or not isinstance(x, int | float) or not isinstance(y, int | float):
        return None
    try:
        return to_wgs84(Position(float(y), float(x)), crs).rounded
    except (ValueError, OverflowError):
        return None


def _text(told: Mapping[str, JsonValue], keys: Sequence[str]) -> str:
    by_name = {str(key).lower(): value for key, value in told.items()}
    value = next((by_name[key] for key in keys if by_name.get(key) not in (None, "")), "") if by_name else ""
    return one_line(str(value)) if isinstance(value, str | int) else ""


def _checked(rings: tuple[Ring, ...]) -> Polygon:
    shape = _shape(rings)
    if not shape.is_valid:
        raise _Unfit(faults.CROSSES_ITSELF, where=explain_validity(shape))
    west, south, east, north = shape.bounds
    if max(east - west, north - south) > SPAN_DEG_MAX:
        raise _Unfit(faults.TOO_WIDE)
    if _area_m2(shape) <= OVERLAP_M2:
        raise _Unfit(faults.NO_AREA)
    return shape


def _shape(rings: tuple[Ring, ...]) -> Polygon:
    return Polygon(rings[0], rings[1:])


def _area_m2(shape: Polygon) -> float:
    if shape.is_empty:
        return 0.0
    return cast("float", shape.area) * _M2_A_SQUARE_DEGREE * math.cos(math.radians(shape.centroid.y))
