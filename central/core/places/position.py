"""Positions on the ground in WGS84 degrees, distances between them, and the cells by which stores find them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

EARTH_RADIUS_M = 6_371_008.8
CELLS_A_DEGREE = 100
"""A cell is a hundredth of a degree wide and high: about 1.1 km by 0.9 km in the middle of China."""
_COLUMNS = 360 * CELLS_A_DEGREE + 1
_DIGITS = 7
_FLATTEST = 0.01


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees in WGS84: north and east are positive."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):  # noqa: PLR2004 - the globe's own
            raise ValueError("a latitude is from -90 to 90 degrees, a longitude from -180 to 180")

    @property
    def rounded(self) -> "Position":
        """To seven digits, about a centimetre: as much as is worth keeping."""
        return Position(round(self.latitude, _DIGITS), round(self.longitude, _DIGITS))


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box of degrees (bbox), edges included; it does not reach across the 180th meridian."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        corners = Position(self.south, self.west), Position(self.north, self.east)
        if corners[0].latitude > corners[1].latitude or corners[0].longitude > corners[1].longitude:
            raise ValueError("a box is west, south, east, north: the south-western corner first")

    def __contains__(self, place: Position) -> bool:
        return self.south <= place.latitude <= self.north and self.west <= place.longitude <= self.east


def distance_m(one: Position, other: Position) -> float:
    """Metres along the ground, on a sphere: off by half a per cent at most."""
    north, other_north = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - one.longitude)
    chord = (
        math.sin((other_north - north) / 2) ** 2
        + math.cos(north) * math.cos(other_north) * math.sin(east / 2) ** 2
    )  # fmt: skip
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, chord)))


def around(place: Position, radius_m: float) -> Bounds:
    """A box that holds everything within `radius_m`; cut off at the poles and at the 180th meridian."""
    high = math.degrees(radius_m / EARTH_RADIUS_M) * 1.001
    wide = high / max(_FLATTEST, math.cos(math.radians(min(90.0, abs(place.latitude) + high))))
    return Bounds(
        max(-180.0, place.longitude - wide),
        max(-90.0, place.latitude - high),
        min(180.0, place.longitude + wide),
        min(90.0, place.latitude + high),
    )


def cell_of(place: Position) -> int:
    """The number of the cell that a position lies in."""
    return _row(place.latitude) * _COLUMNS + _column(place.longitude)


def cells_of(bounds: Bounds, most: int) -> tuple[int, ...] | None:
    """The cells that a box touches; None where they are more than `most`."""
    rows = range(_row(bounds.south), _row(bounds.north) + 1)
    columns = range(_column(bounds.west), _column(bounds.east) + 1)
    if len(rows) * len(columns) > most:
        return None
    return tuple(_cells(rows, columns))


def _cells(rows: range, columns: range) -> Iterator[int]:
    return (row * _COLUMNS + column for row in rows for column in columns)


def _row(latitude: float) -> int:
    return math.floor((latitude + 90) * CELLS_A_DEGREE)


def _column(longitude: float) -> int:
    return math.floor((longitude + 180) * CELLS_A_DEGREE)
