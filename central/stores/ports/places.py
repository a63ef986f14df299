"""The city's ground: grids, components and responsible units, in versions."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from central.core.places import PlaceBook, PlaceKind, Position
from central.core.places.grid import Grid
from central.core.places.nearest import Component, ResponsibleUnit


class PlaceStore(Protocol):
    """What was imported is never changed; every question is about the newest version."""

    def book(self, kind: PlaceKind) -> PlaceBook | None:
        """The newest version; None where nothing was imported."""
        ...

    def add(self, book: PlaceBook, kept: Sequence[Grid] | Sequence[Component] | Sequence[ResponsibleUnit]) -> None:
        """Append a version; `StoreRejected` when somebody else took its number."""
        ...

    def grid_at(self, place: Position) -> str:
        """Code of the grid that a place lies in; "" in none."""
        ...

    def grid_names(self, codes: Collection[str] | None = None) -> Mapping[str, str]:
        """Names by code, of these grids or of all, in the order of the file; "" where one has none."""
        ...

    def components_in(self, cells: Sequence[int], limit: int) -> Sequence[Component]:
        """Components within cells (`cells_of`)."""
        ...

    def component(self, wanted: str) -> tuple[int, Component] | None:
        """A component by its id, with the version that it is of."""
        ...

    def all(self, kind: PlaceKind, limit: int) -> Sequence[Grid] | Sequence[Component] | Sequence[ResponsibleUnit]:
        """In the order of the file."""
        ...

    def units(self) -> Sequence[ResponsibleUnit]:
        """All units, in the order of the file."""
        ...
