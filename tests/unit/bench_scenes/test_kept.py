"""A camera that was watched is read again, and watched anew when it was kept badly."""

from pathlib import Path

from bench.scenes.kept import watch_and_keep
from bench.scenes.site import Mode
from bench.scenes.watch import Task

TASK: Task = (1000, 3.0, frozenset({"mobile_vendor"}), Mode.STATIC, 0.5)


def test_a_camera_is_watched_once_and_a_damaged_file_again(tmp_path: Path) -> None:
    first = watch_and_keep(TASK, tmp_path)
    (path,) = tmp_path.iterdir()
    assert watch_and_keep(TASK, tmp_path) == first
    path.write_bytes(path.read_bytes()[:-5])
    again = watch_and_keep(TASK, tmp_path)
    assert (again.raises, again.truths, again.frames) == (first.raises, first.truths, first.frames)
    watch_and_keep((1000, 3.0, frozenset({"mobile_vendor"}), Mode.STATIC, 0.4), tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
