"""Where the shop's door and the bin of a simulated camera are, and the zones that a technician would draw there."""

from dataclasses import dataclass

import numpy as np

from protocol.geometry import Polygon, polygon_area
from provisioning.simulator.drawing.canvas import NOBODY, Canvas, Picture
from provisioning.simulator.drawing.ground import Ground
from provisioning.simulator.drawing.staged.fixtures import BIN_M, draw_bin, draw_door

DOOR_LINE_DEPTH = 0.22
"""A shop may use the ground between the wall and this depth; beyond it lies public ground."""
BIN_DEPTH = 0.3

_SHOP_ACROSS = (0.05, 0.4)
_SHOP_REACH_DEPTH = 0.7
_BIN_ACROSS = 0.92
_BAY_ACROSS, _BAY_DEPTH = (0.44, 0.86), (0.12, 0.55)
_NO_PARKING_DEPTH = (0.58, 0.99)
_FIRE_LANE_ACROSS, _LANE_DEPTH = (0.5, 1.0), (1.02, 1.34)
PILE_M2 = 2.25
"""Six bikes in a row, seen from the side: some 2.8 metres by 0.8."""
_ABOVE_BIN_M, _BESIDE_BIN_M, _BEFORE_BIN_M = 0.9, 1.25, 0.45
_SHOP_ABOVE_M = 1.6
_STREET_OF_FIXTURES = 59


@dataclass(frozen=True, slots=True)
class Fixtures:
    """Columns and rows in canvas pixels; `mirrored` puts the shop to the right and the bin to the left."""

    mirrored: bool
    door_x: float
    door_base: float
    bin_x: float
    bin_base: float


@dataclass(frozen=True, slots=True)
class Places:
    """What a technician would draw on a camera, in fractions of the picture.

    `shop`: the shop's own strip up to its `door_line` (left and right end); `before_shop`: public ground before it.
    `bay`: where bikes may stand; `no_parking`: pavement where they may not; `lane` and `fire_lane`: the carriageway's
    edge; `bin`: the bin with the air above and the ground around it. `pile_share`: how much of the bay a row of bikes
    covers that is just a pile.
    """

    pavement: Polygon
    carriageway: Polygon
    shop: Polygon
    before_shop: Polygon
    door_line: tuple[tuple[float, float], tuple[float, float]]
    bay: Polygon
    no_parking: Polygon
    lane: Polygon
    fire_lane: Polygon
    bin: Polygon
    pile_share: float


def fixtures_of(ground: Ground, seed: int) -> Fixtures:
    """Return where door and bin of that camera are."""
    rng = np.random.default_rng([seed, _STREET_OF_FIXTURES])
    mirrored = bool(rng.random() < 0.5)  # noqa: PLR2004 - as often left as right
    door = float(np.mean(_SHOP_ACROSS)) + rng.uniform(-0.06, 0.06)
    bin_at = _BIN_ACROSS + rng.uniform(-0.02, 0.02)
    return Fixtures(
        mirrored,
        _mirror(door, mirrored=mirrored) * ground.width,
        ground.base(0.01),
        _mirror(bin_at, mirrored=mirrored) * ground.width,
        ground.base(BIN_DEPTH),
    )


def furnish(background: Picture, ground: Ground, seed: int) -> Picture:
    """Return the empty street (canvas pixels) with the shop's open door and the bin."""
    fixtures = fixtures_of(ground, seed)
    rng = np.random.default_rng([seed, _STREET_OF_FIXTURES, 1])
    canvas = Canvas(background.copy())
    canvas.begin(NOBODY)
    draw_door(canvas, ground.spot(fixtures.door_x, fixtures.door_base))
    spot = ground.spot(fixtures.bin_x, fixtures.bin_base)
    half = 0.45 * spot.scale
    canvas.darken([(spot.x - half, spot.y - 2), (spot.x + half, spot.y - 2), (spot.x + half, spot.y + 4)], 0.3)
    draw_bin(canvas, rng, spot)
    return canvas.image


def places_of(ground: Ground, fixtures: Fixtures) -> Places:
    """Return the polygons for a camera with those fixtures."""

    def area(across: tuple[float, float], depth: tuple[float, float], above_m: float = 0.0) -> Polygon:
        left, right = sorted(_mirror(end, mirrored=fixtures.mirrored) for end in across)
        far, near = (ground.base(value) for value in depth)
        lift = above_m * ground.scale(far)
        corners = ((left, far, lift), (right, far, lift), (right, near, 0.0), (left, near, 0.0))
        return tuple(_fraction(ground, x * ground.width, base, up) for x, base, up in corners)

    line = area(_SHOP_ACROSS, (DOOR_LINE_DEPTH, DOOR_LINE_DEPTH + 0.1))[:2]
    bay = area(_BAY_ACROSS, _BAY_DEPTH)
    metre = ground.scale(ground.base(sum(_BAY_DEPTH) / 2))
    bay_m2 = polygon_area(bay) * ground.width * ground.height / metre**2
    return Places(
        pavement=area((0, 1), (0.02, 1)),
        carriageway=area((0, 1), (1, 1.5)),
        shop=area(_SHOP_ACROSS, (0, DOOR_LINE_DEPTH), _SHOP_ABOVE_M),
        before_shop=area(_SHOP_ACROSS, (DOOR_LINE_DEPTH, _SHOP_REACH_DEPTH)),
        door_line=(line[0], line[1]),
        bay=bay,
        no_parking=area(_BAY_ACROSS, _NO_PARKING_DEPTH),
        lane=area((0, 0.5), _LANE_DEPTH),
        fire_lane=area(_FIRE_LANE_ACROSS, _LANE_DEPTH),
        bin=_around_bin(ground, fixtures),
        pile_share=PILE_M2 / bay_m2,
    )


def _around_bin(ground: Ground, fixtures: Fixtures) -> Polygon:
    x, base = fixtures.bin_x, fixtures.bin_base
    metre = ground.scale(base)
    sides, low, high = _BESIDE_BIN_M * metre, -_BEFORE_BIN_M * metre, (BIN_M + _ABOVE_BIN_M) * metre
    corners = ((x - sides, high), (x + sides, high), (x + sides, low), (x - sides, low))
    return tuple(_fraction(ground, column, base, up) for column, up in corners)


def _fraction(ground: Ground, x: float, base: float, up: float) -> tuple[float, float]:
    column = min(max(x, 0.0), float(ground.width))
    row = min(max(ground.row(column, base) - up, 0.0), float(ground.height))
    return column / ground.width, row / ground.height


def _mirror(across: float, *, mirrored: bool) -> float:
    return 1 - across if mirrored else across
