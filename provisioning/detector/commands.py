"""`gridwarden provision train-detector`: make the demonstration detector again, from nothing but a seed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from provisioning.detector.card import Measured

STEPS = 3_000
SEED = 0
STEPS_MAX = 100_000
SEED_MAX = 8
USER_MISTAKE, ENVIRONMENT_MISSING = 2, 3


def add_detector_commands(app: typer.Typer) -> None:
    """Register `train-detector`."""
    app.command("train-detector")(train_detector)


def train_detector(
    out: Annotated[Path, typer.Option(help="Folder that gets the model, its card and the golden picture.")],
    steps: Annotated[int, typer.Option(help="Training steps of 16 pictures.", min=1, max=STEPS_MAX)] = STEPS,
    seed: Annotated[int, typer.Option(help="Decides pictures and first weights.", min=0, max=SEED_MAX)] = SEED,
    start: Annotated[
        Path | None, typer.Option(help="A street.onnx to go on from instead of random weights.", exists=True)
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(help="training.pt of an interrupted run of the same steps, seed and start.", exists=True),
    ] = None,
) -> None:
    """Train the demonstration detector on drawn streets and measure it: 0.5 to 1.5 s a step on one core.

    The result knows synthetic pictures only and is not for real streets.

    Example: gridwarden provision train-detector --out build/detector --steps 3000 --seed 0
    """
    try:
        from provisioning.detector.publishing import train_and_publish  # noqa: PLC0415 - torch is an extra
        from provisioning.detector.start import TrainingRefused  # noqa: PLC0415 - as above
        from provisioning.detector.training import Plan  # noqa: PLC0415 - as above
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

        def show(step: int, words: str) -> None:
            bar.update(task, completed=step, description=words)

        try:
            measured = train_and_publish(out, Plan(steps, seed, start), resume, show)
        except TrainingRefused as refused:
            typer.echo(str(refused), err=True)
            raise typer.Exit(USER_MISTAKE) from None
    for line in report(measured):
        typer.echo(line)
    typer.echo(f"files in {out}")


def report(measured: "Measured") -> list[str]:
    """Return the table of a measurement: average precision of all boxes and of those that are not small."""
    every, sized = measured
    lines = ["class     boxes  AP50   boxes of 16 px and more  AP50"]
    for one, large in zip(every.classes, sized.classes, strict=True):
        lines.append(f"{one.label:8} {one.boxes:6}  {one.ap50:.3f}  {large.boxes:23}  {large.ap50:.3f}")
    lines.append(f"{'mean':8} {every.boxes:6}  {every.map50:.3f}  {sized.boxes:23}  {sized.map50:.3f}")
    return [*lines, "on synthetic pictures of unseen cameras; size is the square root of a box's area"]
