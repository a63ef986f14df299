"""Picture files that a person names: read whole, and only as large as a camera makes them."""

from pathlib import Path

import cv2
import numpy as np

from edge_agent.inference.preprocess import Picture
from protocol.texts import Words

PICTURE_BYTES_MAX = 50_000_000
PIXELS_MAX = 100_000_000
"""A file of a few kilobytes may unfold into more memory than the machine has."""
PICTURE_WANTED = Words(
    f"请给 JPEG 或 PNG，不超过 {PIXELS_MAX // 10**6} 百万像素",
    f"give a JPEG or PNG of at most {PIXELS_MAX // 10**6} megapixels",
)
NO_PICTURE = Words("{path} 不是可读的画面；{wanted}", "{path} is not a picture that can be read; {wanted}")
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG's markers behind which a picture's size stands."""


def read_picture(path: Path) -> tuple[bytes, Picture | None]:
    """A file's bytes and the picture in it, None if it is none that is wanted; raises `OSError`."""
    with path.open("rb") as file:
        content = file.read(PICTURE_BYTES_MAX + 1)
    size = declared_size(content) if len(content) <= PICTURE_BYTES_MAX else None
    if size is None or not 0 < size[0] * size[1] <= PIXELS_MAX:
        return content, None
    try:
        picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        return content, None
    return content, None if picture is None else np.asarray(picture, np.uint8)


def declared_size(content: bytes) -> tuple[int, int] | None:
    """Width and height that a JPEG or PNG says it has, before anything is decoded; None for all else."""
    if content.startswith(_PNG):
        return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    return _jpeg_size(content) if content.startswith(_JPEG) else None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = len(_JPEG)
    while at + 9 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004 - JPEG's sign of a marker
        marker = content[at + 1]
        if marker in _FRAMES:
            return int.from_bytes(content[at + 7 : at + 9], "big"), int.from_bytes(content[at + 5 : at + 7], "big")
        filled = marker == 0xFF  # noqa: PLR2004 - one sign more before the marker
        at += 1 if filled else 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None
