"""Components (部件) and responsible units, and the nearest ones of a place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from central.core.places.position import Position, distance_m

COMPONENTS_NEAR_M, NEAREST_MAX = 100.0, 5


@dataclass(frozen=True, slots=True)
class Component:
    """A thing that stands in the street. `code` is its class (`01-50`), `unit` who is responsible; WGS84."""

    id: str
    name: str
    code: str
    unit: str
    address: str
    latitude: float
    longitude: float

    @property
    def position(self) -> Position:
        """Where it stands."""
        return Position(self.latitude, self.longitude)


@dataclass(frozen=True, slots=True)
class ResponsibleUnit:
    """Who can be dispatched to: `id` is what a dispatch names. `grids` are those it is responsible for; WGS84."""

    id: str
    name: str
    kind: str = ""
    grids: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None

    @property
    def position(self) -> Position | None:
        """Where its people start from, as far as it is known."""
        if self.latitude is None or self.longitude is None:
            return None
        return Position(self.latitude, self.longitude)


class _Placed(Protocol):
    @property
    def position(self) -> Position | None: ...


P = TypeVar("P", bound=_Placed)


def nearest(
    place: Position, found: Iterable[P], radius_m: float, limit: int = NEAREST_MAX
) -> tuple[tuple[float, P], ...]:
    """Those within `radius_m`, each with its distance in metres, the nearest first."""
    apart = [(distance_m(place, at), one) for one in found if (at := one.position) is not None]
    near = sorted(((metres, one) for metres, one in apart if metres <= radius_m), key=lambda pair: pair[0])
    return tuple(near[:limit])


def nearest_units(
    place: Position | None, grid: str, units: Sequence[ResponsibleUnit], limit: int = NEAREST_MAX
) -> tuple[tuple[float | None, ResponsibleUnit], ...]:
    """Those responsible for the grid first, then by distance, which is None where it is not known."""
    own = [unit for unit in units if grid and grid in unit.grids]
    others = [unit for unit in units if unit not in own] if place is not None else []
    return tuple((_apart(place, unit), unit) for group in (own, others) for unit in _by_distance(place, group))[:limit]


def _by_distance(place: Position | None, units: Iterable[ResponsibleUnit]) -> list[ResponsibleUnit]:
    return sorted(units, key=lambda unit: metres if (metres := _apart(place, unit)) is not None else float("inf"))


def _apart(place: Position | None, unit: ResponsibleUnit) -> float | None:
    return None if place is None or unit.position is None else distance_m(place, unit.position)
