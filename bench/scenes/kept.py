"""Cameras that were watched already, as files, so that an hour's run that was cut off goes on where it stopped."""

import hashlib
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bench.scenes.watch import MODEL, Task, Watched, watch_task

REPOSITORY = Path(__file__).parents[2]
SOURCES = ("edge_agent", "protocol", "provisioning/simulator", "bench/scenes")
_WATCHED = TypeAdapter(Watched)


def watch_and_keep(task: Task, folder: Path) -> Watched:
    """What `watch_task` gives, from the folder if the same code has watched that camera before."""
    path = folder / f"{_name(task)}.json"
    try:
        return _WATCHED.validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        watched = watch_task(task)
    aside = path.with_suffix(".part")
    aside.write_bytes(_WATCHED.dump_json(watched))
    aside.replace(path)
    return watched


def _name(task: Task) -> str:
    seed, minutes, scenes, mode, fps = task
    asked = f"{minutes:g} {' '.join(sorted(scenes))} {fps:g} {sha256_of(*SOURCES)}"
    return f"{mode}-{seed}-{hashlib.sha256(asked.encode()).hexdigest()[:16]}"


@cache
def sha256_of(*sources: str) -> str:
    """Hash of the detector and of these files and folders of the repository: other code gives other names."""
    paths = [REPOSITORY / source for source in sources]
    files = sorted(file for path in paths for file in (path.rglob("*.py") if path.is_dir() else (path,)))
    total = hashlib.sha256(MODEL.read_bytes())
    for file in files:
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()
