"""The caption: what it says, where it lies, and that it can be read."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.pipeline.evidence_pictures import EvidencePictures, caption_of
from edge_agent.video.caption import Caption, Layout, chinese_font, covered_px, draw_caption, lay_out, place
from edge_agent.video.frame import Frame, Picture
from edge_agent.video.snapshot import picture_of
from protocol.configuration import CameraConfig
from protocol.geometry import Box
from protocol.scenes import Scene

AT = datetime(2026, 5, 1, 16, 3, 7, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
SIZE = (640, 360)


def camera(**more: object) -> CameraConfig:
    return CameraConfig.model_validate({"id": "gate-east", "url": "rtsp://h/x", **more})


def drawn(parts: tuple[str, ...], box: Box | None = None) -> Picture:
    canvas = np.full((360, 640, 3), 120, np.uint8)
    draw_caption(canvas, Caption(parts, parts), box, chinese_font())
    return canvas


@pytest.mark.parametrize(
    ("words", "scene", "parts", "plain"),
    [
        (
            {"name": "东门", "place": "北京路 128 号"},
            Scene.MOBILE_VENDOR,
            ("2026-05-02 00:03:07  流动摊贩", "北京路 128 号 东门"),
            ("2026-05-02 00:03:07  mobile vendor", "gate-east"),
        ),
        (
            {"name": "东门", "place": "东门"},
            Scene.BIKE_PILEUP,
            ("2026-05-02 00:03:07  共享单车淤积", "东门"),
            ("2026-05-02 00:03:07  bike pile-up", "gate-east"),
        ),
        ({}, None, ("2026-05-02 00:03:07", "gate-east"), ("2026-05-02 00:03:07", "gate-east")),
    ],
)
def test_it_says_local_time_scene_and_place(
    words: dict[str, str], scene: Scene | None, parts: tuple[str, ...], plain: tuple[str, ...]
) -> None:
    assert caption_of(camera(**words), AT.astimezone(SHANGHAI), scene) == Caption(parts, plain)


def test_a_recording_that_counts_from_its_start_claims_no_date() -> None:
    caption = caption_of(camera(), datetime(1970, 1, 1, 0, 1, 23, tzinfo=UTC), Scene.STAY)
    assert caption.parts[0] == "00:01:23  停留占用"


@pytest.mark.parametrize(
    ("width_px", "laid_out"),
    [
        (90, Layout(("aaaa  bb",), 10)),
        (80, Layout(("aaaa  bb",), 10)),
        (79, Layout(("aaaa", "bb"), 10)),
        (40, Layout(("aaaa", "bb"), 10)),
        (20, Layout(("aaaa", "bb"), 5)),
        (0, Layout(("aaaa", "bb"), 1)),
    ],
)
def test_it_breaks_before_it_shrinks(width_px: int, laid_out: Layout) -> None:
    assert lay_out(("aaaa", "bb"), width_px, 10, lambda text, size_px: len(text) * size_px) == laid_out


@pytest.mark.parametrize(
    ("box", "at"),
    [
        (None, (4, 326)),
        ((0.4, 0.3, 0.6, 0.6), (4, 326)),
        ((0.0, 0.8, 0.4, 1.0), (336, 326)),
        ((0.0, 0.8, 1.0, 1.0), (4, 4)),
        ((0.0, 0.0, 0.45, 1.0), (336, 326)),
        ((0.0, 0.0, 1.0, 1.0), (4, 326)),
    ],
)
def test_it_lies_where_it_covers_least_of_the_finding(box: Box | None, at: tuple[int, int]) -> None:
    assert place(SIZE, (300, 30), 4, box)[:2] == at


edges = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted)


@given(across=edges, down=edges, width=st.integers(1, 640), height=st.integers(1, 360))
def test_no_corner_would_cover_less_and_all_of_it_is_in_the_picture(
    across: list[float], down: list[float], width: int, height: int
) -> None:
    box = (across[0], down[0], across[1], down[1])
    left, top, *plate = place(SIZE, (width, height), 4, box)
    assert plate == [width, height]
    assert 0 <= left <= SIZE[0] - width
    assert 0 <= top <= SIZE[1] - height
    right, bottom = max(0, SIZE[0] - width - 4), max(0, SIZE[1] - height - 4)
    corners = {(x, y) for x in (min(4, right), right) for y in (min(4, bottom), bottom)}
    covered = covered_px((left, top, width, height), SIZE, box)
    assert all(covered <= covered_px((x, y, width, height), SIZE, box) for x, y in corners)


def test_chinese_characters_are_drawn_each_as_itself() -> None:
    shapes = {drawn((character,)).tobytes() for character in "流动摊贩占道经营共享单车淤积"}
    assert len(shapes) == len(set("流动摊贩占道经营共享单车淤积"))
    assert drawn(("??",)).tobytes() not in {drawn((two,)).tobytes() for two in ("流动", "摊贩", "淤积")}


def test_without_the_font_it_says_the_same_in_ascii() -> None:
    canvas, other = np.full((360, 640, 3), 120, np.uint8), np.full((360, 640, 3), 120, np.uint8)
    draw_caption(canvas, Caption(("流动摊贩",), ("mobile vendor",)), None, None)
    draw_caption(other, Caption(("乱",), ("mobile vendor",)), None, None)
    assert canvas.max() > 240
    assert np.array_equal(canvas, other)


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (160, 90), (4000, 100), (90, 1600)])
def test_any_size_of_picture_takes_it(size: tuple[int, int]) -> None:
    canvas = np.full((size[1], size[0], 3), 120, np.uint8)
    draw_caption(canvas, Caption(("2026-05-02 00:03:07  流动摊贩", "北京路 128 号"), ("x",)), None, chinese_font())
    assert canvas.shape == (size[1], size[0], 3)


def test_a_picture_without_zone_and_finding_has_it_too() -> None:
    plain = np.full((360, 640, 3), 120, np.uint8)
    mask = [[0.0, 0.0], [0.3, 0.0], [0.3, 0.3], [0.0, 0.3]]
    shown = picture_of(EvidencePictures(camera(privacy_masks=[mask]), SHANGHAI).jpeg(Frame(0, AT, plain)))
    assert shown[330:355, 8:200].max() > 200
    assert shown[4:100, 4:180].max() < 24


def test_it_is_written_after_the_picture_has_its_size_and_beside_the_finding() -> None:
    pictures = EvidencePictures(camera(place="北京路", evidence={"picture_bytes_max": 30_000}), SHANGHAI)
    noise = np.random.default_rng(1).integers(0, 255, (1080, 1920, 3), np.uint8)
    jpeg = pictures.jpeg(Frame(0, AT, noise), WHOLE, (0.0, 0.9, 0.2, 1.0), Scene.MOBILE_VENDOR)
    small = picture_of(jpeg)
    assert len(jpeg) <= 30_000
    plate = small[-14:-4, small.shape[1] // 2 :]
    assert (plate > 200).any()
    assert plate.mean() < 110
