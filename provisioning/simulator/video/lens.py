"""The cheap part of the weather: what is done to every frame of a moving picture, in well under a millisecond."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from provisioning.simulator.drawing.canvas import Picture
from provisioning.simulator.drawing.weather import draw_rain, lamp_light
from provisioning.simulator.video.script import Weather

NOISE = 2.0
"""Standard deviation of the sensor's noise in grey levels; by night three times as much."""
DRIFT = 0.03
DRIFT_PERIOD_S = 180.0
"""The light slowly goes up and down by this share."""

_MARGIN_PX = 64
_RAIN_LAYERS = 4
_NIGHT_NOISE = 3.0
_FOG = (0.7, 55.0)
_BLACK_LEVEL = 4
_COVER = (38, 52, 70)


@dataclass(frozen=True, slots=True)
class Lens:
    """Prepared layers of one camera: noise to add and to take away, lamps, rain."""

    weather: Weather
    brighter: Picture
    darker: Picture
    lamps: NDArray[np.uint8] | None
    rain: tuple[Picture, ...]


def build_lens(weather: Weather, seed: int, width: int, height: int) -> Lens:
    """Prepare the layers for frames of that size."""
    rng = np.random.default_rng([seed, 53])
    sigma = NOISE * (_NIGHT_NOISE if weather is Weather.NIGHT else 1.0)
    grey = rng.normal(0, sigma, (height + _MARGIN_PX, width + _MARGIN_PX, 1)).round().repeat(3, axis=2)
    lamps = None
    if weather is Weather.NIGHT:
        gain = np.clip(lamp_light(rng, height, width) + 0.1, 0.2, 1.0) * 255
        lamps = gain[..., None].repeat(3, axis=2).astype(np.uint8)
    streaks = _RAIN_LAYERS if weather is Weather.RAIN else 0
    rain = tuple((draw_rain(rng, height, width) // 2)[..., None].repeat(3, axis=2) for _ in range(streaks))
    return Lens(weather, grey.clip(0, 255).astype(np.uint8), (-grey).clip(0, 255).astype(np.uint8), lamps, rain)


def through(lens: Lens, frame: Picture, t_s: float, number: int, gain: float = 1.0) -> Picture:
    """Return what the sensor makes of a clean frame: light, weather, noise. Frame `number` chooses the noise."""
    lit = cv2.LUT(frame, _tone(lens.weather, t_s, gain))
    if lens.lamps is not None:
        lit = cv2.multiply(lit, lens.lamps, scale=1 / 255)
    if lens.rain:
        lit = cv2.add(lit, lens.rain[number % len(lens.rain)])
    return _noisy(lens, np.asarray(lit, np.uint8), number)


def black(lens: Lens, shape: tuple[int, ...], number: int) -> Picture:
    """Return a frame of a camera that gives no picture any more, only noise."""
    return _noisy(lens, np.full(shape, _BLACK_LEVEL, np.uint8), number)


def covered(lens: Lens, shape: tuple[int, ...], number: int) -> Picture:
    """Return a frame of a camera with something dark right before the lens."""
    rows, columns = shape[:2]
    fall = (
        np.linspace(0.85, 1.1, columns, dtype=np.float32)[None, :]
        * np.linspace(1.05, 0.9, rows, dtype=np.float32)[:, None]
    )
    cloth = fall[..., None] * np.array(_COVER, np.float32)
    return _noisy(lens, cloth.astype(np.uint8), number)


def _tone(weather: Weather, t_s: float, exposure: float) -> NDArray[np.uint8]:
    gain = 1 + DRIFT * np.sin(2 * np.pi * t_s / DRIFT_PERIOD_S)
    levels: NDArray[np.float64] = np.arange(256) * gain
    if weather is Weather.FOG:
        levels = levels * _FOG[0] + _FOG[1]
    levels = levels * exposure
    tone: NDArray[np.uint8] = levels.round().clip(0, 255).astype(np.uint8)
    return tone


def _noisy(lens: Lens, frame: Picture, number: int) -> Picture:
    rows, columns = frame.shape[:2]
    top, left = number * 37 % _MARGIN_PX, number * 23 % _MARGIN_PX
    window = np.s_[top : top + rows, left : left + columns]
    return np.asarray(cv2.subtract(cv2.add(frame, lens.brighter[window]), lens.darker[window]), np.uint8)
