"""Beside Frigate: its own code and ours on the same inputs in one run, as one table.

`make bench-peers FRIGATE=CHECKOUT` runs it; `python bench/peers/run.py CHECKOUT [ROW ...]` runs some rows. The checkout
is the reader's own; nothing of it is kept here. Exit 2: there is no checkout, or it lacks a file; 3: the peers'
environment cannot be built. Milliseconds are CPU time on one thread, so that other work beside counts for nobody.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import checkout
import environment
import numpy as np
import ours

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import gate
import tracker as crowd

from tests.support.need import need_program

OBJECTS, STEPS, WARM_UP_STEPS = 40, 150, 10
IDENTITY_SEEDS = (1000, 1001, 1002)
SIGMAS, WALKERS, WALKERS_FRAMES = (2.0, 4.0, 8.0), (2, 6, 10, 20), 400
TENSORS = [{"size": 320, "objects": 2 + seed % 11, "seed": seed} for seed in range(300)]
TIMED_SIZES = (320, 640)

Ask = Callable[[str, dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """One measure; `goal` is for the ratio or for our figure, as it says."""

    measure: str
    ours: float
    theirs: float
    goal: str
    unit: str = ""

    def __str__(self) -> str:
        """A line of the table."""
        ratio = f"{self.ours / self.theirs:.3g}" if self.theirs else "-"
        return f"| {self.measure} | {self.ours:.4g}{self.unit} | {self.theirs:.4g}{self.unit} | {ratio} | {self.goal} |"


def tracker_rows(ask: Ask) -> Iterator[Row]:
    """What a step costs, and how well identities hold."""
    looks = [(number / crowd.FPS, list(seen)) for number, seen in enumerate(crowd.looks(OBJECTS, STEPS))]
    spent_ms = ours.tracker_ms(looks)[WARM_UP_STEPS:]
    their = ask("tracker", {"fps": crowd.FPS, "looks": ours.for_theirs(looks)})["spent_ms"][WARM_UP_STEPS:]
    spent_ms += ours.tracker_ms(looks)[WARM_UP_STEPS:]
    yield Row(f"tracker, {OBJECTS} objects, a step", _median(spent_ms), _median(their), "ratio ≤ 0.1", " ms")


def identity_rows(ask: Ask) -> Iterator[Row]:
    """Identities on drawn street life at 5 looks a second."""
    fps = round(crowd.FPS)
    mine = ours.identity_measures([ours.identities(seed, fps) for seed in IDENTITY_SEEDS])
    theirs = ours.identity_measures([_their_identities(ask, seed, fps) for seed in IDENTITY_SEEDS])
    yield Row("changes of identity for 100 objects", mine["switches_100"], theirs["switches_100"], "-")
    yield Row("detections that carry their object's own identity", mine["own"], theirs["own"], "-")


def _their_identities(ask: Ask, seed: int, fps: int) -> list[tuple[int, Any, float]]:
    """Actor, identity and seconds of each detection that their tracker had under an identity."""
    looks = ours.walks(seed, fps)
    asked = ours.for_theirs([(at_s, [one.detection for one in seen]) for at_s, seen in looks])
    ids = ask("tracker", {"fps": fps, "looks": asked})["ids"]
    return [
        (one.actor, number, at_s)
        for (at_s, seen), numbers in zip(looks, ids, strict=True)
        for one, number in zip(seen, numbers, strict=True)
        if number is not None
    ]


def gate_rows(ask: Ask) -> Iterator[Row]:
    """False motion on a static scene, and frames with walkers that count."""
    asked = [{"sigma": sigma, "frames": gate.FRAMES} for sigma in SIGMAS]
    asked += [{"walkers": walkers, "frames": WALKERS_FRAMES} for walkers in WALKERS]
    told = ask("motion", {"scenes": asked})["scenes"]
    for sigma, their in zip(SIGMAS, told, strict=False):
        theirs = sum(their["moved"][gate.SETTLED_FRAMES :])
        measure = f"static scene, noise {sigma:g} levels: moved frames after the fifth, of {gate.FRAMES}"
        yield Row(measure, gate.false_frames(sigma), theirs, "0")
    for walkers, their in zip(WALKERS, told[len(SIGMAS) :], strict=True):
        used = [moved and not held for moved, held in zip(their["moved"], their["calibrating"], strict=True)][1:]
        measure = f"{walkers} walkers: share of frames whose motion reaches the detector"
        yield Row(measure, gate.recall(walkers, WALKERS_FRAMES), sum(used) / len(used), "1")


def post_processing_rows(ask: Ask) -> Iterator[Row]:
    """What is left of objects that do not touch, and what that costs."""
    their = ask("post_processing", {"tensors": TENSORS, "timed": TIMED_SIZES})
    objects = sum(one["objects"] for one in TENSORS)
    mine = ours.kept(TENSORS) / objects
    as_it_is, boxes_right = (sum(their[name]) / objects for name in ("as_it_is", "boxes_right"))
    fixed = "has" if as_it_is == boxes_right else "lacks"
    yield Row(f"disjoint objects kept (the checkout {fixed} the box-format fix #23876)", mine, as_it_is, "1")
    yield Row("the same, its boxes given as its suppression wants them", mine, boxes_right, "1")
    for size in TIMED_SIZES:
        yield Row(
            f"YOLO answer {size}×{size}: decode and suppress", ours.post_ms(size), their["ms"][str(size)], "-", " ms"
        )


def camera_rows(ask: Ask) -> Iterator[Row]:
    """CPU of a quiet 1080p camera."""
    timing = {"warm_up_s": ours.CAMERA_WARM_UP_S, "seconds": ours.CAMERA_S}
    clip = ours.quiet_clip(environment.FOLDER)
    with tempfile.TemporaryDirectory() as folder:
        asked = {"ffmpeg": str(need_program("ffmpeg")), **timing}
        mine, their = ours.camera_beside(Path(folder), clip, lambda url: ask("camera", {**asked, "url": url}))
    theirs = their["cpu_s"] * ours.CAMERA_S / their["seconds"]
    yield Row(f"quiet 1080p camera: CPU in {ours.CAMERA_S:g} s", mine, theirs, "ratio ≤ 0.35", " s")


ROWS = {
    "tracker": tracker_rows,
    "identity": identity_rows,
    "gate": gate_rows,
    "post_processing": post_processing_rows,
    "camera": camera_rows,
}


def _median(values: list[float]) -> float:
    return float(np.median(values))


def _commit(folder: Path) -> str:
    """The checkout's commit, as far as its folder says."""
    command = ["git", "-C", str(folder), "log", "-1", "--format=%h of %cs"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    return told.stdout.strip() or "an unknown commit"


def fault(arguments: list[str]) -> str | None:
    """What is wrong with how it was called, as one sentence."""
    if not arguments or not arguments[0]:
        return "bench-peers needs your own checkout of Frigate: make bench-peers FRIGATE=FOLDER"
    folder = Path(arguments[0])
    if not folder.is_dir():
        return f"FRIGATE={folder} is no folder: name your own checkout of Frigate"
    if lacking := checkout.missing(folder):
        return f"FRIGATE={folder} is no checkout that this knows: it lacks {', '.join(lacking)}"
    if wrong := sorted(set(arguments[1:]) - set(ROWS)):
        return f"there is no row called {', '.join(wrong)}; there are: {', '.join(ROWS)}"
    return None


def main(arguments: list[str]) -> int:
    """Print the table."""
    if wrong := fault(arguments):
        print(wrong, file=sys.stderr)
        return 2
    folder = Path(arguments[0]).resolve()
    try:
        python = environment.built()
    except environment.CannotBuild as reason:
        print(f"the peers' environment cannot be built: {reason}", file=sys.stderr)
        return 3
    ask: Ask = lambda task, asked: environment.answer(python, folder, task, asked)  # noqa: E731
    print(f"Frigate {_commit(folder)}; `make bench-peers FRIGATE=CHECKOUT`\n")
    print("| measure | ours | Frigate | ours / Frigate | goal |\n|---|---|---|---|---|")
    for name in arguments[1:] or ROWS:
        for row in ROWS[name](ask):
            print(row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
