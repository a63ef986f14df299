"""The stream of training pictures: some of each batch are drawn anew, the others taken again from a bounded pool."""

from collections.abc import Iterator
from itertools import islice

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from provisioning.detector.lessons import PAD, WIDE_BAR_PX, lessons
from provisioning.simulator.pictures import HEIGHT, WIDTH, Sample

POOL_MAX = 2048
"""Pictures kept to be used again, 0.65 GB."""

_FLIP, _ZOOM, _LETTERBOX = 0.5, 0.6, 0.25
_ZOOM_RANGE = (0.75, 1.5)
_SIDE_MIN_PX = 3
_KEPT_MIN = 0.35


def batches(seed: int, first_picture: int, size: int) -> Iterator[list[Sample]]:
    """Yield batches for ever; the same arguments give the same pictures in the same order."""
    rng = np.random.default_rng([seed, 31])
    pool: list[Sample] = []
    drawn = lessons(first_picture)
    while True:
        fresh = list(islice(drawn, size if not pool else fresh_in(size)))
        again = [pool[int(index)] for index in rng.integers(0, len(pool), size - len(fresh))] if pool else []
        yield [varied(one, rng) for one in fresh + again]
        for one in fresh:
            if len(pool) < POOL_MAX:
                pool.append(one)
            else:
                pool[int(rng.integers(POOL_MAX))] = one


def fresh_in(size: int) -> int:
    """Return how many of a batch's pictures are drawn anew, after the first batch."""
    return size * 3 // 8


def varied(one: Sample, rng: Generator) -> Sample:
    """Return the picture mirrored, zoomed, shifted or with the bars of a 16:9 letterbox, each by chance."""
    if rng.random() < _FLIP:
        one = mirrored(one)
    if rng.random() < _ZOOM:
        scale = rng.uniform(*_ZOOM_RANGE)
        one = zoomed(one, scale, (_shift(rng, WIDTH * (1 - scale)), _shift(rng, HEIGHT * (1 - scale))))
    if rng.random() < _LETTERBOX:
        one = letterboxed(one)
    return one


def _shift(rng: Generator, room: float) -> float:
    return rng.uniform(min(0.0, room), max(0.0, room))


def mirrored(one: Sample) -> Sample:
    """Return the picture with left and right exchanged."""
    boxes = one.boxes.copy()
    boxes[:, [1, 3]] = WIDTH - one.boxes[:, [3, 1]]
    return Sample(np.ascontiguousarray(one.image[:, ::-1]), boxes)


def zoomed(one: Sample, scale: float, shift: tuple[float, float]) -> Sample:
    """Return the picture scaled and shifted (pixels) inside a frame of the same size."""
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], np.float32)
    image = cv2.warpAffine(one.image, matrix, (WIDTH, HEIGHT), borderValue=(PAD, PAD, PAD))
    boxes = one.boxes.copy()
    boxes[:, 1:] = boxes[:, 1:] * np.float32(scale) + np.array([*shift, *shift], np.float32)
    return Sample(np.asarray(image, np.uint8), _kept(boxes, 0, HEIGHT))


def letterboxed(one: Sample) -> Sample:
    """Return the picture as if its camera were 16:9: grey bars above and below hide what lies there."""
    image = one.image.copy()
    image[:WIDE_BAR_PX] = image[-WIDE_BAR_PX:] = PAD
    return Sample(image, _kept(one.boxes.copy(), WIDE_BAR_PX, HEIGHT - WIDE_BAR_PX))


def _kept(boxes: NDArray[np.float32], top: int, bottom: int) -> NDArray[np.float32]:
    """Return the boxes cut to the frame, without those of which too little is left."""
    before = (boxes[:, 3] - boxes[:, 1]) * (boxes[:, 4] - boxes[:, 2])
    boxes[:, [1, 3]] = boxes[:, [1, 3]].clip(0, WIDTH)
    boxes[:, [2, 4]] = boxes[:, [2, 4]].clip(top, bottom)
    wide, high = boxes[:, 3] - boxes[:, 1], boxes[:, 4] - boxes[:, 2]
    good = (wide > _SIDE_MIN_PX) & (high > _SIDE_MIN_PX) & (wide * high > _KEPT_MIN * before)
    kept: NDArray[np.float32] = boxes[good]
    return kept
