"""The result as tables on the terminal, as Markdown for the documents, and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.scenes.matching import Match, match
from bench.scenes.plan import Condition
from bench.scenes.score import Score, score
from bench.scenes.site import Mode
from bench.scenes.watch import Watched

COLUMNS = (
    "",
    "findings",
    "recall",
    "precision",
    "false alarms a camera-hour",
    "delay s, median / 90 %",
    "of them double",
)


@dataclass(frozen=True, slots=True)
class Report:
    """Rows of an evaluation, and each camera with its matches."""

    mode: Mode
    seeds: str
    fps: float
    camera_hours: float
    scenes: tuple[Score, ...]
    whole: Score
    conditions: tuple[Score, ...]
    cameras: tuple[tuple[Watched, tuple[Match, ...]], ...]


def report_of(watched: Sequence[Watched], mode: Mode, seeds: str, fps: float) -> Report:
    """Return the report on these cameras."""
    cameras = tuple((one, tuple(match(one.truths, one.raises, mode))) for one in watched)
    everything = [each for _, matches in cameras for each in matches]
    hours = sum(one.plan.script.length_s for one in watched) / 3600
    names = sorted({each.scene for each in everything})

    def row(name: str, matches: list[Match], row_hours: float) -> Score:
        return score(name, matches, row_hours, duplicates_are_false=mode is Mode.MODEL)

    by_scene = tuple(row(name, [each for each in everything if each.scene == name], hours) for name in names)
    by_condition = tuple(row(str(one), *_under(one, cameras)) for one in Condition if _under(one, cameras)[1] > 0)
    whole = row("all", everything, hours)
    return Report(mode, seeds, fps, hours, by_scene, whole, by_condition, cameras)


def _under(condition: Condition, cameras: Sequence[tuple[Watched, tuple[Match, ...]]]) -> tuple[list[Match], float]:
    """Return the matches, and the hours, of the cameras that have this condition."""
    chosen = [(one, matches) for one, matches in cameras if one.plan.condition is condition]
    hours = sum(one.plan.script.length_s for one, _ in chosen) / 3600
    return [each for _, matches in chosen for each in matches], hours


def cells(row: Score) -> tuple[str, ...]:
    """Return a row as text."""
    delay = "–" if row.delay_median_s is None else f"{row.delay_median_s:+.1f} / {row.delay_p90_s:+.1f}"
    return (
        row.name, str(row.episodes), str(row.recall), str(row.precision), str(row.false_per_h), delay,
        str(row.duplicates),
    )  # fmt: skip


def show(report: Report, console: Console) -> None:
    """Print the tables."""
    title = f"mode {report.mode}, seeds {report.seeds}, {report.camera_hours:.1f} camera-hours, {report.fps:g} fps"
    for name, rows in ((title, (*report.scenes, report.whole)), ("by condition", report.conditions)):
        table = Table(title=name, title_justify="left")
        for column in COLUMNS:
            table.add_column(column, justify="left" if not column else "right")
        for row in rows:
            table.add_row(*cells(row))
        console.print(table)


def markdown(report: Report) -> str:
    """Return the tables for a document."""
    lines = []
    for rows in ((*report.scenes, report.whole), report.conditions):
        lines += ["| " + " | ".join(COLUMNS) + " |", "|---" * len(COLUMNS) + "|"]
        lines += ["| " + " | ".join(cells(row)) + " |" for row in rows]
        lines.append("")
    return "\n".join(lines)


def as_json(report: Report) -> dict[str, Any]:
    """Return everything but the detector's looks."""
    return {
        "mode": str(report.mode),
        "seeds": report.seeds,
        "fps": report.fps,
        "camera_hours": report.camera_hours,
        "whole": report.whole.as_json(),
        "scenes": [row.as_json() for row in report.scenes],
        "conditions": [row.as_json() for row in report.conditions],
        "cameras": [
            {
                "seed": one.plan.seed,
                "condition": str(one.plan.condition),
                "ms_a_frame": round(1000 * one.seconds / max(1, one.frames), 1),
                "matches": [_match(each) for each in matches],
            }
            for one, matches in report.cameras
        ],
    }


def _match(one: Match) -> dict[str, Any]:
    return {
        "outcome": str(one.outcome),
        "scene": one.scene,
        "truth": None if one.truth is None else asdict(one.truth) | {"also": sorted(one.truth.also)},
        "told": None if one.told is None else asdict(one.told),
        "about": None if one.about is None else str(one.about.kind),
    }
