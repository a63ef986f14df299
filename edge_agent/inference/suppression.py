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
            sides = boxes[:, 2:] - boxes[:, :2]
            chosen = ((sides > 0) & (sides < np.inf)).all(axis=1)
            chosen &= scores >= score_min
            if classes.dtype.kind == "f":
                chosen &= np.isfinite(classes) & (classes >= 0)
        if not chosen.all():
            boxes, scores, classes = boxes[chosen], scores[chosen], classes[chosen]
        return Candidates(boxes, scores, classes.astype(np.intp, copy=False))


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
    columns = _Columns.of(found)
    kept = np.empty(0, dtype=np.intp)
    for start in range(0, len(found), BLOCK):
        block = np.arange(start, min(start + BLOCK, len(found)))
        if len(kept):
            block = block[~_rivals(columns.only(kept), columns.only(block), overlap_max).any(axis=0)]
        inside = columns.only(block)
        kept = np.concatenate([kept, block[_strongest(_rivals(inside, inside, overlap_max))]])
        if len(kept) >= DETECTIONS_MAX:
            break
    return found.only(kept[:DETECTIONS_MAX])


@dataclass(frozen=True, slots=True)
class _Columns:
    """Candidates as they are compared: left, top, right, bottom, area `[5, n]`, and class numbers `[n]`."""

    edges: Floats
    classes: Numbers

    @staticmethod
    def of(found: Candidates) -> "_Columns":
        edges = np.empty((5, len(found)), np.float32)
        edges[:4] = found.boxes.T
        np.multiply(edges[2] - edges[0], edges[3] - edges[1], out=edges[4])
        return _Columns(edges, found.classes)

    def only(self, chosen: Numbers) -> "_Columns":
        return _Columns(self.edges[:, chosen], self.classes[chosen])


def _rivals(some: _Columns, others: _Columns, overlap_max: float) -> Flags:
    """`[some, others]`: of one class, and their boxes share more than `overlap_max` of their union."""
    left, top, right, bottom, area = some.edges[:, :, None]
    shared = np.minimum(right, others.edges[2])
    shared -= np.maximum(left, others.edges[0])
    down = np.minimum(bottom, others.edges[3])
    down -= np.maximum(top, others.edges[1])
    np.maximum(shared, 0, out=shared)
    shared *= np.maximum(down, 0, out=down)
    union = np.add(area, others.edges[4], out=down)
    union -= shared
    union *= np.float32(overlap_max)
    rivals: Flags = shared > union
    rivals &= some.classes[:, None] == others.classes
    return rivals


_WEAKER = np.triu(np.ones((BLOCK, BLOCK), dtype=np.bool_), 1)
"""`[i, j]`: of two in a block, the one further back is the weaker."""


def _strongest(rivals: Flags) -> Flags:
    """Which of `rivals` `[n, n]`, strongest first, stay: each removes the weaker ones, unless it was removed itself."""
    stays = np.ones(len(rivals), dtype=np.bool_)
    weaker = rivals & _WEAKER[: len(rivals), : len(rivals)]
    for index in np.flatnonzero(weaker.any(axis=1)).tolist():
        if stays[index]:
            stays &= ~weaker[index]
    return stays
