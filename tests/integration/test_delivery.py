"""Nothing is lost and nothing happens twice, with real processes, a real broker and kill -9."""

from pathlib import Path

import pytest

from tests.support.delivery import Plan, deliver
from tests.support.need import need_program

pytestmark = pytest.mark.slow


def test_no_report_is_lost_or_doubled_when_everything_is_killed_in_turn(tmp_path: Path) -> None:
    need_program("mosquitto")
    outcome = deliver(Plan(events=600, per_s=16, kills=6, seed=7), tmp_path)
    assert outcome.written >= 600
    assert outcome.kills >= 6
    assert (outcome.lost, outcome.duplicates) == (0, 0)
