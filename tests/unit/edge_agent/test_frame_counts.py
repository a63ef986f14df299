"""What a camera's process says of its frames, second by second."""

import pytest

from edge_agent.supervisor.detector_turn import DetectorTurn
from edge_agent.supervisor.frame_counts import FrameCounts
from edge_agent.supervisor.latest_frame import LatestFrame

SIZE = (640, 360)


def test_a_second_tells_its_own_frames_and_the_camera_all_of_them() -> None:
    turn, counts = DetectorTurn(LatestFrame(), 1.0, None), FrameCounts()
    counts.begin(10.0)
    counts.decoded, counts.left_out = 20, 5
    counts.analysed(latency_ms=40.0)
    counts.analysed(latency_ms=60.0)
    assert [counts.due(second) for second in (10.9, 11.0)] == [False, True]
    told = counts.figures(12.0, SIZE, turn, evidence_failures=3)
    assert (told.fps, told.analysed_fps, told.latency_ms) == (pytest.approx(12.5), pytest.approx(1.0), 60.0)
    assert (told.width, told.height, told.evidence_failures) == (*SIZE, 3)
    counts.decoded += 10
    after = counts.figures(13.0, SIZE, turn, evidence_failures=3)
    assert (after.fps, after.analysed_fps, after.latency_ms) == (10.0, 0.0, None)
    assert counts.came == 35
