"""`gridwarden model check | pack`."""

import json
import statistics
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from edge_agent.cli.failures import UserMistake, told_plainly
from edge_agent.cli.trial import Step, on_trial
from edge_agent.core.values import START_SCORE_DEFAULT
from protocol.plain_text import shown
from protocol.scenes import ObjectClass

ROUNDS = 10
LABELS_SHOWN_MAX = 10
NO_CLASS = "none"

model_app = typer.Typer(
    no_args_is_help=True,
    help="Look into a detector's file before using it, and write its card.",
    epilog="Example: gridwarden model check yolox_nano.onnx --labels coco.names --image street.jpg",
    add_completion=False,
    pretty_exceptions_enable=False,
)

ModelArgument = Annotated[Path, typer.Argument(help="The ONNX file.", show_default=False)]
LabelsOption = Annotated[Path | None, typer.Option(help="Class names, one a line in class order.")]


@model_app.callback()
def _commands() -> None:
    """Look into a detector's file before using it, and write its card."""


@model_app.command(
    epilog="Example: gridwarden model check yolox_nano.onnx --labels coco.names --image street.jpg --json"
)
@told_plainly
def check(
    model: ModelArgument,
    labels: LabelsOption = None,
    image: Annotated[Path | None, typer.Option(help="A picture to find objects on.")] = None,
    threshold: Annotated[float, typer.Option(min=0.01, max=0.99, help="Least score of a detection.")] = 0.25,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Say how a model would be read, how fast it is here, and what it finds; exit 2 if it cannot be used.

    A golden picture that its card names is looked at too.
    """
    report, golden = on_trial(partial(_report, model, labels, image, threshold))
    sys.stdout.write(
        json.dumps(report, ensure_ascii=False) + "\n" if as_json else shown(_words(report, str(model), golden))
    )


def _report(
    model: Path, labels: Path | None, image: Path | None, threshold: float, step: Step
) -> tuple[dict[str, Any], bool]:
    """What is known of a model, and whether it proved itself on a golden picture."""
    import numpy as np  # noqa: PLC0415 - heavy

    from edge_agent.inference.golden import check_golden, golden_boxes  # noqa: PLC0415 - heavy
    from edge_agent.inference.onnx_detector import OnnxDetector  # noqa: PLC0415 - heavy

    detector = OnnxDetector(model, labels=labels, threshold=threshold)
    step()
    golden = check_golden(detector, model)
    step()
    width, height = detector.input_size
    picture = np.full((height, width, 3), 114, np.uint8) if image is None else _picture(image)
    found = () if image is None else golden_boxes(detector, picture, threshold)
    report = {
        "layout": detector.layout.name,
        "classes": list(detector.identity.labels),
        "licence": detector.identity.licence,
        "ms": round(_median_ms(lambda: detector.detect(picture), step), 2),
        "detections": [{"label": one.label, "score": one.score, "box": list(one.box)} for one in found],
    }
    return report, golden


def _picture(path: Path) -> Any:  # noqa: ANN401 - an array, imported late
    from edge_agent.inference.picture_file import PICTURE_WANTED, read_picture  # noqa: PLC0415 - heavy

    try:
        _, picture = read_picture(path)
    except OSError:
        picture = None
    if picture is None:
        raise UserMistake(f"{path} is not a picture that can be read; {PICTURE_WANTED}")
    return picture


def _median_ms(once: Callable[[], object], step: Step) -> float:
    from time import perf_counter  # noqa: PLC0415, TID251 - a stopwatch, not a clock

    spent = []
    for _ in range(ROUNDS):
        began = perf_counter()
        once()
        spent.append(perf_counter() - began)
        step()
    return statistics.median(spent) * 1000


def _words(report: dict[str, Any], name: str, golden: bool) -> str:  # noqa: FBT001 - one fact of the report
    classes = report["classes"]
    more = f" ... ({len(classes)} in all)" if len(classes) > LABELS_SHOWN_MAX else ""
    lines = [
        f"{name}: can be used",
        f"layout   {report['layout']}",
        f"classes  {', '.join(classes[:LABELS_SHOWN_MAX]) or 'without names; give them by --labels'}{more}",
        f"licence  {report['licence'] or 'not said'}",
        f"speed    {report['ms']} ms a picture on one thread",
    ]
    lines += ["golden   finds what its card says"] if golden else []
    lines += [f"found    {one['label']} {one['score']:.2f} at {one['box']}" for one in report["detections"]]
    return "\n".join(lines) + "\n"


@model_app.command(
    name="pack",
    epilog="Example: gridwarden model pack yolox_nano.onnx --labels coco.names --map bicycle=bike --image street.jpg "
    "--licence Apache-2.0",
)
@told_plainly
def pack_model(  # noqa: PLR0913, PLR0917 - the options of one command
    model: ModelArgument,
    image: Annotated[Path, typer.Option(help="A golden picture: some objects that the model must find.")],
    labels: LabelsOption = None,
    layout: Annotated[str | None, typer.Option(help="How it is read, where the file leaves that open.")] = None,
    mapped: Annotated[
        list[str] | None, typer.Option("--map", help="LABEL=CLASS, such as bicycle=bike; class `none` for no scene.")
    ] = None,
    threshold: Annotated[
        float, typer.Option(min=0.01, max=0.94, help="Least score of a detection.")
    ] = START_SCORE_DEFAULT,
    licence: Annotated[str | None, typer.Option(help="The model's licence; else what its file says.")] = None,
    replace: Annotated[bool, typer.Option(help="Write over a card that is there.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Write a model's card beside it: sha256, layout, classes, thresholds, and what it finds on a golden picture."""
    classes = dict(_mapping(one) for one in mapped or ())
    if len(classes) != len(mapped or ()):
        raise UserMistake("--map names a label twice; say each once")
    said = {
        "labels": labels,
        "layout": layout,
        "classes": classes,
        "threshold": threshold,
        "image": image,
        "licence": licence,
    }
    written = on_trial(partial(_pack, model, said, replace))
    sys.stdout.write(f"{written}: written\n")


def _pack(model: Path, said: dict[str, Any], replace: bool, step: Step) -> Path:  # noqa: FBT001 - a flag
    """Write the card as `said`; its path."""
    from edge_agent.inference.card.card import card_path  # noqa: PLC0415 - heavy
    from edge_agent.inference.packing import Packing, pack  # noqa: PLC0415 - heavy

    if card_path(model).exists() and not replace:
        raise UserMistake(f"there is a card already: {card_path(model)}; say --replace to write over it")
    return pack(model, Packing(**said), step)


def _mapping(word: str) -> tuple[str, ObjectClass | None]:
    label, sign, name = word.rpartition("=")
    known = [one.value for one in ObjectClass]
    if not sign or not label or name not in {*known, NO_CLASS}:
        raise UserMistake(f"--map {word}: write LABEL=CLASS, where CLASS is {', '.join(known)} or {NO_CLASS}")
    return label.strip(), None if name == NO_CLASS else ObjectClass(name)
