"""How the camera's view looks in each of a few lights, learned from what it shows while nothing is wrong.

A light is added only when the view is still recognised in it: day leads to dusk, and dusk to night. So a camera that
was turned never teaches its new view.
"""

from dataclasses import dataclass, replace

import numpy as np

from edge_agent.core.picture_health.look import CellMask, Cells, Gray32, Measures, cells_of

LIGHTS_MAX = 6
LEARNING_LOOKS = 60
"""Two minutes of looks at which nothing is wrong; of lights the one that was not used for longest gives way."""
LEARNING_BROKEN_MATCH = 0.3
"""While a first reference is learned: with less in place than this, somebody turns the camera; begin again."""
MEMORY_LOOKS = 1_800
"""An hour: what parks for longer becomes part of the view."""
KNOWN_LIGHT_MATCH, ANOTHER_LIGHT_MATCH = 0.6, 0.4
"""With less in place than the first the light is another one; with less than the second it may be another view."""
ANOTHER_LIGHT_LOOKS = 150
"""Five minutes of it are worth a reference of their own: no passing lorry."""
TEXTURE_MIN = 0.03
CONTRAST_MIN = 4.0
CELL_MATCH_MIN = 0.35
LEVEL_FLOOR = 16.0
"""Added to a cell's brightness before anything is divided by it, so that noise in the dark does not count as detail."""


@dataclass(frozen=True, slots=True)
class Light:
    """Running means over `looks`: contrast of the picture, texture, sharpness and colours of its cells."""

    contrast: Gray32
    texture: Cells
    detail: Cells
    sharpness: Cells
    chroma: Cells
    looks: int
    used: int = 0
    """Number of the look that it was last used at."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The lights of one view, how many looks have been learned from, and how many in a row showed another light."""

    lights: tuple[Light, ...] = ()
    looks: int = 0
    other_looks: int = 0

    @property
    def is_learned(self) -> bool:
        """Whether enough has been seen to judge by."""
        return any(light.looks >= LEARNING_LOOKS for light in self.lights)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look says about cells, free of how bright it is."""

    contrast: Gray32
    texture: Cells
    detail: Cells
    sharpness: Cells
    chroma: Cells


@dataclass(frozen=True, slots=True)
class Match:
    """A look against one light: `in_place`, share of the cells with structure in both that show the same.

    `lost`: share of the light's structured cells that are smooth now. `comparable`: how many cells `in_place` is of.
    `fit`: correlation of the two pictures as they lie, -1..1: what is left of the view in fog, where all is smooth.
    """

    light: int
    in_place: float
    lost: float
    comparable: int
    fit: float
    structured: CellMask


def seen(look: Measures) -> Seen:
    """Texture is the spread within a cell and detail the strength of its finest lines, both against its brightness."""
    cells = cells_of(look.levels)
    bright = cells.mean(axis=2) + np.float32(LEVEL_FLOOR)
    spread = cells.std(axis=2)
    return Seen(look.contrast, spread / bright, look.fine / bright, look.fine / (spread + 1), look.chroma)


def best_match(reference: Reference, now: Seen, ignored: CellMask) -> Match | None:
    """The light that shows most of this look in place; None without any."""
    matches = [_match(number, light, now, ignored) for number, light in enumerate(reference.lights)]
    return max(matches, key=lambda one: one.in_place, default=None)


def learned(reference: Reference, now: Seen, match: Match | None) -> Reference:
    """The reference after a look at which nothing is wrong."""
    looks = reference.looks + 1
    if match is None or (not reference.is_learned and match.in_place < LEARNING_BROKEN_MATCH):
        return Reference((_first(now, looks),), looks)
    if reference.is_learned and match.in_place < KNOWN_LIGHT_MATCH:
        return _with_another_light(reference, now, match)
    lights = list(reference.lights)
    lights[match.light] = _mixed(lights[match.light], now, looks)
    return Reference(tuple(lights), looks)


def _with_another_light(reference: Reference, now: Seen, match: Match) -> Reference:
    """A light that lasts is added in the place of the one that was not used for longest."""
    waited = reference.other_looks + 1 if match.in_place >= ANOTHER_LIGHT_MATCH else 0
    if waited < ANOTHER_LIGHT_LOOKS:
        return replace(reference, other_looks=waited)
    looks = reference.looks + 1
    kept = sorted(reference.lights, key=lambda light: light.used)[-(LIGHTS_MAX - 1) :]
    return Reference((*kept, _first(now, looks)), looks)


def _first(now: Seen, used: int) -> Light:
    return Light(now.contrast, now.texture, now.detail, now.sharpness, now.chroma, 1, used)


def _mixed(light: Light, now: Seen, used: int) -> Light:
    looks = min(light.looks + 1, MEMORY_LOOKS)
    share = np.float32(1 / looks)
    return replace(
        light,
        contrast=light.contrast + share * (now.contrast - light.contrast),
        texture=light.texture + share * (now.texture - light.texture),
        detail=light.detail + share * (now.detail - light.detail),
        sharpness=light.sharpness + share * (now.sharpness - light.sharpness),
        chroma=light.chroma + share * (now.chroma - light.chroma),
        looks=looks,
        used=used,
    )


def _match(number: int, light: Light, now: Seen, ignored: CellMask) -> Match:
    of_light, of_now = (_centred(picture) for picture in (light.contrast, now.contrast))
    lengths = np.sqrt((of_light**2).sum(axis=2)), np.sqrt((of_now**2).sum(axis=2))
    pixels = of_light.shape[2]
    structured = (lengths[0] >= CONTRAST_MIN * np.sqrt(pixels)) & (light.texture >= TEXTURE_MIN) & ~ignored
    smooth = now.texture < np.maximum(TEXTURE_MIN, light.texture / 5) * np.where(structured, 1, 0)
    comparable = structured & ~smooth
    alike = (of_light * of_now).sum(axis=2) >= CELL_MATCH_MIN * lengths[0] * lengths[1]
    count = int(comparable.sum())
    in_place = float((alike & comparable).sum()) / max(count, 1)
    lost = float((structured & smooth).sum()) / max(int(structured.sum()), 1)
    whole = float(np.sqrt((lengths[0] ** 2)[~ignored].sum() * (lengths[1] ** 2)[~ignored].sum()))
    fit = float((of_light * of_now).sum(axis=2)[~ignored].sum()) / max(whole, 1e-6)
    return Match(number, in_place, lost, count, fit, structured)


def _centred(picture: Gray32) -> Gray32:
    cells = cells_of(picture)
    centred: Gray32 = cells - cells.mean(axis=2, keepdims=True)
    return centred
