"""Evidence pictures: masked, marked, encoded; and the port of the one who keeps them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, cast

import cv2
import numpy as np

from edge_agent.video.frame import Picture, burn_masks
from protocol.geometry import Box, Polygon
from protocol.messages import EVIDENCE_BYTES_MAX, EvidenceKind, EvidenceRef

QUALITY_PERCENT = 85
QUALITY_PERCENT_MIN = 20
WIDTH_MAX_PX = 1920
HELD_WIDTH_MAX_PX = 960
ZONE_COLOUR = (0, 220, 255)
BOX_COLOUR = (40, 40, 240)
OUTLINE_COLOUR = (0, 0, 0)


class EvidenceKeeper(Protocol):
    """Keeps pictures by their content."""

    def keep(self, jpeg: bytes, at: datetime, kind: EvidenceKind) -> EvidenceRef:
        """Make the picture safe (on disk, synced) and return its reference; the same bytes twice are one file."""
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


def jpeg_of(picture: Picture, width_max_px: int = WIDTH_MAX_PX) -> bytes:
    """JPEG of at most `EVIDENCE_BYTES_MAX` bytes; wider pictures are made smaller first."""
    height, width = picture.shape[:2]
    if width > width_max_px:
        size = (width_max_px, max(1, round(height * width_max_px / width)))
        picture = cast("Picture", cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
    quality = QUALITY_PERCENT
    while True:
        encoded = bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])
        if len(encoded) <= EVIDENCE_BYTES_MAX or quality <= QUALITY_PERCENT_MIN:
            return encoded
        quality -= 15


def picture_of(jpeg: bytes) -> Picture:
    """The picture that `jpeg_of` wrote."""
    return cast("Picture", cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR))
