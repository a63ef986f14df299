"""The golden picture: what a model must find on it, and whether it does.

It tells a model that runs from one that still sees: another runtime, an altered export or a wrong layout shows here.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from edge_agent.core.values import Detection
from edge_agent.core.zones import intersection_over_union
from edge_agent.inference.card.card import Golden, GoldenBox
from edge_agent.inference.detector import ModelRefused
from edge_agent.inference.onnx_detector import OnnxDetector
from edge_agent.inference.picture_file import PICTURE_WANTED, read_picture
from edge_agent.inference.preprocess import Picture
from protocol.texts import Words

SAME_OVERLAP = 0.9
SAME_SCORE = 0.05
"""Processors round differently; an object this near to the least score may be there or not."""

_MISSES, _INVENTS = Words("找不到", "does not find"), Words("多找到", "also finds")
_OTHER = Words(
    "在样图 {picture} 上，模型{does} {label}（位置 [{place}]），与模型卡所写不符；模型、布局或画面不是打包时的那一个",
    "on its golden picture {picture} the model {does} {label} at [{place}], other than its card says; it is not the "
    "model, the layout or the picture that was packed",
)
_UNREADABLE = Words(
    "模型卡的样图 {path} 读不了：{why}", "the golden picture {path} of the model card cannot be read: {why}"
)
_ANOTHER = Words(
    "样图 {path} 不是模型卡所指的那一幅：sha256 不同",
    "the golden picture {path} is not the one of the model card: its sha256 differs",
)
_NO_PICTURE = Words(
    "模型卡的样图 {path} 不是可读的画面；{wanted}",
    "the golden picture {path} of the model card is no picture that can be read; {wanted}",
)


def golden_boxes(detector: OnnxDetector, picture: Picture, score_min: float) -> tuple[GoldenBox, ...]:
    """All that a model finds on a picture, strongest first."""
    height, width = picture.shape[:2]
    return tuple(_golden(one, width, height) for one in detector.everything(picture, score_min))


def _golden(one: Detection, width: int, height: int) -> GoldenBox:
    x1, y1, x2, y2 = one.box
    pixels = (round(x1 * width, 1), round(y1 * height, 1), round(x2 * width, 1), round(y2 * height, 1))
    return GoldenBox(label=one.label, score=round(one.score, 4), box=pixels)


def check_golden(detector: OnnxDetector, model: Path) -> bool:
    """Whether the card has a golden picture; raises `ModelRefused` if the model does not find there what it says."""
    golden = detector.card.golden
    if golden is None:
        return False
    found = golden_boxes(detector, _picture(golden, model), golden.score_min)
    sure = golden.score_min + SAME_SCORE
    missing = _without_partner([one for one in golden.boxes if one.score >= sure], found)
    extra = _without_partner([one for one in found if one.score >= sure], golden.boxes)
    for one, does in ((missing, _MISSES), (extra, _INVENTS)):
        if one is not None:
            place = ", ".join(f"{edge:g}" for edge in one.box)
            raise ModelRefused(_OTHER, picture=golden.picture, does=does, label=one.label, place=place)
    return True


def _picture(golden: Golden, model: Path) -> Picture:
    path = model.with_name(golden.picture)
    try:
        content, picture = read_picture(path)
    except OSError as error:
        raise ModelRefused(_UNREADABLE, path=path, why=error.strerror) from None
    if golden.sha256 is not None and hashlib.sha256(content).hexdigest() != golden.sha256:
        raise ModelRefused(_ANOTHER, path=path)
    if picture is None:
        raise ModelRefused(_NO_PICTURE, path=path, wanted=PICTURE_WANTED)
    return picture


def _without_partner(wanted: Sequence[GoldenBox], there: Sequence[GoldenBox]) -> GoldenBox | None:
    """The first one that has no equal among the others, each of which is the equal of one."""
    free = list(there)
    for one in wanted:
        partner = next((other for other in free if _same(one, other)), None)
        if partner is None:
            return one
        free.remove(partner)
    return None


def _same(one: GoldenBox, other: GoldenBox) -> bool:
    alike = one.label == other.label and abs(one.score - other.score) <= SAME_SCORE
    return alike and intersection_over_union(one.box, other.box) >= SAME_OVERLAP
