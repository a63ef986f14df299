"""Non-maximum suppression, per class: two boxes of different classes never remove each other."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

CANDIDATES_MAX = 3000
DETECTIONS_MAX = 300
BLOCK = 128
"""So many candidates are compared with each other at once: a compromise between Python's steps and memory."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Boxes `[n, 4]` as corners in pixels of the network's input, best score `[n]` and its class number `[n]`.

    Only `of` makes them from a network's numbers: what is no box never gets further.
    """

    boxes: Floats
    scores: Floats
    classes: Numbers

    def __len__(self) -> int:
        return len(self.scores)

    def only(self, chosen: Numbers | Flags | slice) -> "Candidates":
        """Those chosen by index, mask or slice."""
        return Candidates(self.boxes[chosen], self.scores[chosen], self.classes[chosen])

    @staticmethod
    def of(boxes: Floats, scores: Floats, classes: Floats | Numbers, score_min: float) -> "Candidates":
        """Those that reach `score_min`, are made of numbers and have an area; `classes` may be floats."""
        with np.errstate(invalid="ignore", over="ignore"):
            chosen = (scores >= score_min) & np.isfinite(boxes).all(axis=1) & np.isfinite(classes) & (classes >= 0)
            chosen &= (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])
        return Candidates(boxes[chosen], scores[chosen], classes[chosen].astype(np.intp))


def best_classes(scores: Floats, score_min: float) -> tuple[Numbers, Numbers, Floats]:
    """Of `scores` `[classes, n]`: which of the n reach `score_min`, the best class of each, its score.

    A score that is no number counts as none.
    """
    best = scores.max(axis=0)
    if np.isnan(best).any():
        scores = np.nan_to_num(scores, nan=-1.0)
        best = scores.max(axis=0)
    chosen = np.flatnonzero(best >= score_min)
    return chosen, scores[:, chosen].argmax(axis=0), best[chosen]


def suppress(found: Candidates, overlap_max: float | None) -> Candidates:
    """The strongest box of each heap of boxes of one class, strongest first; boxes that do not overlap all stay.

    Without `overlap_max` the network has done it, and all stay. Of more than `CANDIDATES_MAX` the strongest are looked
    at, and `DETECTIONS_MAX` are kept.
    """
    found = found.only(np.argsort(-found.scores, kind="stable")[:CANDIDATES_MAX])
    if overlap_max is None:
        return found.only(slice(DETECTIONS_MAX))
    heap = _Heap(found, overlap_max)
    kept = np.empty(0, dtype=np.intp)
    for start in range(0, len(found), BLOCK):
        block = np.arange(start, min(start + BLOCK, len(found)))
        if len(kept):
            block = block[~heap.rivals(kept, block).any(axis=0)]
        kept = np.concatenate([kept, block[_strongest(heap.rivals(block, block))]])
        if len(kept) >= DETECTIONS_MAX:
            break
    return found.only(kept[:DETECTIONS_MAX])


class _Heap:
    """Candidates by columns: which of them fight for the same object."""

    def __init__(self, found: Candidates, overlap_max: float) -> None:
        self._left, self._top, self._right, self._bottom = np.ascontiguousarray(found.boxes.T)
        self._areas = (self._right - self._left) * (self._bottom - self._top)
        self._classes = found.classes
        self._overlap_max = np.float32(overlap_max)

    def rivals(self, some: Numbers, others: Numbers) -> Flags:
        """`[some, others]`: of one class, and their boxes share more than `overlap_max` of their union."""
        across = _shared(self._left, self._right, some, others)
        shared = np.multiply(across, _shared(self._top, self._bottom, some, others), out=across)
        unions = self._areas[some, None] + self._areas[others]
        unions -= shared
        unions *= self._overlap_max
        same: Flags = self._classes[some, None] == self._classes[others]
        same &= shared > unions
        return same


def _shared(lows: Floats, highs: Floats, some: Numbers, others: Numbers) -> Floats:
    """`[some, others]`: the length that two stretches of a line have in common."""
    shared: Floats = np.minimum(highs[some, None], highs[others])
    shared -= np.maximum(lows[some, None], lows[others])
    return np.maximum(shared, 0, out=shared)


def _strongest(rivals: Flags) -> Flags:
    """Which of `rivals` `[n, n]`, strongest first, stay: each removes the weaker ones, unless it was removed itself."""
    stays = np.ones(len(rivals), dtype=np.bool_)
    weaker = np.triu(rivals, 1)
    for index in np.flatnonzero(weaker.any(axis=1)).tolist():
        if stays[index]:
            stays &= ~weaker[index]
    return stays
