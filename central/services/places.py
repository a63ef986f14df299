"""The city's ground: import grids, components and units, and what of them is near a case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from central.core.places import Crs, PlaceBook, PlaceKind, around, cells_of
from central.core.places.grid import Grid, GridDraft, read_grids
from central.core.places.nearest import COMPONENTS_NEAR_M, Component, ResponsibleUnit, nearest, nearest_units
from central.core.places.reading import ComponentDraft, UnitDraft, read_components, read_units
from central.core.standards import Refused, SheetRow
from central.core.values import Actor
from central.services.cases.casework import CaseUnknown
from central.stores.ports import Stores

COMPONENTS_LOOKED_AT, LISTED_MAX, CELLS_MAX = 5_000, 50_000, 9

Draft = GridDraft | ComponentDraft | UnitDraft


@dataclass(frozen=True, slots=True)
class Near:
    """Components and units near a case, each with its distance in metres (None: not known); the case's `grid`."""

    components: tuple[tuple[float, Component], ...] = ()
    units: tuple[tuple[float | None, ResponsibleUnit], ...] = ()
    grid: str = ""


class Places:
    """Grids, components and units in their versions."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    def read_grids(self, features: Iterable[Mapping[str, JsonValue]], crs: Crs) -> GridDraft | Refused:
        """Polygons as a draft, or all their faults."""
        return read_grids(features, crs)

    def read_components(self, rows: Iterable[SheetRow], crs: Crs) -> ComponentDraft | Refused:
        """A table as a draft, or all its faults."""
        return read_components(rows, crs)

    def read_units(self, rows: Iterable[SheetRow], crs: Crs) -> UnitDraft | Refused:
        """A table as a draft, or all its faults."""
        return read_units(rows, crs)

    def adopt(self, draft: Draft, file: str, crs: Crs, actor: Actor, now: datetime) -> PlaceBook:
        """Make a draft the newest version, in one transaction. Raises `StoreUnavailable`, `StoreRejected`."""
        kind, kept = kept_of(draft)
        with self._stores.writing() as unit:
            current = unit.places.book(kind)
            version = current.version + 1 if current is not None else 1
            book = PlaceBook(kind, version, now, actor.name, file, crs, len(kept))
            unit.places.add(book, kept)
        return book

    def current(self, kind: PlaceKind) -> tuple[PlaceBook | None, Sequence[Grid | Component | ResponsibleUnit]]:
        """The newest version with everything in it; None before the first import."""
        with self._stores.reading() as unit:
            return unit.places.book(kind), unit.places.all(kind, LISTED_MAX)

    def near(self, case: str) -> Near:
        """The nearest components, and the units that a case may be for; raises `CaseUnknown`."""
        with self._stores.reading() as unit:
            found = unit.cases.get([case]).get(case)
            if found is None:
                raise CaseUnknown("there is no such case")
            place, units = found.position, nearest_units(found.position, found.grid, unit.places.units())
            if place is None:
                return Near((), units, found.grid)
            cells = cells_of(around(place, COMPONENTS_NEAR_M), CELLS_MAX) or ()
            here = unit.places.components_in(cells, COMPONENTS_LOOKED_AT)
            return Near(nearest(place, here, COMPONENTS_NEAR_M), units, found.grid)


def kept_of(draft: Draft) -> tuple[PlaceKind, Sequence[Grid] | Sequence[Component] | Sequence[ResponsibleUnit]]:
    """What a draft holds, and of which kind that is."""
    match draft:
        case GridDraft():
            return PlaceKind.GRIDS, draft.grids
        case ComponentDraft():
            return PlaceKind.COMPONENTS, draft.components
        case UnitDraft():
            return PlaceKind.UNITS, draft.units
