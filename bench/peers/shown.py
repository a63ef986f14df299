"""What both sides are shown: grey pictures, detections and tensors, the same from the same seed.

Needs NumPy alone, and runs in this project's environment as in the peers'.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

WIDTH, HEIGHT, FPS = 1280, 720, 5.0
WALKER_WIDTH_PX, WALKER_HEIGHT_PX, WALKER_PACE_PX = 30, 75, 9.0
CLASSES = 80
STRIDES = (8, 16, 32)

Gray = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


def street(seed: int) -> Gray:
    """An empty street: soft blocks of light and dark."""
    rng = np.random.default_rng([seed, 1])
    blocks = rng.integers(60, 190, (HEIGHT // 40, WIDTH // 40)).astype(np.float32)
    picture = np.kron(blocks, np.ones((40, 40), np.float32))
    for axis in (0, 1):
        picture = sum(np.roll(picture, shift, axis) for shift in range(-12, 13, 4)) / 7
    return picture.astype(np.uint8)


def static_scene(sigma: float, frames: int, seed: int = 1) -> Iterator[Gray]:
    """The empty street through a sensor whose noise has this standard deviation, in levels."""
    background, rng = street(seed), np.random.default_rng([seed, 2])
    for _ in range(frames):
        yield _noisy(background, sigma, rng)


def walkers_scene(walkers: int, frames: int, seed: int = 1) -> Iterator[Gray]:
    """Walkers who go up and down the street for ever, each for himself, from the first frame on; noise of 2 levels."""
    background, rng = street(seed), np.random.default_rng([seed, 3])
    at = rng.uniform(0, 1, (walkers, 2)) * (WIDTH - WALKER_WIDTH_PX, HEIGHT - WALKER_HEIGHT_PX)
    pace = rng.choice([-1.0, 1.0], walkers) * rng.uniform(0.5, 1.5, walkers) * WALKER_PACE_PX
    levels = rng.choice([20, 235], walkers)
    for _ in range(frames):
        picture = background.copy()
        for (x, y), level in zip(at.astype(int), levels, strict=True):
            picture[y : y + WALKER_HEIGHT_PX, x : x + WALKER_WIDTH_PX] = level
        yield _noisy(picture, 2.0, rng)
        at[:, 0] += pace
        pace = np.where((at[:, 0] < 0) | (at[:, 0] > WIDTH - WALKER_WIDTH_PX), -pace, pace)
        at[:, 0] = np.clip(at[:, 0], 0, WIDTH - WALKER_WIDTH_PX)


def _noisy(picture: Gray, sigma: float, rng: np.random.Generator) -> Gray:
    noise = rng.standard_normal(picture.shape, dtype=np.float32) * np.float32(sigma)
    return np.clip(picture + noise + 0.5, 0, 255).astype(np.uint8)


def _apart(size: int, objects: int, rng: np.random.Generator) -> list[tuple[float, float, float, float]]:
    """Centres and sides of boxes at random places, none of which touches another."""
    placed: list[tuple[float, float, float, float]] = []
    while len(placed) < objects:
        width, height = rng.uniform(0.05, 0.2, 2) * size
        x, y = rng.uniform(width / 2, size - width / 2), rng.uniform(height / 2, size - height / 2)
        if all(abs(x - a) > (width + w) / 2 or abs(y - b) > (height + h) / 2 for a, b, w, h in placed):
            placed.append((float(x), float(y), float(width), float(height)))
    return placed


def disjoint_objects(size: int, objects: int, seed: int) -> Floats:
    """`[1, 4 + classes, anchors]`, as a YOLO network of this input would give it for objects that do not touch.

    Each object is told three times, as networks do, by boxes that overlap each other by far more than any threshold.
    """
    rng = np.random.default_rng([size, objects, seed])
    output = np.zeros((1, 4 + CLASSES, sum((size // stride) ** 2 for stride in STRIDES)), np.float32)
    output[0, :4] = rng.uniform(1, size, (4, output.shape[2]))
    output[0, 4:] = rng.uniform(0, 0.05, (CLASSES, output.shape[2]))
    anchors = iter(rng.permutation(output.shape[2]))
    for x, y, width, height in _apart(size, objects, rng):
        label, score = rng.integers(CLASSES), rng.uniform(0.6, 0.95)
        for weaker in (0.0, 0.05, 0.1):
            anchor = next(anchors)
            output[0, :4, anchor] = x + weaker, y + weaker, width, height
            output[0, 4 + label, anchor] = score - weaker
    return output
