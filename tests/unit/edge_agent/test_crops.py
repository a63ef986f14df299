"""Crops of reported things: without faces and plates, within bounds."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.core.values import ModelIdentity
from edge_agent.pipeline.crops import CropPlan, Crops
from edge_agent.video.crops import CROPS_PER_CAMERA_MAX, CropFolder, crop_of, head_of, plate_of
from edge_agent.video.frame import Frame
from protocol.messages import SceneEvent
from tests.support.judged import NOW
from tests.support.samples import scene_message


def picture() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(3).integers(0, 256, (240, 320, 3), dtype=np.uint8)


def test_a_crop_has_a_margin_and_hides_what_it_must() -> None:
    image = picture()
    before = image.copy()
    hidden = (0.5, 0.25, 0.6, 0.5)
    jpeg = crop_of(image, (0.4, 0.2, 0.8, 0.8), [hidden])
    assert jpeg is not None
    shown = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert shown.shape[:2] == (pytest.approx(0.6 * 1.3 * 240, abs=3), pytest.approx(0.4 * 1.3 * 320, abs=3))
    left, top = 320 * 0.34, 240 * 0.11
    part = shown[int(0.3 * 240 - top) : int(0.45 * 240 - top), int(0.52 * 320 - left) : int(0.58 * 320 - left)]
    rest = shown[int(0.6 * 240 - top) :, int(0.65 * 320 - left) :]
    assert part.std() < 0.6 * rest.std()
    assert (image == before).all()
    assert crop_of(image, (0.5, 0.5, 0.51, 0.51), []) is None


@given(st.floats(0, 0.9), st.floats(0, 0.9), st.floats(0.01, 0.5), st.floats(0.01, 0.5))
def test_heads_are_above_and_plates_below(x: float, y: float, width: float, height: float) -> None:
    box = (x, y, min(1.0, x + width), min(1.0, y + height))
    head, plate = head_of(box), plate_of(box)
    assert head[1] <= box[1] <= head[3] <= box[3]
    assert box[1] <= plate[1] <= plate[3] == box[3]


def event(number: int) -> SceneEvent:
    message = scene_message()
    return message.data.model_copy(update={"episode": f"ep-{number}", "box": (0.2, 0.2, 0.6, 0.8)})


@pytest.mark.parametrize(
    ("labels", "blur", "kept"),
    [(("person", "car"), True, True), (("stall",), True, False), ((), True, False), ((), False, True)],
    ids=["people are known", "people are not known", "no model", "the site wants it"],
)
def test_no_crop_is_kept_where_nobody_knows_the_faces(
    tmp_path: Path, labels: tuple[str, ...], *, blur: bool, kept: bool
) -> None:
    model = ModelIdentity("m", "0" * 64, labels) if labels else None
    Crops(CropPlan(tmp_path, blur), "cam", model).keep(event(1), Frame(0, NOW, picture()), ())
    assert CropFolder(tmp_path / "cam").path("ep-1").is_file() is kept


def test_the_folder_of_crops_is_bounded(tmp_path: Path) -> None:
    folder = CropFolder(tmp_path)
    for number in range(CROPS_PER_CAMERA_MAX + 3):
        folder.keep(f"ep-{number}", b"x")
    assert len(list(tmp_path.iterdir())) == CROPS_PER_CAMERA_MAX


def test_a_crop_that_finds_no_room_leaves_nothing_half(tmp_path: Path) -> None:
    folder = CropFolder(tmp_path)
    folder.path("ep-1").mkdir()
    with pytest.raises(OSError, match="directory"):
        folder.keep("ep-1", b"x" * 1000)
    assert [one.name for one in tmp_path.iterdir()] == ["ep-1.jpg"]
