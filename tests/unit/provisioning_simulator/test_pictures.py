"""Training pictures: same seed, same pixels; every box is inside, large enough and on something that can be seen."""

import hashlib

import numpy as np
import pytest
from numpy.typing import NDArray

from provisioning.simulator import pictures
from provisioning.simulator.drawing.canvas import Box
from provisioning.simulator.pictures import CLASSES, HEIGHT, WIDTH, sample, visible_boxes

SEEDS = (0, 7, 14, 77, 1_234, 10_000_001)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_seed_draws_the_same(seed: int) -> None:
    first = sample(seed)
    pictures._street.cache_clear()
    again = sample(seed)
    assert hashlib.sha256(first.image.tobytes()).digest() == hashlib.sha256(again.image.tobytes()).digest()
    assert np.array_equal(first.boxes, again.boxes)


def test_two_seeds_draw_two_pictures() -> None:
    assert not np.array_equal(sample(2).image, sample(3).image)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_picture_and_its_boxes_have_their_form(seed: int) -> None:
    image, boxes = sample(seed)
    assert (image.shape, image.dtype) == ((HEIGHT, WIDTH, 3), np.uint8)
    assert (boxes.shape[1:], boxes.dtype) == ((5,), np.float32)
    assert set(boxes[:, 0].tolist()) <= set(range(len(CLASSES)))
    assert (boxes[:, 1:3] >= 0).all()
    assert (boxes[:, 3] <= WIDTH).all()
    assert (boxes[:, 4] <= HEIGHT).all()


def test_all_classes_and_sizes_occur() -> None:
    boxes = np.concatenate([sample(seed).boxes for seed in range(60)])
    sides = boxes[:, 3:5] - boxes[:, 1:3]
    assert set(boxes[:, 0].tolist()) == set(range(len(CLASSES)))
    assert sides.min() >= 1
    areas = sides.prod(axis=1)
    assert (areas < 16 * 16).sum() >= 20
    assert (areas > 64 * 64).sum() >= 20


def owners_with(*areas: tuple[int, Box]) -> NDArray[np.uint8]:
    owners = np.zeros((100, 100), np.uint8)
    for owner, box in areas:
        owners[int(box.y1) : int(box.y2), int(box.x1) : int(box.x2)] = owner
    return owners


WHOLE = Box(10, 10, 50, 50)


@pytest.mark.parametrize(
    ("cover", "expected"),
    [
        (None, [WHOLE]),
        (Box(10, 10, 20, 50), [WHOLE]),  # a quarter hidden: the box still covers it all
        (Box(10, 10, 30, 50), [Box(30, 10, 50, 50)]),  # half hidden: only what can be seen
        (Box(10, 10, 45, 50), []),  # hardly anything left
    ],
)
def test_a_hidden_object_shrinks_and_then_goes(cover: Box | None, expected: list[Box]) -> None:
    drawn = pictures._Drawn(1, 1, WHOLE, int(WHOLE.area))
    owners = owners_with((1, WHOLE), *([] if cover is None else [(2, cover)]))
    assert [box for _, box in visible_boxes(owners, [drawn])] == expected


@pytest.mark.parametrize(
    ("extent", "is_seen"),
    [
        (Box(-20, 10, 40, 50), True),  # two thirds inside
        (Box(-60, 10, 20, 50), False),  # a quarter inside
        (Box(10, 10, 16, 50), False),  # too narrow
    ],
)
def test_what_leaves_the_frame_or_is_tiny_is_not_labelled(extent: Box, *, is_seen: bool) -> None:
    inside = extent.clipped(100, 100)
    drawn = pictures._Drawn(0, 1, extent, int(inside.area))
    assert bool(visible_boxes(owners_with((1, inside)), [drawn])) is is_seen
