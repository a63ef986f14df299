"""Pictures of no width or height, which a broken stream can hold: nobody is given one."""

import av
import pytest

from edge_agent.video.rtsp_source import PIXELS_MAX, SIDE_MAX_PX, _has_size
from edge_agent.video.source import SourceFailed


@pytest.mark.parametrize(
    ("width", "height", "shown"),
    [(0, 0, False), (0, 10, False), (640, 0, False), (SIDE_MAX_PX + 2, 2, False), (640, 360, True)],
)
def test_a_picture_without_width_or_height_is_left_out(width: int, height: int, *, shown: bool) -> None:
    assert _has_size(av.VideoFrame(width, height, "yuv420p")) is shown


def test_a_picture_of_too_many_pixels_says_what_to_take_instead() -> None:
    side = int(PIXELS_MAX**0.5) + 2
    with pytest.raises(SourceFailed, match="take its sub-stream"):
        _has_size(av.VideoFrame(side, side, "gray"))
