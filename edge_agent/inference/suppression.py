"""Non-maximum suppression, per class: two boxes of different classes never remove each other."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.intp]

CANDIDATES_MAX = 3000
DETECTIONS_MAX = 300
BLOCK = 256
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

    def only(self, chosen: Numbers | npt.NDArray[np.bool_] | slice) -> "Candidates":
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
    kept = np.empty(0, dtype=np.intp)
    for start in range(0, len(found), BLOCK):
        block = np.arange(start, min(start + BLOCK, len(found)))
        alive = np.ones(len(block), dtype=np.bool_)
        alive[_rivals(found, kept, block, overlap_max).any(axis=0)] = False
        inside = _rivals(found, block, block, overlap_max)
        for index in range(len(block)):
            if alive[index]:
                alive[index + 1 :] &= ~inside[index, index + 1 :]
        kept = np.concatenate([kept, block[alive]])
        if len(kept) >= DETECTIONS_MAX:
            break
    return found.only(kept[:DETECTIONS_MAX])


def _rivals(found: Candidates, some: Numbers, others: Numbers, overlap_max: float) -> npt.NDArray[np.bool_]:
    """`[some, others]`: of one class, and their boxes share more than `overlap_max` of their union."""
    left, right = found.boxes[some, None], found.boxes[None, others]
    sides = np.minimum(left[..., 2:], right[..., 2:]) - np.maximum(left[..., :2], right[..., :2])
    shared = np.prod(np.maximum(sides, 0), axis=2)
    areas = [np.prod(boxes[..., 2:] - boxes[..., :2], axis=2) for boxes in (left, right)]
    same: npt.NDArray[np.bool_] = found.classes[some, None] == found.classes[None, others]
    rivals: npt.NDArray[np.bool_] = same & (shared > overlap_max * (areas[0] + areas[1] - shared))
    return rivals
