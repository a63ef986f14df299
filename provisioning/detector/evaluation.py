"""How good the model is on pictures of cameras that training never saw: average precision and the best threshold."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from provisioning.detector.reading import Floats, Found, overlaps, read_output, to_input
from provisioning.simulator.pictures import CLASSES, Sample

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


def evaluate(model: Callable[[Floats], Floats], pictures: Iterator[Sample]) -> Evaluation:
    """Ask the model ([1, 3, h, w] to [1, 4 + classes, n]) about every picture and compare with the truth."""
    truths: list[Floats] = []
    answers: list[Found] = []
    for one in pictures:
        truths.append(one.boxes)
        answers.append(read_output(model(to_input(one.image)), _SCORE_MIN))
    return Evaluation(tuple(_class_result(kind, truths, answers) for kind in range(len(CLASSES))))


def _class_result(kind: int, truths: Sequence[Floats], answers: Sequence[Found]) -> ClassResult:
    wanted = sum(int((truth[:, 0] == kind).sum()) for truth in truths)
    scores, hits50 = _judged(kind, truths, answers, 0.5)
    _, hits75 = _judged(kind, truths, answers, 0.75)
    precision, recall = _curve(hits50, wanted)
    harmonic = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    best = int(harmonic.argmax()) if len(harmonic) else -1
    at_best = (float(scores[best]), float(precision[best]), float(recall[best])) if best >= 0 else (1.0, 0.0, 0.0)
    return ClassResult(CLASSES[kind], wanted, _average(precision, recall), _average(*_curve(hits75, wanted)), *at_best)


def _judged(
    kind: int, truths: Sequence[Floats], answers: Sequence[Found], overlap_min: float
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the scores of all answers of a class from high to low, and whether each met a box not yet found."""
    scores: list[float] = []
    hits: list[bool] = []
    for truth, answer in zip(truths, answers, strict=True):
        mine = answer.classes == kind
        wanted = truth[truth[:, 0] == kind, 1:]
        shared = overlaps(answer.boxes[mine], wanted)
        free = np.ones(len(wanted), bool)
        for row in shared:
            reachable = np.where(free, row, -1.0)
            best = int(reachable.argmax()) if len(reachable) else -1
            hit = best >= 0 and bool(reachable[best] >= overlap_min)
            free[best : best + 1] &= not hit
            hits.append(hit)
        scores += answer.scores[mine].tolist()
    order = np.argsort(-np.array(scores, np.float32), kind="stable")
    return np.array(scores, np.float32)[order], np.array(hits, bool)[order]


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
