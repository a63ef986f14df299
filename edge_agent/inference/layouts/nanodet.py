"""NanoDet: distances to a box's four sides as distributions over eight bins of a stride."""

import numpy as np

from edge_agent.inference.layouts import boxes as box
from edge_agent.inference.layouts.layout import Answer, Evidence, Layout, Signature, View, first
from edge_agent.inference.preprocess import Feed, Size, stretch
from edge_agent.inference.suppression import Candidates, Floats, Numbers, best_classes
from protocol.texts import Words

BINS = 8
SIDES = 4
DISTRIBUTION = SIDES * BINS
OVERLAP_MAX = 0.6
NORMALISED = Feed(stretch, red_first=False, mean=(103.53, 116.28, 123.675), std=(57.375, 57.12, 58.395))


def _corners(logits: Floats, corner: Floats, stride: Floats) -> Floats:
    """Boxes of cells from their `[n, 32]`; a cell's centre is its column and row times the stride."""
    bins = logits.reshape(-1, SIDES, BINS)
    weights = np.exp(bins - bins.max(axis=2, keepdims=True))
    distances = (weights @ np.arange(BINS, dtype=np.float32)) / weights.sum(axis=2) * stride
    centre = corner * stride
    corners: Floats = np.concatenate([centre - distances[:, :2], centre + distances[:, 2:]], axis=1)
    return corners


def _decode(scores: Floats, logits: Floats, cells: tuple[Floats, Floats], score_min: float) -> Candidates:
    """`scores` `[n, classes]` and `logits` `[n, 32]` of `cells`."""
    chosen, classes, best = best_classes(scores.T, score_min)
    corner, stride = (part[chosen] for part in cells)
    with np.errstate(invalid="ignore", over="ignore"):
        corners = _corners(logits[chosen], corner, stride)
    return Candidates.of(corners, best, classes, score_min)


def _decode_plus(answer: Answer, view: View, score_min: float) -> Candidates:
    """`[1, n, classes + 32]`: class scores, then the distributions left, top, right, bottom."""
    table = first(answer)[0]
    cells = box.grid(view.size, box.STRIDES_WITH_64)
    return _decode(table[:, :-DISTRIBUTION], table[:, -DISTRIBUTION:], cells, score_min)


def _decode_six(answer: Answer, view: View, score_min: float) -> Candidates:
    """A class map `[1, n, classes]` and a distribution map `[1, n, 32]` for each stride, in any order."""
    pairs = _pairs(tuple(output.shape for output in answer.values()), view.size)
    outputs = list(answer.values())
    scores, logits = (np.concatenate([outputs[place][0] for place in places]) for places in zip(*pairs, strict=True))
    return _decode(scores, logits, box.grid(view.size), score_min)


def _pairs(shapes: tuple[tuple[int, ...], ...], size: Size) -> list[tuple[int, int]]:
    """Places of the class map and the distribution map of each stride; empty if the outputs are none such."""
    if len(shapes) != 2 * len(box.STRIDES) or any(len(shape) != 3 or shape[0] != 1 for shape in shapes):  # noqa: PLR2004 - `[1, n, values]`
        return []
    pairs = []
    for stride in box.STRIDES:
        columns, rows = box.cells(size, stride)
        of_stride = [place for place, shape in enumerate(shapes) if shape[1] == columns * rows]
        classes = [place for place in of_stride if shapes[place][2] != DISTRIBUTION]
        distributions = [place for place in of_stride if shapes[place][2] == DISTRIBUTION]
        if len(classes) != 1 or len(distributions) != 1:
            return []
        pairs.append((classes[0], distributions[0]))
    return pairs if len({shapes[place][2] for place, _ in pairs}) == 1 else []


def _evidence_plus(seen: Signature) -> Evidence:
    shape = seen.single(3)
    cells = box.anchors(seen.size, box.STRIDES_WITH_64)
    if shape is None or shape[1] != cells or shape[2] <= DISTRIBUTION or shape[2] == cells:
        return Evidence.NONE
    return Evidence.NAMES if seen.inputs == ("data",) else Evidence.SHAPES


def _evidence_six(seen: Signature) -> Evidence:
    return Evidence.SHAPES if len(seen.inputs) == 1 and _pairs(seen.shapes, seen.size) else Evidence.NONE


def _denies_plus(seen: Signature) -> Words | None:
    answers = np.concatenate([first(probe)[0] for probe in seen.probes])
    return box.scores_denied(answers[:, :-DISTRIBUTION])


def _six_classes(seen: Signature) -> list[int]:
    return [place for place, _ in _pairs(seen.shapes, seen.size)]


def _denies_six(seen: Signature) -> Words | None:
    places: Numbers = np.array(_six_classes(seen), dtype=np.intp)
    maps = [list(probe.values())[place] for probe in seen.probes for place in places]
    return next((denied for denied in map(box.scores_denied, maps) if denied), None)


NANODET = (
    Layout(
        name="nanodet",
        exporters="NanoDet-Plus",
        evidence=_evidence_plus,
        denies=_denies_plus,
        feed=NORMALISED,
        decode=_decode_plus,
        class_count=lambda seen: seen.shapes[0][2] - DISTRIBUTION,
        overlap_max=OVERLAP_MAX,
    ),
    Layout(
        name="nanodet_six",
        exporters="NanoDet with two outputs for each stride",
        evidence=_evidence_six,
        denies=_denies_six,
        feed=NORMALISED,
        decode=_decode_six,
        class_count=lambda seen: seen.shapes[_six_classes(seen)[0]][2],
        overlap_max=OVERLAP_MAX,
    ),
)
