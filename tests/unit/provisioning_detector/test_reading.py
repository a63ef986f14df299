"""From the network's table to boxes, and how answers are judged."""

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from provisioning.detector.evaluation import SIZE_MIN_PX, ask, judge
from provisioning.detector.reading import Floats, overlaps, read_output, to_input
from provisioning.simulator.pictures import CLASSES, HEIGHT, WIDTH, Sample


def table(*rows: tuple[float, float, float, float, int, float]) -> Floats:
    """Return an output with one cell a row: centre x, y, width, height, class, score."""
    output = np.zeros((1, 4 + len(CLASSES), max(1, len(rows))), np.float32)
    for index, (x, y, wide, high, kind, score) in enumerate(rows):
        output[0, :4, index] = x, y, wide, high
        output[0, 4 + kind, index] = score
    return output


def test_boxes_come_out_as_corners_from_strong_to_weak() -> None:
    found = read_output(table((50, 40, 20, 10, 1, 0.5), (200, 100, 40, 60, 0, 0.9), (9, 9, 4, 4, 2, 0.1)), 0.3)
    assert found.boxes.tolist() == [[180, 70, 220, 130], [40, 35, 60, 45]]
    assert found.scores.tolist() == pytest.approx([0.9, 0.5])
    assert found.classes.tolist() == [0, 1]


def test_the_weaker_of_two_overlapping_boxes_goes_only_within_its_class() -> None:
    rows = ((50, 50, 40, 40, 1, 0.9), (54, 50, 40, 40, 1, 0.8), (54, 50, 40, 40, 0, 0.7), (90, 50, 40, 40, 1, 0.6))
    assert read_output(table(*rows), 0.3).scores.tolist() == pytest.approx([0.9, 0.7, 0.6])


def test_an_empty_answer_is_empty() -> None:
    found = read_output(table(), 0.3)
    assert (found.boxes.shape, len(found.scores), len(found.classes)) == ((0, 4), 0, 0)


def test_overlaps_are_shares_of_the_union() -> None:
    box = np.array([[0, 0, 10, 10]], np.float32)
    others = np.array([[0, 0, 10, 10], [5, 0, 15, 10], [20, 20, 30, 30]], np.float32)
    assert overlaps(box, others)[0].tolist() == pytest.approx([1, 1 / 3, 0])


def test_a_picture_goes_in_as_rgb_of_zero_to_one() -> None:
    picture = np.zeros((2, 3, 3), np.uint8)
    picture[..., 0] = 255
    tensor = to_input(picture)
    assert (tensor.shape, tensor.dtype) == ((1, 3, 2, 3), np.float32)
    assert tensor[0, :, 0, 0].tolist() == [0, 0, 1]


TRUTH = np.array([[1, 40, 35, 60, 45], [1, 180, 70, 220, 130], [0, 5, 5, 25, 45]], np.float32)


def pictures(count: int) -> Iterator[Sample]:
    return (Sample(np.zeros((HEIGHT, WIDTH, 3), np.uint8), TRUTH) for _ in range(count))


def answers(*rows: tuple[float, float, float, float, int, float]) -> Floats:
    return table(*rows)


HIT_1, HIT_2 = (50, 40, 20, 10, 1, 0.9), (200, 100, 40, 60, 1, 0.8)
TWICE, WRONG = (50, 40, 20, 19, 1, 0.85), (300, 200, 20, 20, 1, 0.95)


@pytest.mark.parametrize(
    ("rows", "ap50", "recall"),
    [
        ((HIT_1, HIT_2), 1.0, 1.0),
        ((HIT_1,), 51 / 101, 0.5),
        ((WRONG, HIT_1, HIT_2), 2 / 3, 1.0),
        ((WRONG,), 0.0, 0.0),
        ((), 0.0, 0.0),
    ],
)
def test_average_precision_of_known_answers(
    rows: tuple[tuple[float, float, float, float, int, float], ...], ap50: float, recall: float
) -> None:
    def model(_: NDArray[np.float32]) -> Floats:
        return answers(*rows)

    stall = judge(ask(model, pictures(3))).classes[1]
    assert (stall.label, stall.boxes) == ("stall", 6)
    assert stall.ap50 == pytest.approx(ap50, abs=0.01)
    assert stall.recall == pytest.approx(recall)


def test_a_box_can_be_found_only_once() -> None:
    def model(_: NDArray[np.float32]) -> Floats:
        return answers(HIT_1, TWICE, HIT_2)

    stall = judge(ask(model, pictures(1))).classes[1]
    assert stall.ap50 < 1.0


def test_the_mean_weighs_classes_alike() -> None:
    def model(_: NDArray[np.float32]) -> Floats:
        return answers(HIT_1, HIT_2)

    evaluation = judge(ask(model, pictures(1)))
    assert evaluation.map50 == pytest.approx(1 / len(CLASSES))
    assert evaluation.boxes == 3


SMALL_TRUTH = np.array([[1, 40, 34, 60, 46], [1, 100, 100, 120, 120]], np.float32)
"""20 x 12 px, whose area is that of a square of 15.5 px, and 20 x 20 px."""
SMALL, LARGE = (50, 40, 20, 12, 1, 0.9), (110, 110, 20, 20, 1, 0.8)
SMALL_WRONG, LARGE_WRONG = (300, 200, 12, 12, 1, 0.95), (300, 200, 20, 20, 1, 0.95)


@pytest.mark.parametrize(
    ("rows", "ap50_of_all", "ap50_of_large"),
    [
        ((SMALL, LARGE), 1.0, 1.0),
        ((LARGE,), 51 / 101, 1.0),
        ((SMALL,), 51 / 101, 0.0),
        ((SMALL_WRONG, SMALL, LARGE), 2 / 3, 1.0),
        ((LARGE_WRONG, SMALL, LARGE), 2 / 3, 0.5),
    ],
)
def test_small_boxes_need_not_be_found_and_are_no_mistake(
    rows: tuple[tuple[float, float, float, float, int, float], ...], ap50_of_all: float, ap50_of_large: float
) -> None:
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    answered = ask(lambda _: answers(*rows), iter([Sample(image, SMALL_TRUTH)]))
    every, large = judge(answered).classes[1], judge(answered, SIZE_MIN_PX).classes[1]
    assert (every.boxes, large.boxes) == (2, 1)
    assert every.ap50 == pytest.approx(ap50_of_all, abs=0.01)
    assert large.ap50 == pytest.approx(ap50_of_large, abs=0.01)


def test_an_answer_takes_the_box_that_counts_before_a_small_one() -> None:
    nested = np.array([[1, 100, 100, 116, 116], [1, 100, 100, 116, 115]], np.float32)
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    answered = ask(lambda _: answers((108, 107.5, 16, 15, 1, 0.9)), iter([Sample(image, nested)]))
    assert judge(answered, SIZE_MIN_PX).classes[1].ap50 == 1.0
