"""What lies between the street and the file: light, night, rain, fog, the lens, sensor noise, JPEG."""

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from provisioning.simulator.drawing.canvas import Picture
from provisioning.simulator.drawing.colours import happens

Light = NDArray[np.float32]
"""A picture being exposed: [rows, columns, 3] BGR, not yet limited to 0..255."""


def expose(picture: Picture, rng: Generator, *, night: bool) -> Picture:
    """Return what a camera delivers of a clean picture at a random weather; `night` is lamps and infra-red."""
    light = picture.astype(np.float32)
    light = light_by_night(light, rng) if night else light_by_day(light, rng)
    if happens(rng, 0.15):
        light = add_rain(light, rng)
    if happens(rng, 0.15):
        light = light * np.float32(rng.uniform(0.5, 0.85)) + np.float32(rng.uniform(20, 70))
    if happens(rng, 0.4):
        light = cv2.GaussianBlur(light, (0, 0), rng.uniform(0.3, 1.3)).astype(np.float32)
    noise = rng.standard_normal((*light.shape[:2], 1), np.float32)
    light = light + noise * np.float32(rng.uniform(0.5, 9) * (1.5 if night else 1))
    delivered = np.clip(light, 0, 255).astype(np.uint8)
    if happens(rng, 0.9):
        delivered = compress(delivered, int(rng.integers(20, 92)))
    return delivered


def lamp_light(rng: Generator, rows: int, columns: int) -> NDArray[np.float32]:
    """Return a gain map [rows, columns] of a dark street with one to five pools of lamp light."""
    gain = np.full((rows, columns), rng.uniform(0.12, 0.4), np.float32)
    down, across = np.ogrid[:rows, :columns]
    unit = columns / 416
    for _ in range(int(rng.integers(1, 6))):
        x, y, reach = rng.uniform(0, columns), rng.uniform(0, rows), rng.uniform(30, 130) * unit
        away = (across - x) ** 2 + ((down - y) * 1.5) ** 2
        gain += (rng.uniform(0.2, 0.7) * np.exp(-away / (2 * reach * reach))).astype(np.float32)
    return np.minimum(gain, np.float32(1.3))


def light_by_night(light: Light, rng: Generator) -> Light:
    """Light a picture by lamps; three in ten cameras switch to infra-red grey."""
    tint = np.array([rng.uniform(0.6, 1), rng.uniform(0.8, 1), 1], np.float32)
    lit = light * lamp_light(rng, *light.shape[:2])[..., None] * tint
    if happens(rng, 0.3):
        grey = lit.mean(axis=2, keepdims=True) * np.float32(rng.uniform(1, 1.8))
        lit = np.repeat(grey, 3, axis=2)
    return lit


def light_by_day(light: Light, rng: Generator) -> Light:
    """Change exposure, colour balance, contrast and the fall of light from side to side."""
    tint = np.array([rng.uniform(0.85, 1.12), 1, rng.uniform(0.88, 1.1)], np.float32)
    lit = light * (tint * np.float32(rng.uniform(0.5, 1.35)))
    across = np.linspace(rng.uniform(0.75, 1.2), rng.uniform(0.75, 1.2), light.shape[1], dtype=np.float32)
    lit = lit * across[None, :, None]
    contrast, brightness = np.float32(rng.uniform(0.6, 1.2)), np.float32(rng.uniform(-15, 15))
    return (lit - np.float32(110)) * contrast + np.float32(110) + brightness


def draw_rain(rng: Generator, rows: int, columns: int) -> Picture:
    """Return streaks of rain as a grey picture [rows, columns], 0 where there is none."""
    streaks = np.zeros((rows, columns), np.uint8)
    slant, unit = rng.uniform(-0.3, 0.3), columns / 416
    for _ in range(int(rng.integers(60, 350))):
        x, y, length = rng.uniform(0, columns), rng.uniform(0, rows), rng.uniform(4, 14) * unit
        end = int(x + slant * length), int(y + length)
        cv2.line(streaks, (int(x), int(y)), end, (int(rng.uniform(40, 130)),), 1)
    return streaks


def add_rain(light: Light, rng: Generator) -> Light:
    """Lay streaks of rain over the picture."""
    streaks = draw_rain(rng, *light.shape[:2])
    return light + streaks[..., None] * np.float32(0.5 * rng.uniform(0.4, 1))


def compress(picture: Picture, quality: int) -> Picture:
    """Return the picture after JPEG of that quality (0..100)."""
    _, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)
