"""Non-maximum suppression, per class: two boxes of different classes never remove each other."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

CANDIDATES_MAX = 3000
DETECTIONS_MAX = 300


@dataclass(frozen=True, slots=True)
class Candidates:
    """Boxes `[n, 4]` as corners in pixels of the network's input, best score `[n]` and its class number `[n]`."""

    boxes: Floats
    scores: Floats
    classes: npt.NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.scores)

    def only(self, chosen: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> "Candidates":
        """Those chosen by index or mask."""
        return Candidates(self.boxes[chosen], self.scores[chosen], self.classes[chosen])


def best_classes(boxes: Floats, scores: Floats, score_min: float) -> Candidates:
    """Each box with its best class, where that reaches `score_min`; `scores` is `[n, classes]`.

    A box or score that is no number is left out.
    """
    with np.errstate(invalid="ignore"):
        classes = np.argmax(np.nan_to_num(scores, nan=-1.0), axis=1)
        best = scores[np.arange(len(scores)), classes]
        chosen = (best >= score_min) & np.isfinite(boxes).all(axis=1)
    return Candidates(boxes[chosen], best[chosen], classes[chosen])


def suppress(found: Candidates, overlap_max: float) -> Candidates:
    """The strongest box of each heap of boxes of one class, strongest first; boxes that do not overlap all stay.

    Boxes without area are dropped. Of more than `CANDIDATES_MAX` the strongest are looked at.
    """
    width, height = found.boxes[:, 2] - found.boxes[:, 0], found.boxes[:, 3] - found.boxes[:, 1]
    found = found.only((width > 0) & (height > 0))
    found = found.only(np.argsort(-found.scores, kind="stable")[:CANDIDATES_MAX])
    kept: list[int] = []
    alive = np.ones(len(found), dtype=np.bool_)
    areas = np.prod(found.boxes[:, 2:] - found.boxes[:, :2], axis=1)
    for index in range(len(found)):
        if not alive[index]:
            continue
        kept.append(index)
        if len(kept) == DETECTIONS_MAX:
            break
        rest = index + 1 + np.flatnonzero(alive[index + 1 :] & (found.classes[index + 1 :] == found.classes[index]))
        alive[rest[_overlap(found.boxes, areas, index, rest) > overlap_max]] = False
    return found.only(np.array(kept, dtype=np.intp))


def _overlap(boxes: Floats, areas: Floats, one: int, others: npt.NDArray[np.intp]) -> Floats:
    low = np.maximum(boxes[one, :2], boxes[others, :2])
    high = np.minimum(boxes[one, 2:], boxes[others, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=1)
    overlap: Floats = shared / (areas[one] + areas[others] - shared)
    return overlap
