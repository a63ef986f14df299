"""Colours and chances: the random choices that every drawn thing makes."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.random import Generator

Colour = tuple[int, int, int]
"""Blue, green, red, 0..255 each."""

RUBBER: Colour = (28, 28, 30)
STEEL: Colour = (140, 140, 142)
WHITE: Colour = (244, 244, 244)

_HUES = 180.0


def happens(rng: Generator, chance: float) -> bool:
    """Return True with that probability (0..1)."""
    return bool(rng.random() < chance)


def side(rng: Generator) -> int:
    """Return -1 or 1."""
    return 1 if happens(rng, 0.5) else -1


def any_colour(rng: Generator, dark: float = 20, bright: float = 235, saturation: float | None = None) -> Colour:
    """Return a random colour of that brightness range (0..255) and saturation (0..1, random when None)."""
    vivid = rng.random() if saturation is None else saturation
    hsv = np.array([[[rng.random() * _HUES, vivid * 255, rng.uniform(dark, bright)]]]).astype(np.uint8)
    blue, green, red = cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)[0, 0]
    return int(blue), int(green), int(red)


def shaded(colour: Colour, factor: float) -> Colour:
    """Return the colour under more (> 1) or less (< 1) light."""
    blue, green, red = (int(min(255.0, max(0.0, part * factor))) for part in colour)
    return blue, green, red


def chosen(rng: Generator, colours: Sequence[Colour]) -> Colour:
    """Return one of the colours."""
    return colours[int(rng.integers(len(colours)))]
