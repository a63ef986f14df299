"""A street from a tape gives what the street itself gives."""

from pathlib import Path

import pytest

from bench.scenes.site import Mode
from bench.scenes.tapes import watch_tape
from bench.scenes.watch import Task, watch_task


@pytest.mark.parametrize("mode", Mode)
def test_a_tape_gives_what_the_street_gives(mode: Mode, tmp_path: Path) -> None:
    task: Task = (1004, 3.0, frozenset({"material_heap", "vehicle_parking"}), mode, 1.0)
    street = watch_task(task)
    assert street.truths
    for _use in range(2):
        taped = watch_tape(task, tmp_path)
        assert (taped.raises, taped.truths, taped.looks) == (street.raises, street.truths, street.looks)
    assert len(list(tmp_path.iterdir())) == 1
