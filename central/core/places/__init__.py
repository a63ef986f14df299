"""Where things are: positions, and how near they are to each other. Pure."""

from central.core.places.position import Bounds, Position, around, cell_of, cells_of, distance_m

__all__ = ["Bounds", "Position", "around", "cell_of", "cells_of", "distance_m"]
