"""Simulated streets for the benchmark of static foreground: what happens, how the light plays, what the zone is."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from protocol.geometry import Polygon
from provisioning.simulator.drawing.ground import Ground
from provisioning.simulator.drawing.street import ground_of
from provisioning.simulator.video.camera import StreetCamera, watched_view
from provisioning.simulator.video.script import Episode, Kind, Place, Script, Weather

REPORT_SEEDS, TUNING_SEEDS = 7_000, 8_000
"""Streets from the first number on give the figures; those from the second on are for whoever changes a threshold."""
FPS, SIZE = 2.0, (640, 360)
WAIT_S = 14.0
WEATHERS = (Weather.CLEAR, Weather.NIGHT, Weather.CLEAR, Weather.RAIN, Weather.CLEAR, Weather.FOG)
JPEG_QUALITY = 60
DRIFT, FLICKER, JUMP_KEEPS, JUMP_EVERY_S = 0.18, 0.03, 0.8, 97
SHADOW_KEEPS = 0.72
SHAKE_PX = 2.5

Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Condition:
    """How hard a street is. Hard light: drift of 18 %, falls of 20 %, a shadow's edge that creeps across."""

    name: str
    hard_light: bool
    walkers: int = 5
    cars: int = 2
    shake_px: float = 0.0


CONDITIONS = (
    Condition("calm", hard_light=False),
    Condition("hard", hard_light=True),
    Condition("crowd", hard_light=True, walkers=14, cars=3),
    Condition("shake", hard_light=True, shake_px=SHAKE_PX),
)


def script(seed: int, minutes: float, condition: Condition) -> Script:
    """Four things that stay, and somebody who waits for `WAIT_S`, a little too short."""
    rng = np.random.default_rng(seed)
    length_s, episodes = 60 * minutes, []
    for number, kind in enumerate((Kind.STALL, Kind.RUBBISH, Kind.GOODS, Kind.BIKES)):
        start = float(rng.uniform(20, length_s - 120))
        across = 0.14 + 0.24 * number + float(rng.uniform(-0.04, 0.04))
        stay = float(rng.uniform(40, min(200, length_s - start - 20)))
        episodes.append(Episode(kind, start, start + stay, Place(across, float(rng.uniform(0.25, 0.9)))))
    start = float(rng.uniform(20, length_s - 60))
    episodes.append(Episode(Kind.PERSON, start, start + WAIT_S, Place(0.5, float(rng.uniform(0.2, 0.9)))))
    weather = WEATHERS[seed % len(WEATHERS)]
    in_order = tuple(sorted(episodes, key=lambda one: one.start_s))
    return Script(f"street-{seed}", length_s, condition.walkers, condition.cars, weather, in_order)


def pavement(seed: int) -> Polygon:
    """The zone that a technician would draw: from just before the wall to the kerb, across the picture."""
    ground: Ground = ground_of(watched_view(seed, *SIZE), *SIZE)

    def corner(across: float, depth: float) -> tuple[float, float]:
        x = across * ground.width
        return across, min(1.0, max(0.0, ground.row(x, ground.base(depth)) / ground.height))

    return corner(0, 0.02), corner(1, 0.02), corner(1, 1), corner(0, 1)


def frames(camera: StreetCamera, minutes: float, seed: int, condition: Condition) -> Iterator[tuple[float, Picture]]:
    """Scene seconds and pictures, each through JPEG."""
    rng, shaking = np.random.default_rng([seed, 9]), np.random.default_rng([seed, 10])
    slow, quick, phase = rng.uniform(0.002, 0.006), rng.uniform(0.01, 0.03), rng.uniform(0, 6)
    for number in range(int(60 * minutes * FPS)):
        t = number / FPS
        picture = camera.frame(t).astype(np.float32)
        if condition.hard_light:
            gain = 1 + DRIFT * np.sin(6.28 * slow * t + phase) + FLICKER * np.sin(6.28 * quick * t)
            picture *= gain * (JUMP_KEEPS if int(t / JUMP_EVERY_S) % 3 == 1 else 1)
            edge = int(SIZE[0] * (0.2 + 0.6 * t / (60 * minutes)))
            picture[SIZE[1] // 2 :, :edge] *= SHADOW_KEEPS
        if condition.shake_px:
            right, down = shaking.normal(0, condition.shake_px / 2, 2).clip(-condition.shake_px, condition.shake_px)
            move = np.array([[1, 0, right], [0, 1, down]], np.float32)
            picture = cv2.warpAffine(picture, move, SIZE, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
        quality = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
        coded = cv2.imencode(".jpg", np.clip(picture, 0, 255).astype(np.uint8), quality)[1]
        yield t, np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
