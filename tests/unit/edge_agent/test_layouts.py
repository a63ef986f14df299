"""Every layout, on graphs without weights: recognised, fed, read, and never an object lost."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto

from edge_agent.core.values import Detection
from edge_agent.inference.layouts.layout import Layout, View
from edge_agent.inference.layouts.table import LAYOUTS
from edge_agent.inference.onnx_detector import OnnxDetector
from edge_agent.inference.preprocess import Fitting, corner_pad, letterbox, stretch
from edge_agent.inference.suppression import BLOCK, Candidates, suppress
from tests.support.layout_models import CASES, NAMED, NAMES, SIZE, Case, Thing, v8, write_model
from tests.support.onnx_models import constant_model

BY_NAME: dict[str, Layout] = {layout.name: layout for layout in LAYOUTS}
PICTURE = np.zeros((128, 256, 3), np.uint8)
PLACES = {"letterbox": letterbox, "corner": corner_pad, "stretch": stretch}
IN_PICTURE = (
    Thing((20, 10, 60, 50), 0, 0.95),
    Thing((30, 70, 54, 120), 2, 0.9),
    Thing((150, 20, 230, 60), 1, 0.8),
    Thing((180, 80, 210, 122), 0, 0.7),
)
"""Four objects that do not touch, in pixels of the picture."""


def into_input(thing: Thing, case: Case) -> Thing:
    """Where it lies on an input of 128x96 when a picture of 256x128 is placed there."""
    down, shift = {"letterbox": (0.5, 16), "corner": (0.5, 0), "stretch": (0.75, 0)}[case.fit]
    x1, y1, x2, y2 = thing.box
    return Thing((x1 * 0.5, y1 * down + shift, x2 * 0.5, y2 * down + shift), thing.kind, thing.score)


def detector(tmp_path: Path, name: str, things: Sequence[Thing]) -> OnnxDetector:
    names = tmp_path / "names.txt"
    names.write_text("\n".join(NAMES), encoding="utf-8")
    case = CASES[name]
    told = things if case.in_picture else [into_input(thing, case) for thing in things]
    return OnnxDetector(write_model(tmp_path / "m.onnx", name, told), labels=names)


def pixels(found: Detection) -> list[float]:
    return [edge * side for edge, side in zip(found.box, (256, 128) * 2, strict=True)]


def test_every_layout_has_a_case() -> None:
    assert list(CASES) == list(BY_NAME)


@pytest.mark.parametrize("name", CASES)
def test_known_objects_are_found_where_they_are(tmp_path: Path, name: str) -> None:
    seeing = detector(tmp_path, name, IN_PICTURE)
    assert seeing.layout.name == name
    assert seeing.identity.labels == NAMES
    found = seeing.detect(PICTURE)
    assert [one.label for one in found] == ["person", "stall", "bike", "person"]
    assert [one.score for one in found] == pytest.approx([0.95, 0.9, 0.8, 0.7], abs=1e-4)
    for one, thing in zip(found, IN_PICTURE, strict=True):
        assert pixels(one) == pytest.approx(thing.box, abs=0.05)


@pytest.mark.parametrize("name", CASES)
def test_classes_never_remove_each_other_and_doubles_go_once(tmp_path: Path, name: str) -> None:
    boxes = ((20, 10, 120, 60), (36, 10, 136, 60), (4, 10, 104, 60))
    things = [Thing(box, kind, 0.9 - 0.1 * rank) for rank, (box, kind) in enumerate(zip(boxes, (0, 1, 0), strict=True))]
    seen_twice = ["person"] if CASES[name].suppresses else []
    assert [one.label for one in detector(tmp_path, name, things).detect(PICTURE)] == ["person", "bike", *seen_twice]


@pytest.mark.parametrize("name", CASES)
def test_a_picture_is_fed_as_its_exporter_does(name: str) -> None:
    case, feed = CASES[name], BY_NAME[name].feed
    assert feed.place is PLACES[case.fit]
    blue = stretch(np.full((2, 2, 3), (255, 0, 0), np.uint8), (2, 2))
    assert int(np.argmax(feed.numbers(blue)[0, :, 0, 0])) == case.colours.index("B")
    white = stretch(np.full((2, 2, 3), 255, np.uint8), (2, 2))
    assert feed.numbers(white)[0, 0, 0, 0] == pytest.approx(case.white)
    assert feed.levels(blue)[0, 0, 0].tolist() == ([0, 0, 255] if case.colours == "RGB" else [255, 0, 0])


@st.composite
def disjoint(draw: st.DrawFn) -> list[Thing]:
    """Objects on the input that share no pixel: each in its own square of 32 pixels, in any class."""
    squares = draw(st.lists(st.integers(0, 11), min_size=1, max_size=12, unique=True))
    things = []
    for rank, square in enumerate(squares):
        left, top = square % 4 * 32, square // 4 * 32
        x1, y1 = left + draw(st.floats(0, 9)), top + draw(st.floats(0, 9))
        x2, y2 = left + draw(st.floats(18, 31)), top + draw(st.floats(18, 31))
        things.append(Thing((x1, y1, x2, y2), draw(st.integers(0, 2)), 0.9 - 0.03 * rank))
    return things


@pytest.mark.parametrize("name", CASES)
@given(things=disjoint())
def test_no_disjoint_object_is_ever_lost(name: str, things: list[Thing]) -> None:
    layout = BY_NAME[name]
    answer = {key: value.astype(np.float32) for key, value in CASES[name].write(things).items()}
    found = suppress(layout.decode(answer, View(SIZE, SIZE), 0.2), layout.overlap_max)
    assert found.classes.tolist() == [thing.kind for thing in things]
    assert found.boxes == pytest.approx(np.array([thing.box for thing in things]), abs=0.02)


@given(st.integers(0, 10_000), st.integers(1, 300))
def test_boxes_that_do_not_overlap_are_all_kept(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    places = rng.permutation(400)[:count]
    corners = np.stack([places % 20, places // 20], axis=1) * 64.0 + rng.uniform(0, 20, (count, 2))
    boxes = np.concatenate([corners, corners + rng.uniform(4, 43, (count, 2))], axis=1).astype(np.float32)
    scores, classes = rng.uniform(0.3, 1, count).astype(np.float32), rng.integers(0, 3, count)
    kept = suppress(Candidates(boxes, scores, classes), 0.5)
    assert len(kept) == count
    assert (np.diff(kept.scores) <= 0).all()


def spread(count: int, rng: np.random.Generator) -> np.ndarray:
    corners = rng.uniform(0, 4 * count**0.5, (count, 2))
    return np.concatenate([corners, corners + rng.uniform(20, 60, (count, 2))], axis=1)


def in_heaps(count: int, rng: np.random.Generator) -> np.ndarray:
    """Many boxes for each of a few objects, as networks without suppression give them."""
    middles = rng.uniform(50, 600, (8, 2))[rng.integers(0, 8, count)]
    sides = rng.uniform(30, 60, (count, 2))
    corners = middles + rng.normal(0, 6, (count, 2)) - sides / 2
    return np.concatenate([corners, corners + sides], axis=1)


@settings(max_examples=20)
@given(
    st.integers(0, 10_000), st.sampled_from([1, 2, BLOCK, BLOCK + 1, 3 * BLOCK]), st.sampled_from([spread, in_heaps])
)
def test_blocks_keep_exactly_what_the_textbook_keeps(
    seed: int, count: int, places: Callable[[int, np.random.Generator], np.ndarray]
) -> None:
    rng = np.random.default_rng(seed)
    boxes = places(count, rng).astype(np.float32)
    scores, classes = rng.permutation(np.linspace(0.3, 1, count)).astype(np.float32), rng.integers(0, 2, count)
    both = suppress(Candidates(boxes, scores, classes), 0.5)
    assert len(both) == sum(len(greedy(boxes[classes == kind], scores[classes == kind])) for kind in (0, 1))
    for kind in (0, 1):
        wanted = greedy(boxes[classes == kind], scores[classes == kind])
        assert both.boxes[both.classes == kind].tolist() == [boxes[classes == kind][one].tolist() for one in wanted]


def greedy(boxes: np.ndarray, scores: np.ndarray) -> list[int]:
    """Suppression as the textbook says it, one pair at a time."""
    kept: list[int] = []
    for one in np.argsort(-scores):
        if all(overlap(boxes[one].tolist(), boxes[other].tolist()) <= 0.5 for other in kept):
            kept.append(int(one))
    return kept


def overlap(a: list[float], b: list[float]) -> float:
    across, down = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    shared = max(0.0, across) * max(0.0, down)
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


@given(st.integers(20, 900), st.integers(20, 900), st.sampled_from([(416, 416), (640, 384), (256, 416)]))
def test_placing_a_picture_can_be_undone(width: int, height: int, size: tuple[int, int]) -> None:
    picture = np.full((height, width, 3), 50, np.uint8)
    for place in (letterbox, corner_pad, stretch):
        placed = place(picture, size)
        assert placed.picture.shape == (size[1], size[0], 3)
        whole = np.argwhere((placed.picture == 50).all(axis=2))
        (top, left), (bottom, right) = whole.min(axis=0), whole.max(axis=0) + 1
        back = placed.boxes_back(np.array([[left, top, right, bottom]], np.float32), (width, height))
        assert back[0] == pytest.approx((0, 0, 1, 1), abs=1e-5)


@given(st.integers(20, 300), st.integers(20, 300), st.sampled_from([(96, 96), (128, 64), (64, 128)]))
def test_the_networks_numbers_are_those_of_the_whole_input_whatever_was_there_before(
    width: int, height: int, size: tuple[int, int]
) -> None:
    picture = np.random.default_rng(width).integers(0, 255, (height, width, 3), np.uint8)
    feeds = {feed.place: feed for feed in (layout.feed for layout in LAYOUTS)}.values()
    room = np.full((1, 3, size[1], size[0]), np.nan, np.float32)
    for feed in feeds:
        placed = feed.place(picture, size)
        whole = placed.picture[:, :, ::-1] if feed.red_first else placed.picture
        expected = (whole - np.array(feed.mean)) / np.array(feed.std)
        assert feed.numbers(placed, room) is room
        assert np.abs(room[0] - expected.transpose(2, 0, 1)).max() < 1e-4
        assert (feed.numbers(placed) == room).all()


@given(st.integers(20, 900), st.integers(20, 900), st.sampled_from([(416, 416), (640, 384), (256, 416)]))
def test_a_picture_made_small_beforehand_is_placed_as_the_whole_one(
    width: int, height: int, size: tuple[int, int]
) -> None:
    picture = np.random.default_rng(width).integers(0, 255, (height, width, 3), np.uint8)
    boxes = np.array([[10, 20, 200, 160], [0, 0, *size]], np.float32)
    for place in (letterbox, corner_pad, stretch):
        small = Fitting(place, size).made_small(picture)
        assert small.size <= min(picture.size, 3 * size[0] * size[1])
        whole, early = place(picture, size), place(small, size)
        assert (whole.picture == early.picture).all()
        back = early.boxes_back(boxes, (small.shape[1], small.shape[0]))
        assert back == pytest.approx(whole.boxes_back(boxes, (width, height)), abs=1e-5)


@given(
    st.integers(40, 900),
    st.integers(40, 900),
    st.sampled_from([(416, 416), (640, 384)]),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_a_mark_is_found_where_it_is_painted(
    width: int, height: int, size: tuple[int, int], right: float, down: float
) -> None:
    picture = np.zeros((height, width, 3), np.uint8)
    span_x, span_y = max(4, width // 8), max(4, height // 8)
    x, y = int(right * (width - span_x)), int(down * (height - span_y))
    picture[y : y + span_y, x : x + span_x] = 255
    for place in (letterbox, corner_pad, stretch):
        placed = place(picture, size)
        seen = np.argwhere((placed.picture >= 128).all(axis=2))
        (low_y, low_x), (high_y, high_x) = seen.min(axis=0), seen.max(axis=0) + 1
        back = placed.boxes_back(np.array([[low_x, low_y, high_x, high_y]], np.float32), (width, height))[0]
        pixel = max(1.0, 1 / placed.scale_x, 1 / placed.scale_y)
        painted = (x, y, x + span_x, y + span_y)
        assert back * (width, height, width, height) == pytest.approx(painted, abs=pixel)


KINDS = {
    "float16": {"kind": TensorProto.FLOAT16},
    "colours last": {"shape": (1, 96, 128, 3)},
    "bytes": {"kind": TensorProto.UINT8},
    "bytes, colours last": {"kind": TensorProto.UINT8, "shape": (1, 96, 128, 3)},
    "open": {"shape": ("b", 3, "h", "w"), "metadata": {**NAMED, "imgsz": "[96, 128]"}},
    "all open": {"shape": ("b", "c", "h", "w"), "metadata": {**NAMED, "imgsz": "[96, 128]"}},
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_input_is_fed(tmp_path: Path, kind: str) -> None:
    how = {"shape": (1, 3, 96, 128), "metadata": NAMED, **KINDS[kind]}
    output = v8([into_input(IN_PICTURE[0], CASES["ultralytics_v8"])])
    output = output.astype(np.float16) if kind == "float16" else output
    seeing = OnnxDetector(constant_model(tmp_path / "m.onnx", {"output0": output}, **how))  # type: ignore[arg-type]
    assert seeing.input_size == SIZE
    (found,) = seeing.detect(PICTURE)
    assert pixels(found) == pytest.approx(IN_PICTURE[0].box, abs=0.1)
