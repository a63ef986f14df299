"""The ground truth as JSON lines."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from provisioning.simulator.truth_log import TruthLog
from provisioning.simulator.video.camera import StreetCamera
from provisioning.simulator.video.scenes import SCENES

START = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


def test_the_log_begins_with_the_scene_and_has_a_line_a_second(tmp_path: Path) -> None:
    script = SCENES["street"]()
    street = StreetCamera(script, 1, (320, 180), 10)
    with TruthLog(tmp_path / "truth.jsonl", "cam-1", script, START) as log:
        for step in range(100, 131):
            if log.is_due(step / 10):
                log.note(street.ground_truth(step / 10), START + timedelta(seconds=step / 10))
    head, *lines = [json.loads(line) for line in (tmp_path / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (head["scene"], head["start_at"]) == ("street", START.isoformat())
    assert head["episodes"][0] == {
        "kind": "stall",
        "start_s": 8.0,
        "end_s": 45.0,
        "place": {"across": 0.3, "depth": 0.6},
    }
    assert [line["t_s"] for line in lines] == [10.0, 11.0, 12.0, 13.0]
    assert lines[0]["at"] == "2026-05-01T08:00:10+00:00"
    assert {"stall", "person"} <= {seen["label"] for seen in lines[0]["objects"]}
