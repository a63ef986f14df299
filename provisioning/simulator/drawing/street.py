"""One seeded fixed camera: its view of the ground and the empty street as a picture."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from provisioning.simulator.drawing.canvas import NOBODY, Canvas, Picture
from provisioning.simulator.drawing.colours import Colour, happens, shaded
from provisioning.simulator.drawing.facade import draw_facade
from provisioning.simulator.drawing.furniture import draw_furniture
from provisioning.simulator.drawing.ground import Ground, choose_ground

OVERSAMPLING = 2
"""The street is drawn this many times larger than the camera's picture, then shrunk."""

_GEOMETRY, _PAINT = 77, 78
_ASPHALT: Colour = (105, 105, 103)
_PAVING = np.array([150, 152, 155])
_MARKING: Colour = (205, 208, 210)


@dataclass(frozen=True, slots=True)
class Street:
    """The ground and the empty picture (canvas pixels, BGR) of one camera. Do not draw on `background`."""

    seed: int
    ground: Ground
    background: Picture


def ground_of(seed: int, width: int, height: int) -> Ground:
    """Return the view of camera `seed` whose picture is `width` x `height`, without drawing it."""
    rng = np.random.default_rng([seed, _GEOMETRY])
    return choose_ground(rng, width * OVERSAMPLING, height * OVERSAMPLING)


def build_street(seed: int, width: int, height: int) -> Street:
    """Draw the empty street of camera `seed`; takes 10 to 40 ms."""
    ground = ground_of(seed, width, height)
    rng = np.random.default_rng([seed, _PAINT])
    asphalt = shaded(_ASPHALT, rng.uniform(0.55, 1.35))
    canvas = Canvas(np.full((ground.height, ground.width, 3), asphalt, np.uint8))
    _draw_pavement(canvas, rng, ground, asphalt)
    _draw_road(canvas, rng, ground, asphalt)
    draw_facade(canvas, rng, ground)
    for _ in range(int(rng.integers(2, 9))):
        lowest = ground.kerb if happens(rng, 0.8) else ground.height
        x, base = rng.uniform(0, ground.width), rng.uniform(ground.wall + 2, lowest)
        canvas.begin(NOBODY)
        draw_furniture(canvas, rng, ground.spot(x, base))
    grain = _texture(rng, ground)
    return Street(seed, ground, np.clip(canvas.image + grain[..., None], 0, 255).astype(np.uint8))


def _draw_pavement(canvas: Canvas, rng: Generator, ground: Ground, asphalt: Colour) -> None:
    width, unit = ground.width, ground.unit
    blue, green, red = (int(part) for part in _PAVING + rng.integers(-25, 25, 3))
    slab = shaded((blue, green, red), rng.uniform(0.6, 1.2))
    joint = shaded(slab, 0.86)

    def level(base: float) -> tuple[tuple[float, float], tuple[float, float]]:
        return (0.0, ground.row(0, base)), (float(width), ground.row(width, base))

    canvas.polygon([*level(ground.wall), *reversed(level(ground.kerb))], slab)
    vanishing, spacing = rng.uniform(-0.5, 1.5) * width, rng.uniform(40, 75) * unit
    for index in range(-30, 60):
        x = index * spacing
        far = (vanishing + (x - vanishing) * 0.5, ground.wall)
        canvas.line(far, (x, ground.kerb), joint)
    base = ground.wall
    while base < ground.kerb:
        canvas.line(*level(base), joint)
        base += max(3 * unit, ground.scale(base) * 0.5)
    canvas.line(*level(ground.kerb), shaded(slab, 1.25), max(2 * unit, ground.scale(ground.kerb) * 0.12))
    canvas.line(*level(ground.kerb + 4 * unit), shaded(asphalt, 0.6), 2 * unit)


def _draw_road(canvas: Canvas, rng: Generator, ground: Ground, asphalt: Colour) -> None:
    if happens(rng, 0.8):
        _draw_lane(canvas, rng, ground)
    if happens(rng, 0.3):
        _draw_zebra(canvas, rng, ground)
    for _ in range(int(rng.integers(0, 4))):
        x, base = rng.uniform(0, ground.width), rng.uniform(ground.kerb, ground.height)
        radius = ground.scale(base) * 0.35
        canvas.ellipse((x, base), radius, radius * 0.45, shaded(asphalt, 0.7))


def _draw_lane(canvas: Canvas, rng: Generator, ground: Ground) -> None:
    base = ground.kerb + (ground.height - ground.kerb) * rng.uniform(0.3, 0.8)
    dash, wide = rng.uniform(30, 90) * ground.unit, ground.scale(base) * 0.13
    paint = (210, 215, 220) if happens(rng, 0.7) else (60, 190, 225)
    for x in np.arange(0.0, ground.width, dash).tolist():
        canvas.line((x, ground.row(x, base)), (x + dash * 0.6, ground.row(x + dash * 0.6, base)), paint, wide)


def _draw_zebra(canvas: Canvas, rng: Generator, ground: Ground) -> None:
    left, unit = rng.uniform(0, ground.width * 0.8), ground.unit
    far, near = ground.kerb + 10 * unit, float(ground.height)
    for index in range(6):
        top, foot = left + index * 34 * unit, left + (index * 60 - 20) * unit
        canvas.polygon([(top, far), (top + 17 * unit, far), (foot + 34 * unit, near), (foot, near)], _MARKING)


def _texture(rng: Generator, ground: Ground) -> NDArray[np.float32]:
    """Return grain, stains and uneven light, in grey levels."""
    strengths = ((2, rng.uniform(1, 5)), (14, rng.uniform(1, 7)), (90, rng.uniform(2, 9)))
    layers = [_cloud(rng, ground, size) * strength for size, strength in strengths]
    total: NDArray[np.float32] = np.sum(layers, axis=0, dtype=np.float32)
    return total


def _cloud(rng: Generator, ground: Ground, size: float) -> NDArray[np.float32]:
    rows, columns = (max(2, int(extent / size / ground.unit)) for extent in (ground.height, ground.width))
    seeds = rng.standard_normal((rows, columns), np.float32)
    smooth = cv2.resize(seeds, (ground.width, ground.height), interpolation=cv2.INTER_LINEAR)
    return smooth.astype(np.float32, copy=False)
