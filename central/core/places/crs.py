"""Coordinates of other systems as WGS84. Everything that central keeps is WGS84; what it came in is kept beside it."""

import math
from enum import StrEnum

from central.core.places.position import Position


class Crs(StrEnum):
    """What a longitude and latitude in degrees mean.

    CGCS2000 (国家大地坐标系) and WGS84 are taken as the same: they differ by less than 1 m, the drift of the
    plate since 2000.
    GCJ-02 (国测局坐标, the maps of 高德 and 腾讯) is shifted by 100 m to 700 m.
    """

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    CGCS2000 = "cgcs2000"


_SPELLINGS = {
    "wgs84": Crs.WGS84, "epsg4326": Crs.WGS84, "crs84": Crs.WGS84,
    "gcj02": Crs.GCJ02,
    "cgcs2000": Crs.CGCS2000, "epsg4490": Crs.CGCS2000,
}  # fmt: skip
"""Letters and digits of what they are called."""
SHOWN_CHARS = 40


def crs_of(name: object) -> Crs:
    """The system that people call so: `wgs84`, `GCJ-02`, `EPSG:4490`. `ValueError` says which are known."""
    known = _SPELLINGS.get("".join(filter(str.isalnum, name.lower()))) if isinstance(name, str) else None
    if known is None:
        raise ValueError(
            f"{str(name)[:SHOWN_CHARS]!r} is no coordinate system that is known here; convert to degrees in one of "
            f"{', '.join(Crs)}, and name that"
        )
    return known


_A, _EE = 6_378_245.0, 0.006_693_421_622_965_943
"""Krasovsky 1940: half axis in metres, eccentricity squared; the shift is computed on it."""
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north: outside of it there is no shift."""
_STEPS_MAX, _CLOSE_DEG = 20, 1e-10


def to_wgs84(place: Position, crs: Crs) -> Position:
    """The same place in WGS84, to a centimetre within China: `to_gcj02` brings it back."""
    if crs is not Crs.GCJ02 or not _is_shifted(place):
        return place
    found = place
    for _ in range(_STEPS_MAX):
        there = _shifted(found)
        north, east = place.latitude - there.latitude, place.longitude - there.longitude
        found = Position(found.latitude + north, found.longitude + east)
        if max(abs(north), abs(east)) < _CLOSE_DEG:
            break
    return found


def to_gcj02(place: Position) -> Position:
    """A place in WGS84 as maps in GCJ-02 show it.

    The formula is no public standard: it is the one that open-source map tools agree on since about 2010. Between the
    tools, and between them and maps, there are differences of up to a few metres.
    """
    return _shifted(place) if _is_shifted(place) else place


def _is_shifted(place: Position) -> bool:
    west, south, east, north = _CHINA
    return west <= place.longitude <= east and south <= place.latitude <= north


def _shifted(place: Position) -> Position:
    x, y = place.longitude - 105.0, place.latitude - 35.0
    slope = math.radians(place.latitude)
    bend = 1 - _EE * math.sin(slope) ** 2
    north = _north(x, y) * 180.0 / ((_A * (1 - _EE)) / (bend * math.sqrt(bend)) * math.pi)
    east = _east(x, y) * 180.0 / (_A / math.sqrt(bend) * math.cos(slope) * math.pi)
    return Position(place.latitude + north, place.longitude + east)


def _north(x: float, y: float) -> float:
    metres = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    return (
        metres + _waves(x, (20, 6), (20, 2)) + _waves(y, (20, 1), (40, 1 / 3)) + _waves(y, (160, 1 / 12), (320, 1 / 30))
    )


def _east(x: float, y: float) -> float:
    metres = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    return (
        metres + _waves(x, (20, 6), (20, 2)) + _waves(x, (20, 1), (40, 1 / 3)) + _waves(x, (150, 1 / 12), (300, 1 / 30))
    )


def _waves(at: float, *waves: tuple[float, float]) -> float:
    """A sum of sines (height, frequency), two thirds of it."""
    return sum(height * math.sin(frequency * at * math.pi) for height, frequency in waves) * 2.0 / 3.0
