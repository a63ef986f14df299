"""`gridwarden provision train-detector`: make the demonstration detector again, from nothing but a seed."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

STEPS = 3_000
SEED = 0
STEPS_MAX = 100_000
SEED_MAX = 8
ENVIRONMENT_MISSING = 3


def add_detector_commands(app: typer.Typer) -> None:
    """Register `train-detector`."""
    app.command("train-detector")(train_detector)


def train_detector(
    out: Annotated[Path, typer.Option(help="Folder that gets the model, its card and the golden picture.")],
    steps: Annotated[int, typer.Option(help="Training steps of 16 pictures.", min=1, max=STEPS_MAX)] = STEPS,
    seed: Annotated[int, typer.Option(help="Decides pictures and first weights.", min=0, max=SEED_MAX)] = SEED,
) -> None:
    """Train the demonstration detector on drawn streets and measure it: about 0.4 s a step on one core.

    The result knows synthetic pictures only and is not for real streets.

    Example: gridwarden provision train-detector --out build/detector --steps 3000 --seed 0
    """
    try:
        from provisioning.detector.publishing import train_and_publish  # noqa: PLC0415 - torch is an extra
    except ModuleNotFoundError as missing:
        typer.echo(f"{missing.name} is not installed; it comes with: pip install 'gridwarden[train]'", err=True)
        raise typer.Exit(ENVIRONMENT_MISSING) from None
    out.mkdir(parents=True, exist_ok=True)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=Console(stderr=True),
    )  # fmt: skip
    with bar:
        task = bar.add_task("training", total=steps)
        evaluation = train_and_publish(
            out, steps, seed, lambda step, words: bar.update(task, completed=step, description=words)
        )
    for one in evaluation.classes:
        typer.echo(f"{one.label:8} {one.boxes:5} boxes  AP50 {one.ap50:.3f}")
    typer.echo(f"mAP50 {evaluation.map50:.3f} on synthetic pictures of unseen cameras; files in {out}")
