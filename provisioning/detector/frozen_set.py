"""The pictures that the detector is measured on: frozen by their seeds and by a digest of every pixel and box."""

import hashlib
from collections.abc import Iterable, Iterator

import numpy as np

from provisioning.simulator.pictures import PICTURES_PER_CAMERA, Sample, sample

FIRST_PICTURE = 10_000_000
"""The pictures are `sample(FIRST_PICTURE)` and those that follow, beyond the seeds of every training."""
PICTURES = 400
CAMERAS = PICTURES // PICTURES_PER_CAMERA
BOXES = 2_958

FEW_PICTURES = 20
"""The first pictures, with digests of their own for a quick check."""
FEW_BOXES_SHA256 = "6cc5dae482ba5186d99e6f9e36b5bd88fd4143dca24185e56938e709072a524d"
FEW_SHA256 = "aeb0df2f81a8f47561a1adb9b6124830cbf16ccda291bfc181ece3b2c362ba8b"
BOXES_SHA256 = "a8944a2cffe30d884e02e6a83d5294ee8cc4d2e843476d3bfd2261f1b9d0fdd4"
SHA256 = "9e149dd3dff8399d10db7b264cb6ee5653f2f669a180e2d865a0d56eacdd308e"
"""Digest of all boxes, and of all pixels and boxes, see `digests`.

Boxes are the same on every machine; pixels only with OpenCV 5.0.0 on x86-64 with AVX2: other builds round a blur or a
JPEG differently by a grey level here and there.
"""


def evaluation_pictures(count: int = PICTURES) -> Iterator[Sample]:
    """Yield the first `count` pictures of the frozen set one by one."""
    return (sample(FIRST_PICTURE + index) for index in range(count))


def digests(pictures: Iterable[Sample]) -> tuple[str, str]:
    """Return SHA-256 over the boxes of all pictures, and over pixels and boxes of each in turn.

    Pixels count as BGR bytes row by row, boxes as little-endian 32-bit floats: class, x1, y1, x2, y2 in pixels.
    """
    boxes, everything = hashlib.sha256(), hashlib.sha256()
    for one in pictures:
        numbers = one.boxes.astype(np.dtype("<f4")).tobytes()
        boxes.update(numbers)
        everything.update(one.image.tobytes())
        everything.update(numbers)
    return boxes.hexdigest(), everything.hexdigest()
