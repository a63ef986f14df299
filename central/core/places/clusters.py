"""What a map shows of many places: near ones as one, by a grid that follows the zoom."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from central.core.places.position import Position

ZOOM_MAX = 20
"""From here on nothing is put together: a square is some metres wide."""
_SQUARES_A_TILE = 4

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cluster(Generic[T]):
    """What lies in one square: its middle, how many of each kind, and the item itself where it is just one."""

    position: Position
    counts: Mapping[str, int]
    only: T | None

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(self.counts.values())


def clusters(items: Iterable[tuple[Position, str, T]], zoom: int) -> tuple[Cluster[T], ...]:
    """Items (place, kind, itself) by squares of a quarter of a map tile at `zoom`; each item is in exactly one."""
    squares: dict[object, list[tuple[Position, str, T]]] = {}
    for number, item in enumerate(items):
        squares.setdefault(number if zoom >= ZOOM_MAX else _square(item[0], zoom), []).append(item)
    return tuple(_cluster(found) for found in squares.values())


def _square(place: Position, zoom: int) -> tuple[int, int]:
    wide = 360.0 / 2 ** max(0, zoom) / _SQUARES_A_TILE
    return math.floor((place.longitude + 180) / wide), math.floor((place.latitude + 90) / wide)


def _cluster(found: list[tuple[Position, str, T]]) -> Cluster[T]:
    north = math.fsum(place.latitude for place, _, _ in found) / len(found)
    east = math.fsum(place.longitude for place, _, _ in found) / len(found)
    only = found[0][2] if len(found) == 1 else None
    return Cluster(Position(north, east), Counter(kind for _, kind, _ in found), only)
