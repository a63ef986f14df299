"""Where things are: positions, coordinate systems, unit grids, components and responsible units. Pure."""

from central.core.places.book import PlaceBook, PlaceKind
from central.core.places.crs import Crs, crs_of, to_gcj02, to_wgs84
from central.core.places.position import Bounds, Position, around, cell_of, cells_of, distance_m

__all__ = [
    "Bounds",
    "Crs",
    "PlaceBook",
    "PlaceKind",
    "Position",
    "around",
    "cell_of",
    "cells_of",
    "crs_of",
    "distance_m",
    "to_gcj02",
    "to_wgs84",
]
