"""`gridwarden model check`."""

import json
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from edge_agent.cli.failures import UserMistake, told_plainly

ROUNDS = 10
LABELS_SHOWN_MAX = 10

model_app = typer.Typer(
    no_args_is_help=True,
    help="Look into a detector's file before using it.",
    epilog="Example: gridwarden model check yolox_nano.onnx --labels coco.names --image street.jpg",
    add_completion=False,
    pretty_exceptions_enable=False,
)


@model_app.callback()
def _commands() -> None:
    """Look into a detector's file before using it."""


@model_app.command(
    epilog="Example: gridwarden model check yolox_nano.onnx --labels coco.names --image street.jpg --json"
)
@told_plainly
def check(
    model: Annotated[Path, typer.Argument(help="The ONNX file.", show_default=False)],
    labels: Annotated[Path | None, typer.Option(help="Class names, one a line in class order.")] = None,
    image: Annotated[Path | None, typer.Option(help="A picture to find objects on.")] = None,
    threshold: Annotated[float, typer.Option(min=0.01, max=0.99, help="Least score of a detection.")] = 0.25,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Say how a model would be read, how fast it is here, and what it finds; exit 2 if it cannot be used."""
    import numpy as np  # noqa: PLC0415 - heavy

    from edge_agent.inference.onnx_detector import OnnxDetector  # noqa: PLC0415 - heavy

    detector = OnnxDetector(model, labels=labels, threshold=threshold)
    width, height = detector.input_size
    picture = np.full((height, width, 3), 114, np.uint8) if image is None else _picture(image)
    rows, columns = picture.shape[:2]
    found = [] if image is None else [one for one in detector.detect(picture) if one.score >= threshold]
    report = {
        "layout": detector.layout.name,
        "classes": list(detector.identity.labels),
        "licence": detector.identity.licence,
        "ms": round(_median_ms(lambda: detector.detect(picture)), 2),
        "detections": [
            {
                "label": one.label,
                "score": round(one.score, 4),
                "box": [round(edge * side, 1) for edge, side in zip(one.box, (columns, rows) * 2, strict=True)],
            }
            for one in found
        ],
    }
    sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n" if as_json else _words(report, str(model)))


def _picture(path: Path) -> Any:  # noqa: ANN401 - an array, imported late
    import cv2  # noqa: PLC0415 - heavy
    import numpy as np  # noqa: PLC0415 - heavy

    try:
        content = np.frombuffer(path.read_bytes(), np.uint8)
        picture = cv2.imdecode(content, cv2.IMREAD_COLOR) if len(content) else None
    except (OSError, cv2.error):
        picture = None
    if picture is None:
        raise UserMistake(f"{path} is not a picture that can be read; give a JPEG or PNG")
    return picture


def _median_ms(once: Callable[[], object]) -> float:
    from time import perf_counter  # noqa: PLC0415, TID251 - a stopwatch, not a clock

    spent = []
    for _ in range(ROUNDS):
        began = perf_counter()
        once()
        spent.append(perf_counter() - began)
    return statistics.median(spent) * 1000


def _words(report: dict[str, Any], name: str) -> str:
    classes = report["classes"]
    more = f" ... ({len(classes)} in all)" if len(classes) > LABELS_SHOWN_MAX else ""
    lines = [
        f"{name}: can be used",
        f"layout   {report['layout']}",
        f"classes  {', '.join(classes[:LABELS_SHOWN_MAX])}{more}",
        f"licence  {report['licence'] or 'not said'}",
        f"speed    {report['ms']} ms a picture on one thread",
    ]
    lines += [f"found    {one['label']} {one['score']:.2f} at {one['box']}" for one in report["detections"]]
    return "\n".join(lines) + "\n"
