"""The set that the detector is measured on never changes: same seeds, same boxes, same pixels."""

import cv2
import numpy as np
import pytest

from provisioning.detector import frozen_set as frozen
from provisioning.detector.lessons import PICTURES_PER_SEED, SEED_MAX
from provisioning.simulator.pictures import Sample

OPENCV, AVX2 = "5.0.0", 11
"""The version, and the number by which `checkHardwareSupport` knows the instructions."""
same_pixels = pytest.mark.skipif(
    cv2.__version__ != OPENCV or not cv2.checkHardwareSupport(AVX2),
    reason=f"the pixels are frozen for OpenCV {OPENCV} on x86-64 with AVX2; others round differently",
)


def test_the_first_boxes_are_the_frozen_ones() -> None:
    assert frozen.digests(frozen.evaluation_pictures(frozen.FEW_PICTURES))[0] == frozen.FEW_BOXES_SHA256


@same_pixels
def test_the_first_pictures_are_the_frozen_ones() -> None:
    assert frozen.digests(frozen.evaluation_pictures(frozen.FEW_PICTURES))[1] == frozen.FEW_SHA256


@pytest.mark.slow
@same_pixels
def test_all_pictures_are_the_frozen_ones() -> None:
    pictures = list(frozen.evaluation_pictures())
    assert (len(pictures), sum(len(one.boxes) for one in pictures)) == (frozen.PICTURES, frozen.BOXES)
    assert frozen.digests(pictures) == (frozen.BOXES_SHA256, frozen.SHA256)


def test_one_changed_pixel_or_box_changes_the_digest() -> None:
    one = next(frozen.evaluation_pictures())
    image, boxes = one.image.copy(), one.boxes.copy()
    image[7, 9, 1] ^= 1
    boxes[0, 2] = np.nextafter(boxes[0, 2], np.float32(1000))
    known = frozen.digests([one])
    assert frozen.digests([Sample(image, one.boxes)])[0] == known[0]
    assert frozen.digests([Sample(image, one.boxes)])[1] != known[1]
    assert frozen.digests([Sample(one.image, boxes)])[0] != known[0]


def test_no_training_draws_a_frozen_picture() -> None:
    assert (SEED_MAX + 1) * PICTURES_PER_SEED <= frozen.FIRST_PICTURE
