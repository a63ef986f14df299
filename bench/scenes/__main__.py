"""`make bench-scenes ARGS="--minutes 15 --scenes dumping,crowd --seeds 1000:8 --jobs 2 --pictures DIR"`.

Without `--seeds` it is the full run on the held-out streets. Exit code 2: a wrong option.
"""

import argparse
import json
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from bench.scenes.kept import watch_and_keep
from bench.scenes.pictures import draw_errors
from bench.scenes.report import as_json, markdown, report_of, show
from bench.scenes.seeds import FULL_RUN_SEEDS, HELD_OUT_SEEDS, MINUTES, TUNING_SEEDS
from bench.scenes.site import Mode, available
from bench.scenes.tapes import watch_tape
from bench.scenes.watch import Task, Watched, watch_task
from provisioning.simulator.video.truths import MEANINGS

ALL_SCENES = frozenset(meaning.scene for meaning in MEANINGS.values())
TABLE_COLUMNS = 140
"""A narrower terminal, or a file, gets tables of this width."""
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def main(words: Sequence[str]) -> int:
    """Run, show, write."""
    options = _options(words)
    console = Console(stderr=True)
    scenes = _scenes(options.scenes, options.mode)
    if not scenes:
        console.print(f"no such scene can run; there are: {', '.join(sorted(available()))}, or --mode static")
        return 2
    first, count = options.seeds
    tasks: list[Task] = [
        (seed, options.minutes, scenes, options.mode, options.fps) for seed in range(first, first + count)
    ]
    console.print(
        f"{count} cameras of {options.minutes:g} minutes, streets {_kind_of(first, count)}; {', '.join(sorted(scenes))}"
    )
    watch = _watcher(options.keep, options.tapes)
    watched = sorted(_watched(tasks, options.jobs, watch, console), key=lambda one: one.plan.seed)
    report = report_of(watched, options.mode, f"{first}:{count}", options.fps)
    show(report, Console(width=max(Console().width, TABLE_COLUMNS)))
    if options.json is not None:
        options.json.write_text(json.dumps(as_json(report), indent=1), encoding="utf-8")
    if options.markdown is not None:
        options.markdown.write_text(markdown(report), encoding="utf-8")
    if options.pictures is not None:
        console.print(f"{draw_errors(report, scenes, options.pictures)} strips in {options.pictures}")
    return 0


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench-scenes", description=__doc__)
    parser.add_argument("--mode", type=Mode, choices=tuple(Mode), default=Mode.MODEL)
    parser.add_argument("--minutes", type=float, default=MINUTES, help="of each camera, at least 3")
    parser.add_argument("--scenes", default="", help="names with commas between; default all that can run")
    parser.add_argument(
        "--seeds", type=_seeds, default=(FULL_RUN_SEEDS.start, len(FULL_RUN_SEEDS)), metavar="FIRST:COUNT"
    )
    parser.add_argument("--fps", type=float, default=2.0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="folder for finished cameras; the same code goes on from them")
    parser.add_argument(
        "--tapes", type=Path, help="folder of streets that are drawn once and played again to other rules"
    )
    parser.add_argument("--json", type=Path, help="every match, and the tables")
    parser.add_argument("--markdown", type=Path, help="the tables for a document")
    parser.add_argument("--pictures", type=Path, help="folder for strips of misses and false alarms")
    options = parser.parse_args(words)
    if options.keep is not None and options.tapes is not None:
        parser.error("--keep is for a run that must not be lost, --tapes for tuning: choose one")
    if options.minutes < 3:
        parser.error("--minutes: an episode with its coming and going needs 3")
    return options


def _seeds(text: str) -> tuple[int, int]:
    first, _, count = text.partition(":")
    try:
        return int(first), int(count or 1)
    except ValueError:
        raise argparse.ArgumentTypeError("FIRST:COUNT, such as 1000:8") from None


def _scenes(text: str, mode: Mode) -> frozenset[str]:
    wanted = frozenset(filter(None, text.split(","))) or ALL_SCENES
    return wanted & (ALL_SCENES if mode is Mode.STATIC else available())


def _kind_of(first: int, count: int) -> str:
    for name, seeds in (("held out", HELD_OUT_SEEDS), ("for tuning", TUNING_SEEDS)):
        if first in seeds and first + count - 1 in seeds:
            return name
    return "of no named range"


def _watcher(keep: Path | None, tapes: Path | None) -> Callable[[Task], Watched]:
    """Return what watches one camera, and makes the folder that it needs."""
    for folder, watch in ((keep, watch_and_keep), (tapes, watch_tape)):
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            return partial(watch, folder=folder)
    return watch_task


def _watched(tasks: Sequence[Task], jobs: int, watch: Callable[[Task], Watched], console: Console) -> Iterator[Watched]:
    """Yield the cameras as they end, and show how far the whole is."""
    os.environ.update(dict.fromkeys(THREADS, "1"))
    columns = (TextColumn("cameras"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    context = multiprocessing.get_context("spawn")
    with Progress(*columns, console=console) as progress, ProcessPoolExecutor(jobs, mp_context=context) as pool:
        bar = progress.add_task("cameras", total=len(tasks))
        waited = as_completed([pool.submit(watch, task) for task in tasks])
        for number, done in enumerate(waited, start=1):
            progress.advance(bar)
            if not console.is_terminal:
                console.print(f"camera {number} of {len(tasks)}")
            yield done.result()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
