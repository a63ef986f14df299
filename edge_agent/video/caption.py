"""The line of text in an evidence picture: when, where and what, in Chinese, beside the finding and not on it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import cv2

from edge_agent.video.frame import Picture
from protocol.geometry import Box

FONT = "uni"
"""The one built-in font of OpenCV 5 that has Chinese characters."""
HEIGHT_SHARE = 1 / 30
SIZE_MIN_PX = 12
PLATE_LIGHT = 0.3
"""What is left of the picture's light under the text."""
TEXT_COLOUR = (255, 255, 255)
WEIGHT = 400
HERSHEY_SIZE_PX = 22
"""Height of a capital letter of the Hershey font at scale 1."""

Rectangle = tuple[int, int, int, int]
"""Left, top, width and height in pixels."""


@dataclass(frozen=True, slots=True)
class Caption:
    """Parts of the text, most important first. `plain` says the same in ASCII, for an OpenCV without Chinese."""

    parts: tuple[str, ...]
    plain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Lines of text and their height."""

    lines: tuple[str, ...]
    size_px: int


@cache
def chinese_font() -> "cv2.FontFace | None":
    """The font, loaded at the first use; None where OpenCV is older than 5 or was built without it."""
    try:
        font = cv2.FontFace(FONT)
    except (AttributeError, cv2.error):
        return None
    return font if font.getName() else None


def draw_caption(canvas: Picture, caption: Caption, box: Box | None, font: "cv2.FontFace | None") -> None:
    """Write the caption into the corner where it covers least of `box`, on a darkened plate."""
    height, width = canvas.shape[:2]
    margin = max(2, height // 120)
    measure = _chinese_width(font) if font is not None else _plain_width
    wanted_px = max(SIZE_MIN_PX, round(height * HEIGHT_SHARE))
    layout = lay_out(caption.parts if font is not None else caption.plain, width - 4 * margin, wanted_px, measure)
    line_px = round(layout.size_px * 1.35)
    plate_width = min(width, max(measure(line, layout.size_px) for line in layout.lines) + 2 * margin)
    plate = place((width, height), (plate_width, min(height, line_px * len(layout.lines) + margin)), margin, box)
    left, top, plate_width, plate_height = plate
    under = canvas[top : top + plate_height, left : left + plate_width]
    under[:] = cv2.convertScaleAbs(under, alpha=PLATE_LIGHT)
    for number, line in enumerate(layout.lines):
        _write(
            canvas, line, (left + margin, top + line_px * number + layout.size_px + margin // 2), layout.size_px, font
        )


def lay_out(parts: Sequence[str], width_px: int, size_px: int, measure: Callable[[str, int], int]) -> Layout:
    """One line if it fits, else a line for each part, else smaller letters; `measure` tells the width of a text."""
    for lines in (("  ".join(parts),), tuple(parts)):
        widest = max(measure(line, size_px) for line in lines)
        if widest <= width_px:
            return Layout(lines, size_px)
    return Layout(tuple(parts), max(1, int(size_px * width_px / widest)))


def place(picture: tuple[int, int], plate: tuple[int, int], margin: int, box: Box | None) -> Rectangle:
    """Where a plate lies in a picture (sizes in pixels): the corner that covers least of the box, lower left first."""
    width, height = picture
    right = max(0, width - plate[0] - margin)
    bottom = max(0, height - plate[1] - margin)
    left, top = min(margin, right), min(margin, bottom)
    corners = [(x, y, *plate) for y in (bottom, top) for x in (left, right)]
    if box is None:
        return corners[0]
    return min(corners, key=lambda corner: covered_px(corner, picture, box))


def covered_px(plate: Rectangle, picture: tuple[int, int], box: Box) -> float:
    """How many pixels of the box lie under the plate."""
    left, top, width, height = plate
    across = min(left + width, box[2] * picture[0]) - max(left, box[0] * picture[0])
    down = min(top + height, box[3] * picture[1]) - max(top, box[1] * picture[1])
    return max(0.0, across) * max(0.0, down)


def _chinese_width(font: "cv2.FontFace") -> Callable[[str, int], int]:
    def measure(text: str, size_px: int) -> int:
        rectangle = cv2.getTextSize((0, 0), text, (0, 0), font, size_px, WEIGHT)
        return int(rectangle[0] + rectangle[2])

    return measure


def _plain_width(text: str, size_px: int) -> int:
    return int(cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, size_px / HERSHEY_SIZE_PX, 1)[0][0])


def _write(canvas: Picture, text: str, at: tuple[int, int], size_px: int, font: "cv2.FontFace | None") -> None:
    if font is None:
        scale = size_px / HERSHEY_SIZE_PX
        cv2.putText(canvas, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, TEXT_COLOUR, 1, cv2.LINE_AA)
    else:
        cv2.putText(canvas, text, at, TEXT_COLOUR, font, size_px, WEIGHT)
