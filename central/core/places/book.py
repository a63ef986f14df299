"""An imported version of grids, components or units."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from central.core.places.crs import Crs


class PlaceKind(StrEnum):
    """What a city imports of its ground."""

    GRIDS = "grids"
    COMPONENTS = "components"
    UNITS = "units"


@dataclass(frozen=True, slots=True)
class PlaceBook:
    """One imported version. `crs` is what the file was in; what is kept is WGS84."""

    kind: PlaceKind
    version: int
    imported_at: datetime
    imported_by: str
    file: str
    crs: Crs
    count: int
