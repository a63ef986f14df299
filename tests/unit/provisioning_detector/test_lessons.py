"""Training pictures: by number, of three kinds, and none that the evaluation or a scene shows."""

from itertools import islice

import numpy as np

from provisioning.detector.frozen_set import FIRST_PICTURE
from provisioning.detector.lessons import (
    FIRST_CAMERA_SEED,
    PAD,
    PICTURES_PER_SEED,
    SEED_MAX,
    WIDE_BAR_PX,
    boxes_of,
    camera_seed,
    lesson,
    lessons,
)
from provisioning.simulator.pictures import CLASSES, HEIGHT, WIDTH, Sample, sample
from provisioning.simulator.video.camera import StreetCamera
from provisioning.simulator.video.script import Episode, Kind, Place, Script, Weather

USUAL, OF_A_CAMERA, CROWDED = range(4), range(4, 8), range(8, 12)
RUBBISH, GOODS = CLASSES.index("rubbish"), CLASSES.index("goods")


def same(one: Sample, other: Sample) -> bool:
    return np.array_equal(one.image, other.image) and np.array_equal(one.boxes, other.boxes)


def test_the_same_number_gives_the_same_picture() -> None:
    for number in (USUAL[1], CROWDED[1], OF_A_CAMERA[1]):
        first = lesson(number)
        lesson(number + 100)
        assert same(first, lesson(number))


def test_a_second_process_draws_the_same_pictures_in_order() -> None:
    drawn = list(islice(lessons(2), 8))
    assert all(same(one, lesson(2 + index)) for index, one in enumerate(drawn))


def test_a_quarter_is_drawn_as_the_evaluation_is() -> None:
    assert all(same(lesson(number), sample(number)) for number in USUAL)


def test_crowded_pictures_hold_more_of_the_rare_classes() -> None:
    rounds = range(0, 400, 32)
    counts = [
        sum(int((lesson(first + n).boxes[:, 0] == RUBBISH).sum()) for first in rounds for n in kind)
        for kind in (USUAL, CROWDED)
    ]
    assert counts[1] > 2 * counts[0] > 0


def test_a_camera_frame_is_letterboxed_and_its_boxes_lie_between_the_bars() -> None:
    for number in OF_A_CAMERA:
        one = lesson(number)
        assert one.image.shape == (HEIGHT, WIDTH, 3)
        assert (one.image[:WIDE_BAR_PX] == PAD).all()
        assert (one.image[-WIDE_BAR_PX:] == PAD).all()
        assert len(one.boxes) > 0
        assert one.boxes[:, 2].min() >= WIDE_BAR_PX - 0.01
        assert one.boxes[:, 4].max() <= HEIGHT - WIDE_BAR_PX + 0.01


def test_a_heap_of_material_is_goods_and_what_wets_the_ground_is_nothing() -> None:
    heap = Episode(Kind.HEAP, 10.0, 60.0, Place(0.5, 0.6))
    puddle = Episode(Kind.DUMP_LIQUID, 10.0, 60.0, Place(0.5, 0.6))
    taught = [
        boxes_of(StreetCamera(Script("test", 80.0, 0, 0, Weather.CLEAR, (one,)), 7, (640, 360), 10).ground_truth(45.0))
        for one in (heap, puddle)
    ]
    assert GOODS in taught[0][:, 0]
    assert not {GOODS, RUBBISH} & set(taught[1][:, 0].tolist())


def test_no_lesson_shows_a_frozen_picture_or_a_camera_of_a_scene() -> None:
    assert (SEED_MAX + 1) * PICTURES_PER_SEED <= FIRST_PICTURE
    assert camera_seed(0) == FIRST_CAMERA_SEED > 10_000_000
