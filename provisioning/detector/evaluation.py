"""How good the model is on pictures of cameras that training never saw: average precision and the best threshold."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from provisioning.detector.reading import Floats, Found, overlaps, read_output, to_input
from provisioning.simulator.pictures import CLASSES, Sample

SIZE_MIN_PX = 16.0
"""Below this size, the square root of a box's area in pixels of the input, a box is small."""

_SCORE_MIN = 0.02
_RECALLS = np.linspace(0, 1, 101)


@dataclass(frozen=True, slots=True)
class ClassResult:
    """One class: boxes to be found, average precision at IoU 0.5 and 0.75, and the score where F1 is best."""

    label: str
    boxes: int
    ap50: float
    ap75: float
    threshold: float
    precision: float
    recall: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All classes; the means weigh each class alike."""

    classes: tuple[ClassResult, ...]

    @property
    def boxes(self) -> int:
        """How many boxes there were to find."""
        return sum(one.boxes for one in self.classes)

    @property
    def map50(self) -> float:
        """Mean average precision at IoU 0.5."""
        return float(np.mean([one.ap50 for one in self.classes]))

    @property
    def map75(self) -> float:
        """Mean average precision at IoU 0.75."""
        return float(np.mean([one.ap75 for one in self.classes]))


@dataclass(frozen=True, slots=True)
class Answered:
    """What pictures show ([n, 5] class and box each) and what the model says about them."""

    truths: tuple[Floats, ...]
    answers: tuple[Found, ...]


def ask(model: Callable[[Floats], Floats], pictures: Iterator[Sample]) -> Answered:
    """Ask the model ([1, 3, h, w] to [1, 4 + classes, n]) about every picture."""
    both = [(one.boxes, read_output(model(to_input(one.image)), _SCORE_MIN)) for one in pictures]
    return Answered(tuple(truth for truth, _ in both), tuple(answer for _, answer in both))


def judge(answered: Answered, size_min_px: float = 0.0) -> Evaluation:
    """Compare with the truth. Smaller boxes than `size_min_px` need not be found, and are no mistake if they are."""
    return Evaluation(tuple(_class_result(kind, answered, size_min_px) for kind in range(len(CLASSES))))


class Judged(NamedTuple):
    """Of one class: scores of the answers that count, high to low, whether each is a hit, and boxes to be found."""

    scores: Floats
    hits: NDArray[np.bool_]
    wanted: int


def _class_result(kind: int, answered: Answered, size_min_px: float) -> ClassResult:
    scores, hits50, wanted = judged_answers(kind, answered, 0.5, size_min_px)
    hits75 = judged_answers(kind, answered, 0.75, size_min_px).hits
    precision, recall = _curve(hits50, wanted)
    harmonic = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    best = int(harmonic.argmax()) if len(harmonic) else -1
    at_best = (float(scores[best]), float(precision[best]), float(recall[best])) if best >= 0 else (1.0, 0.0, 0.0)
    return ClassResult(CLASSES[kind], wanted, _average(precision, recall), _average(*_curve(hits75, wanted)), *at_best)


def _of(kind: int, truth: Floats) -> Floats:
    return truth[truth[:, 0] == kind, 1:]


def _sizes(boxes: Floats) -> Floats:
    sizes: Floats = np.sqrt((boxes[:, 2:] - boxes[:, :2]).clip(0).prod(axis=1))
    return sizes


def judged_answers(kind: int, answered: Answered, overlap_min: float, size_min_px: float) -> Judged:
    """Tell of each answer of a class whether it met a box not yet found, at that IoU; see `judge` about small ones."""
    scores: list[float] = []
    hits: list[bool] = []
    wanted = 0
    for truth, answer in zip(answered.truths, answered.answers, strict=True):
        mine, boxes = answer.classes == kind, _of(kind, truth)
        wanted += int((_sizes(boxes) >= size_min_px).sum())
        met = _met(answer.boxes[mine], boxes, overlap_min, size_min_px)
        scores += answer.scores[mine][[hit is not None for hit in met]].tolist()
        hits += [hit for hit in met if hit is not None]
    order = np.argsort(-np.array(scores, np.float32), kind="stable")
    return Judged(np.array(scores, np.float32)[order], np.array(hits, bool)[order], wanted)


def _met(boxes: Floats, wanted: Floats, overlap_min: float, size_min_px: float) -> list[bool | None]:
    """Tell of each answer, strongest first, whether it met a box; None: it is, or met, one that does not count."""
    shared = overlaps(boxes, wanted)
    large, own = _sizes(wanted) >= size_min_px, _sizes(boxes) >= size_min_px
    free = np.ones(len(wanted), bool)
    met: list[bool | None] = []
    for row, counts in zip(shared, own, strict=True):
        found = _best(row, free & large, overlap_min)
        passed = found if found is not None else _best(row, free & ~large, overlap_min)
        if passed is not None:
            free[passed] = False
        met.append(True if found is not None else None if passed is not None or not counts else False)
    return met


def _best(row: Floats, allowed: NDArray[np.bool_], overlap_min: float) -> int | None:
    reachable = np.where(allowed, row, -1.0)
    best = int(reachable.argmax()) if len(reachable) else -1
    return best if best >= 0 and reachable[best] >= overlap_min else None


def _curve(hits: NDArray[np.bool_], wanted: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    found = hits.cumsum()
    return found / np.arange(1, len(hits) + 1), found / max(1, wanted)


def _average(precision: NDArray[np.float64], recall: NDArray[np.float64]) -> float:
    """Return the mean over 101 recalls of the best precision at that recall or beyond."""
    if not len(precision):
        return 0.0
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    first = np.searchsorted(recall, _RECALLS, side="left")
    reached = first < len(envelope)
    return float(np.where(reached, envelope[np.minimum(first, len(envelope) - 1)], 0.0).mean())
