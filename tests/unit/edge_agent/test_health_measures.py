"""Faults drawn into pictures of streets: what is measured on them leads to the right finding."""

from collections.abc import Callable
from datetime import UTC, datetime

import av
import cv2
import numpy as np
import pytest

from edge_agent.core.picture_health import LOOK_S, Finding, PictureHealth, judge
from edge_agent.core.picture_health.look import COLUMNS, ROWS
from edge_agent.core.picture_health.reference import LEARNING_LOOKS
from edge_agent.video.frame import Frame, Picture
from edge_agent.video.health_measures import measured, watched
from protocol.configuration import CameraConfig
from protocol.messages import CameraReason
from provisioning.simulator.video.camera import StreetCamera
from provisioning.simulator.video.script import Script, Weather

AT = datetime(2026, 3, 1, tzinfo=UTC)
SIZE = (640, 360)
FPS = 5
PLAIN = CameraConfig.model_validate({"id": "c1", "url": "rtsp://127.0.0.1/x"})
Change = Callable[[Picture], Picture]


def street(seed: int = 6, weather: Weather = Weather.CLEAR, walkers: int = 6) -> StreetCamera:
    return StreetCamera(Script("street", 86_400, walkers, 2, weather, ()), seed, SIZE, FPS)


def unchanged(picture: Picture) -> Picture:
    return picture


class Watch:
    """Judges a street, one look after the other."""

    def __init__(self) -> None:
        self.health, self.t_s = PictureHealth(), 0.0

    def see(self, camera: StreetCamera, looks: int, change: Change = unchanged) -> list[Finding | None]:
        found = []
        for _ in range(looks):
            self.t_s += LOOK_S
            look = measured(Frame(0, AT, change(camera.frame(self.t_s))))
            self.health, finding = judge(self.health, look, watched(PLAIN), self.t_s)
            found.append(finding)
        return found


def shifted(picture: Picture, share: float) -> Picture:
    by = np.array([[1, 0, share * SIZE[0]], [0, 1, share * SIZE[1]]], np.float32)
    return np.asarray(cv2.warpAffine(picture, by, SIZE, borderMode=cv2.BORDER_REFLECT), np.uint8)


def cloth(picture: Picture) -> Picture:
    """Something smooth right before the lens; the sensor's noise stays."""
    noise = np.random.default_rng(int(picture.sum()) % 1_000).normal(0, 3, (*picture.shape[:2], 1))
    return np.clip(np.array((38, 52, 70)) + noise, 0, 255).astype(np.uint8)


FAULTS: dict[CameraReason, Change] = {
    CameraReason.DARK: lambda picture: (picture // 64).astype(np.uint8),
    CameraReason.OVEREXPOSED: lambda picture: np.asarray(cv2.convertScaleAbs(picture, alpha=4, beta=60), np.uint8),
    CameraReason.COVERED: cloth,
    CameraReason.BLURRED: lambda picture: np.asarray(cv2.GaussianBlur(picture, (0, 0), 2.5), np.uint8),
    CameraReason.MOVED: lambda picture: shifted(picture, 0.04),
    CameraReason.COLOUR_CAST: lambda picture: np.asarray(cv2.add(picture, (40, 0, 40, 0)), np.uint8),
}
NIGHTLY = (CameraReason.DARK, CameraReason.COVERED, CameraReason.BLURRED, CameraReason.MOVED)
"""By night nothing is bright, and lamps colour the street."""


@pytest.fixture(scope="module")
def known() -> PictureHealth:
    watch = Watch()
    assert set(watch.see(street(), LEARNING_LOOKS + 10)) == {None}
    return watch.health


@pytest.mark.parametrize(
    ("weather", "reason"),
    [(Weather.CLEAR, reason) for reason in FAULTS] + [(Weather.NIGHT, reason) for reason in NIGHTLY],
)
def test_a_fault_of_the_picture_is_found(known: PictureHealth, weather: Weather, reason: CameraReason) -> None:
    watch = Watch()
    watch.health, watch.t_s = known, 200.0
    assert set(watch.see(street(weather=weather), 5)) == {None}
    found = watch.see(street(weather=weather), 5, FAULTS[reason])
    assert [one.reason if one else None for one in found] == [reason] * 5
    assert set(watch.see(street(weather=weather), 5)) == {None}


@pytest.mark.parametrize(
    ("weather", "walkers"), [(Weather.RAIN, 6), (Weather.FOG, 6), (Weather.NIGHT, 6), (Weather.CLEAR, 20)]
)
def test_weather_night_and_crowds_are_no_faults(known: PictureHealth, weather: Weather, walkers: int) -> None:
    watch = Watch()
    watch.health, watch.t_s = known, 200.0
    assert set(watch.see(street(weather=weather, walkers=walkers), 20)) == {None}


def test_light_that_jumps_is_no_fault(known: PictureHealth) -> None:
    watch = Watch()
    watch.health, watch.t_s = known, 200.0
    for gain in (0.7, 1.25, 0.6, 1.0):
        changed = watch.see(street(), 4, lambda picture, gain=gain: np.clip(picture * gain, 0, 255).astype(np.uint8))  # type: ignore[misc]
        assert set(changed) == {None}


def coded(colour: tuple[int, int, int], pixels: str = "yuv420p", colour_range: int = 1) -> Frame:
    picture = np.full((180, 320, 3), colour, np.uint8)
    frame = av.VideoFrame.from_ndarray(picture, format="bgr24").reformat(format=pixels, dst_color_range=colour_range)
    frame.color_range = colour_range
    return Frame(0, AT, frame)


@pytest.mark.parametrize(
    "pixels", ["yuv420p", "nv12", "yuv444p", "yuv420p10le", "yuv422p10le", "p010le", "yuv411p", "gbrp"]
)
@pytest.mark.parametrize("colour_range", [1, 2])
def test_levels_and_colours_are_those_of_the_picture_whatever_the_stream(pixels: str, colour_range: int) -> None:
    assert measured(coded((0, 0, 0), pixels, colour_range)).mean <= 1
    assert measured(coded((255, 255, 255), pixels, colour_range)).burnt_share == 1
    blue, red = measured(coded((200, 60, 60), pixels, colour_range)).chroma.reshape(2, -1).mean(axis=1)
    assert blue > 40
    assert -20 < red < 0


def test_a_rotated_stream_is_measured_upright() -> None:
    picture = np.zeros((180, 320, 3), np.uint8)
    picture[:60] = 200
    upright = measured(Frame(0, AT, picture))
    assert upright.levels[:16].mean() > 150
    assert upright.levels.shape == upright.contrast.shape


@pytest.mark.parametrize("size", [(3840, 2160), (1920, 1080), (704, 576), (100, 300), (40, 40)])
def test_every_size_has_the_same_measures(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    look = measured(Frame(0, AT, rng.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)))
    assert look.hashes.shape == look.fine.shape == (ROWS, COLUMNS)
    assert look.mean == pytest.approx(127, abs=8)


def test_one_changed_pixel_among_the_picked_ones_changes_its_cell_alone() -> None:
    picture = np.full((96, 144, 3), 90, np.uint8)
    before = measured(Frame(0, AT, picture)).hashes
    picture[50, 70] = 91
    assert np.argwhere(measured(Frame(0, AT, picture)).hashes != before).tolist() == [[4, 5]]


def test_masks_and_clock_are_left_out() -> None:
    corner = [[0, 0], [0.2, 0], [0.2, 0.1], [0, 0.1]]
    camera = PLAIN.model_copy(update={"privacy_masks": ()})
    masked = CameraConfig.model_validate(
        {
            "id": "c1",
            "url": "rtsp://127.0.0.1/x",
            "privacy_masks": [corner],
            "health": {"clock_mask": [[0.8, 0.9], [1, 0.9], [1, 1], [0.8, 1]]},
        }
    )
    assert not watched(camera).ignored.any()
    ignored = watched(masked).ignored
    assert ignored[0, 0]
    assert ignored[-1, -1]
    assert 0 < ignored.sum() <= 8


@pytest.mark.parametrize("size", [(16, 16), (4, 352), (1600, 16), (1, 1)])
def test_a_picture_of_fewer_pixels_than_cells_is_measured_in_numbers(size: tuple[int, int]) -> None:
    width, height = size
    look = measured(Frame(0, AT, np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)))
    for measure in (look.fine, look.levels, look.contrast, look.chroma):
        assert np.isfinite(measure).all()
