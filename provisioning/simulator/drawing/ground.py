"""The geometry of one fixed camera: where wall, pavement and road lie, and how large a metre is on each row."""

import math
from dataclasses import dataclass

from numpy.random import Generator

from provisioning.simulator.drawing.canvas import Spot

PERSON_M = 1.7
ROAD_SHARE = 2.0
"""Depth 0..1 is the pavement from wall to kerb; 1..1.5 is the road from the kerb to the lower edge."""

_REFERENCE_ROWS = 512
_FLATTENING = 0.4


@dataclass(frozen=True, slots=True)
class Ground:
    """Rows are counted in the middle column; `tilt` leans everything far away more than what is near."""

    width: int
    height: int
    horizon: float
    wall: float
    kerb: float
    tilt: float
    metre_per_row: float

    @property
    def unit(self) -> float:
        """How many pixels of this canvas one pixel of the reference canvas (512 rows) is."""
        return self.height / _REFERENCE_ROWS

    def row(self, x: float, base: float) -> float:
        """Return the row at column `x` of what lies on row `base` in the middle column."""
        lean = 1 - (base - self.wall) / (self.height - self.wall + 1) * _FLATTENING
        return base + (x - self.width / 2) * self.tilt * lean

    def scale(self, base: float) -> float:
        """Return pixels a metre on row `base`."""
        return self.metre_per_row * (base - self.horizon)

    def base(self, depth: float) -> float:
        """Return the row of a depth: 0 at the wall, 1 at the kerb, 1.5 at the lower edge of the picture."""
        if depth <= 1:
            return self.wall + (self.kerb - self.wall) * depth
        return self.kerb + (self.height - self.kerb) * math.pow(min(1.0, (depth - 1) * ROAD_SHARE), 0.9)

    def spot(self, x: float, base: float) -> Spot:
        """Return the spot at column `x` on the line of row `base`."""
        return Spot(x, self.row(x, base), self.scale(base))


def choose_ground(rng: Generator, width: int, height: int) -> Ground:
    """Return the view of a camera at random: high or low, near or far, level or leaning."""
    horizon = rng.uniform(-0.35, 0.28) * height
    person = rng.uniform(95, 260) / _REFERENCE_ROWS * height
    metre_per_row = person / PERSON_M / (height - horizon)
    lowest = horizon + 18 * height / _REFERENCE_ROWS
    wall = max(lowest, rng.uniform(0.12, 0.5) * height)
    tilt = rng.uniform(-0.16, 0.16)
    kerb = wall + (height - wall) * rng.uniform(0.22, 0.6)
    return Ground(width, height, horizon, wall, kerb, tilt, metre_per_row)
