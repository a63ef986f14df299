"""Evidence pictures: masked, marked, encoded; and the port of the one who keeps them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, cast

import cv2
import numpy as np

from edge_agent.core.evidence.picture_size import Encoding, smaller
from edge_agent.video.frame import Picture, burn_masks
from protocol.geometry import Box, Polygon
from protocol.messages import EVIDENCE_BYTES_MAX, EvidenceKind, EvidenceRef

WIDTH_MAX_PX = 1920
HELD_WIDTH_MAX_PX = 960
ZONE_COLOUR = (0, 220, 255)
BOX_COLOUR = (40, 40, 240)
OUTLINE_COLOUR = (0, 0, 0)


class EvidenceKeeper(Protocol):
    """Keeps pictures and clips by their content."""

    def keep(self, content: bytes, at: datetime, kind: EvidenceKind) -> EvidenceRef:
        """Make it safe (on disk, synced) and return its reference; the same bytes twice are one file."""
        ...


def marked(picture: Picture, masks: Sequence[Polygon], zone: Polygon | None, box: Box | None) -> Picture:
    """A copy with the masks burnt in first, then the zone (yellow) and the box (red) drawn."""
    canvas = picture.copy()
    burn_masks(canvas, masks)
    height, width = canvas.shape[:2]
    line_px = max(1, round(min(width, height) / 240))
    shapes = []
    if zone is not None:
        shapes.append((zone, ZONE_COLOUR))
    if box is not None:
        x1, y1, x2, y2 = box
        shapes.append((((x1, y1), (x2, y1), (x2, y2), (x1, y2)), BOX_COLOUR))
    for corners, colour in shapes:
        points = np.array([(x * (width - 1), y * (height - 1)) for x, y in corners]).round().astype(np.int32)
        cv2.polylines(canvas, [points], isClosed=True, color=OUTLINE_COLOUR, thickness=line_px + 2)
        cv2.polylines(canvas, [points], isClosed=True, color=colour, thickness=line_px, lineType=cv2.LINE_AA)
    return canvas


def jpeg_of(
    picture: Picture,
    width_max_px: int = WIDTH_MAX_PX,
    bytes_max: int = EVIDENCE_BYTES_MAX,
    finish: Callable[[Picture], None] | None = None,
) -> bytes:
    """JPEG of at most `bytes_max` bytes, or the smallest that is of any use.

    `finish` draws, in place, what has to be legible at whatever size the picture is encoded.
    """
    encoding = Encoding(min(picture.shape[1], width_max_px))
    while True:
        encoded = _encoded(picture, encoding, finish)
        lower = smaller(encoding, len(encoded), bytes_max)
        if lower is None:
            return encoded
        encoding = lower


def _encoded(picture: Picture, encoding: Encoding, finish: Callable[[Picture], None] | None) -> bytes:
    height, width = picture.shape[:2]
    shown = picture
    if encoding.width_px < width:
        size = (encoding.width_px, max(1, round(height * encoding.width_px / width)))
        shown = cast("Picture", cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
    if finish is not None:
        shown = shown.copy() if shown is picture else shown
        finish(shown)
    return bytes(cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, encoding.quality_percent])[1])


def picture_of(jpeg: bytes) -> Picture:
    """The picture that `jpeg_of` wrote."""
    return cast("Picture", cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR))
