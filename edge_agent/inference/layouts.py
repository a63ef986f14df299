"""Every output layout that the agent reads, as one table; and which of them a model file is.

A layout is found from what the card says, then from names, metadata and shapes, and is then confirmed by what the model
answers to two probe pictures. Where that leaves none or more than one, the model is refused and the candidates are
named: a silently wrong layout finds nothing, or nonsense.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from edge_agent.inference import decode_yolo as yolo
from edge_agent.inference.detector import ModelRefused
from edge_agent.inference.model_card import labels_in
from edge_agent.inference.preprocess import Picture, Placed, Size, bgr_levels, corner_pad, letterbox, rgb_unit
from edge_agent.inference.suppression import Candidates, Floats

RAW_MAX, DECODED_MIN = 12.0, 20.0
"""YOLOX writes offsets and logarithms (some -3..5), or pixels (up to the input's size): nothing lies between."""
NORMALISED_MAX = 1.5
BOX_SLACK = 0.5
SCORE_SLACK = 1e-3


@dataclass(frozen=True, slots=True)
class Signature:
    """What is known of a model file: names, metadata, input size, and its answers to the probe pictures."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]
    metadata: Mapping[str, object]
    size: Size
    probes: tuple[tuple[Floats, ...], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """How one family of detectors is fed and read.

    `fits`: whether names, metadata and shapes allow it; `denies`: what in the probe speaks against it, or None.
    """

    name: str
    family: str
    fits: Callable[[Signature], bool]
    denies: Callable[[Signature], str | None]
    place: Callable[[Picture, Size], Placed]
    tensor: Callable[[Picture], Floats]
    decode: Callable[[Floats, Size, float], Candidates]
    first_score: int
    class_axis: int
    overlap_max: float

    def class_count(self, signature: Signature) -> int:
        """Number of classes that the output has room for."""
        return signature.shapes[0][self.class_axis] - self.first_score


def _single_rank3(seen: Signature) -> bool:
    return len(seen.inputs) == 1 and len(seen.shapes) == 1 and len(seen.shapes[0]) == 3 and seen.shapes[0][0] == 1  # noqa: PLR2004 - rank three


def _fits_ultralytics(seen: Signature) -> bool:
    if not _single_rank3(seen) or str(seen.metadata.get("task", "detect")) != "detect":
        return False
    if str(seen.metadata.get("end2end", "False")).lower() == "true":
        return False
    _, rows, count = seen.shapes[0]
    names = labels_in(seen.metadata)
    named = rows < count and (seen.metadata.get("head") == "Detect" or (names is not None and len(names) == rows - 4))
    return rows > 4 and rows != count and (named or count == yolo.anchors(seen.size))  # noqa: PLR2004 - four box values


def _fits_yolox(seen: Signature) -> bool:
    if not _single_rank3(seen) or "names" in seen.metadata or "head" in seen.metadata:
        return False
    _, count, columns = seen.shapes[0]
    return columns > 5 and count == yolo.anchors(seen.size) and columns != count  # noqa: PLR2004 - four box values and objectness


def _scores_denied(scores: Floats) -> str | None:
    outside = scores.min() < -SCORE_SLACK or scores.max() > 1 + SCORE_SLACK
    return "its scores are not between 0 and 1 (raw logits?)" if outside else None


def _pixels_denied(boxes: Floats, size: Size) -> str | None:
    """What speaks against centre-and-size boxes in pixels of the input."""
    largest = float(np.abs(boxes).max())
    if 0 < largest <= NORMALISED_MAX:
        return "its boxes look like fractions of the picture, not pixels"
    if boxes.min() < -BOX_SLACK * max(size) or largest > (1 + BOX_SLACK) * max(size):
        return "its boxes lie far outside the picture"
    return None


def _denies_ultralytics(seen: Signature) -> str | None:
    answers = np.concatenate([probe[0][0].T for probe in seen.probes])
    return _scores_denied(answers[:, 4:]) or _pixels_denied(answers[:, :4], seen.size)


def _yolox_answers(seen: Signature) -> Floats:
    return np.concatenate([probe[0][0] for probe in seen.probes])


def _yolox_scores_denied(answers: Floats) -> str | None:
    if bool((answers[:, 4] == 1).all()):
        return "its objectness is always 1, as YOLOv6 writes it"
    return _scores_denied(answers[:, 4:])


def _denies_yolox(seen: Signature) -> str | None:
    answers = _yolox_answers(seen)
    if np.abs(answers[:, :4]).max() > RAW_MAX:
        return "its box values are too large for grid offsets and logarithms"
    return _yolox_scores_denied(answers)


def _denies_yolox_decoded(seen: Signature) -> str | None:
    answers = _yolox_answers(seen)
    if np.abs(answers[:, :4]).max() < DECODED_MIN:
        return "its box values are too small for pixels"
    return _pixels_denied(answers[:, :4], seen.size) or _yolox_scores_denied(answers)


LAYOUTS: tuple[Layout, ...] = (
    Layout(
        name="ultralytics_v8",
        family="ultralytics_v8",
        fits=_fits_ultralytics,
        denies=_denies_ultralytics,
        place=letterbox,
        tensor=rgb_unit,
        decode=yolo.decode_ultralytics,
        first_score=4,
        class_axis=1,
        overlap_max=0.6,
    ),
    Layout(
        name="yolox",
        family="yolox",
        fits=_fits_yolox,
        denies=_denies_yolox,
        place=corner_pad,
        tensor=bgr_levels,
        decode=yolo.decode_yolox,
        first_score=5,
        class_axis=2,
        overlap_max=0.5,
    ),
    Layout(
        name="yolox_decoded",
        family="yolox",
        fits=_fits_yolox,
        denies=_denies_yolox_decoded,
        place=corner_pad,
        tensor=bgr_levels,
        decode=yolo.decode_yolox_decoded,
        first_score=5,
        class_axis=2,
        overlap_max=0.5,
    ),
)

_HINTS: tuple[tuple[str, Callable[[Signature], bool]], ...] = (
    ("RT-DETR or D-FINE with `orig_target_sizes`", lambda seen: "orig_target_sizes" in seen.inputs),
    ("a segmentation or pose model", lambda seen: str(seen.metadata.get("task", "detect")) != "detect"),
    ("an end-to-end export with built-in suppression ([n, 6])", lambda seen: any(s[-1:] == (6,) for s in seen.shapes)),
    ("YOLOv5 with anchors", lambda seen: any(s[1:2] == (3 * yolo.anchors(seen.size),) for s in seen.shapes)),
    ("an export with one output for each stride", lambda seen: len(seen.shapes) > 1),
)


def choose(seen: Signature, named: str | None) -> Layout:
    """The layout of a model; `named`: what the configuration or card says. Raises `ModelRefused`."""
    candidates = [one for one in LAYOUTS if (named in {one.family, one.name} if named else one.fits(seen))]
    if named and not candidates:
        raise ModelRefused(f"the layout {named!r} is unknown; known are {', '.join(one.name for one in LAYOUTS)}")
    if named and not _single_rank3(seen):
        raise ModelRefused(f"the model's outputs {_shapes(seen)} cannot be {named}")
    if not candidates:
        raise ModelRefused(_unknown(seen))
    denied = {one.name: one.denies(seen) for one in candidates}
    left = [one for one in candidates if denied[one.name] is None]
    if not left:
        reasons = "; ".join(f"not {name}: {reason}" for name, reason in denied.items())
        raise ModelRefused(f"the model's answer to a probe picture fits no layout: {reasons}")
    if len(left) > 1:
        names = " or ".join(one.name for one in left)
        raise ModelRefused(f"the model may be {names}; say which by `layout:` in the configuration or the model card")
    return left[0]


def _unknown(seen: Signature) -> str:
    hint = next((text for text, applies in _HINTS if applies(seen)), None)
    looks = f"; it looks like {hint}" if hint else ""
    known = ", ".join(one.name for one in LAYOUTS)
    return f"the model's outputs {_shapes(seen)} are in no layout that can be read ({known}){looks}"


def _shapes(seen: Signature) -> str:
    return ", ".join(f"{name} {list(shape)}" for name, shape in zip(seen.outputs, seen.shapes, strict=True))
