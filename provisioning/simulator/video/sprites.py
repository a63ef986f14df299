"""A thing drawn once: its colours, its soft edge and its shadow, ready to be laid on any frame in microseconds."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from provisioning.simulator.drawing.canvas import Box, Canvas, Picture, Spot
from provisioning.simulator.drawing.street import OVERSAMPLING
from provisioning.simulator.video.things import Shape

_SHADOW_SHARE = 0.28
_SHADOW_TALL_M = 0.14
_OPAQUE = 256
_SOLID = 128


@dataclass(frozen=True, slots=True)
class Sprite:
    """`colours` [h, w, 3] already weighted by coverage, `rest` [h, w, 1] of the background in 1/256, `solid` [h, w].

    `left` and `top` lead from the spot to the upper left corner; `extent` is the drawn thing without shadow, relative
    to the spot. All in picture pixels.
    """

    colours: Picture
    rest: NDArray[np.uint16]
    solid: NDArray[np.bool_]
    left: int
    top: int
    extent: Box


def make_sprite(draw: Callable[[Canvas, Spot], None], scale: float, shape: Shape) -> Sprite:
    """Draw a thing at `scale` (canvas pixels a metre) with its shadow on the ground."""
    side, above, below = (_even(room * scale) for room in shape.room_m)
    canvas = Canvas(np.zeros((above + below, 2 * side, 3), np.uint8))
    spot = Spot(side, above, scale)
    canvas.begin(1)
    draw(canvas, spot)
    extent = canvas.extent()
    solid = canvas.owners.astype(np.float32)
    shade = np.zeros_like(solid)
    axes = (max(1, int(shape.shadow_m * scale)), max(1, int(_SHADOW_TALL_M * scale)))
    if shape.shadow_m > 0:
        cv2.ellipse(shade, (side, above), axes, 0, 0, 360, (_SHADOW_SHARE,), -1)
    cover = np.maximum(solid, cv2.blur(shade, (5, 5)).astype(np.float32))
    size = (side * 2 // OVERSAMPLING, (above + below) // OVERSAMPLING)
    colours, cover, solid = (
        cv2.resize(layer, size, interpolation=cv2.INTER_AREA).astype(np.float32)
        for layer in (canvas.image.astype(np.float32), cover, solid)
    )
    rows, columns = np.nonzero(cover > 0)
    top, low, left, right = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
    window = np.s_[top:low, left:right]
    centre = side / OVERSAMPLING, above / OVERSAMPLING
    return Sprite(
        np.round(colours[window]).astype(np.uint8),
        np.round((1 - cover[window][..., None]) * _OPAQUE).astype(np.uint16),
        solid[window] > _SOLID / _OPAQUE,
        int(left - centre[0]),
        int(top - centre[1]),
        _relative(extent, spot),
    )


def lower_part(sprite: Sprite, share: float) -> Sprite:
    """Return the lower `share` (0..1) of a thing that is being put up or taken down, piece by piece."""
    shadow_rows = sprite.solid.shape[0] + sprite.top - sprite.extent.y2
    cut = int((1 - share) * max(0.0, sprite.solid.shape[0] - shadow_rows))
    low = sprite.extent
    return replace(
        sprite,
        colours=sprite.colours[cut:],
        rest=sprite.rest[cut:],
        solid=sprite.solid[cut:],
        top=sprite.top + cut,
        extent=Box(low.x1, low.y2 - (low.y2 - low.y1) * share, low.x2, low.y2),
    )


def lay(frame: Picture, sprite: Sprite, x: float, y: float) -> None:
    """Lay the sprite on the frame with its spot at picture pixel (x, y); what falls outside is cut."""
    part = _overlap(frame.shape[:2], sprite, x, y)
    if part is None:
        return
    on_frame, on_sprite = part
    region = frame[on_frame]
    dimmed = (region * sprite.rest[on_sprite]) >> 8
    region[:] = dimmed.astype(np.uint8) + sprite.colours[on_sprite]


def sign(owners: NDArray[np.uint8], sprite: Sprite, x: float, y: float, owner: int) -> int:
    """Write `owner` where the sprite's solid part covers the map; return how many pixels that is."""
    part = _overlap(owners.shape, sprite, x, y)
    if part is None:
        return 0
    on_frame, on_sprite = part
    solid = sprite.solid[on_sprite]
    owners[on_frame][solid] = owner
    return int(np.count_nonzero(solid))


_Window = tuple[slice, slice]


def _overlap(shape: tuple[int, ...], sprite: Sprite, x: float, y: float) -> tuple[_Window, _Window] | None:
    left, top = round(x) + sprite.left, round(y) + sprite.top
    high, wide = sprite.solid.shape
    x1, y1, x2, y2 = max(0, left), max(0, top), min(shape[1], left + wide), min(shape[0], top + high)
    if x2 <= x1 or y2 <= y1:
        return None
    return np.s_[y1:y2, x1:x2], np.s_[y1 - top : y2 - top, x1 - left : x2 - left]


def _even(length: float) -> int:
    return max(2, int(np.ceil(length / OVERSAMPLING)) * OVERSAMPLING)


def _relative(extent: Box, spot: Spot) -> Box:
    at_origin = Box(extent.x1 - spot.x, extent.y1 - spot.y, extent.x2 - spot.x, extent.y2 - spot.y)
    return at_origin.times(1 / OVERSAMPLING)
