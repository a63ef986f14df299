"""The model card: what the file is, what it is not, how good it measured, and a golden picture with its boxes."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from provisioning.detector.evaluation import SIZE_MIN_PX, Evaluation, ask, judge
from provisioning.detector.frozen_set import CAMERAS, FIRST_PICTURE, PICTURES, SHA256, evaluation_pictures
from provisioning.detector.reading import OVERLAP_MAX, Floats, read_output, to_input
from provisioning.simulator.pictures import CLASSES, HEIGHT, WIDTH
from provisioning.simulator.video.camera import StreetCamera
from provisioning.simulator.video.scenes import SCENES

VERSION = 4
MODEL, CARD, GOLDEN = "street.onnx", "street.card.yaml", "street-golden.png"
GOLDEN_SCENE, GOLDEN_SEED, GOLDEN_S = "street", 1, 40.0
GOLDEN_SCORE_MIN = 0.4
NOTICE = (
    "Synthetic pictures only, not for real streets. The network has seen nothing but streets drawn by this project's "
    "generator and does not recognise stalls, people or rubbish in a real street. It is for the demo and the tests."
)


def open_model(path: Path) -> Callable[[Floats], Floats]:
    """Return the model as a function of its input; one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def ask(pictures: Floats) -> Floats:
        return np.asarray(session.run(["output0"], {"images": pictures})[0], np.float32)

    return ask


class Measured(NamedTuple):
    """The same answers judged on all boxes, and on those of at least SIZE_MIN_PX."""

    every: Evaluation
    sized: Evaluation


def write_card(out: Path, training: dict[str, Any]) -> Measured:
    """Measure OUT/street.onnx and write its card and golden picture beside it; `training` says how it was made."""
    model = open_model(out / MODEL)
    answered = ask(model, evaluation_pictures())
    measured = Measured(judge(answered), judge(answered, SIZE_MIN_PX))
    golden = golden_picture()
    cv2.imwrite(str(out / GOLDEN), golden)
    card = {
        "name": "street",
        "version": VERSION,
        "notice": NOTICE,
        "file": MODEL,
        "sha256": hashlib.sha256((out / MODEL).read_bytes()).hexdigest(),
        "license": "Apache-2.0",
        "layout": "ultralytics_v8",
        "input": {
            "name": "images",
            "shape": [1, 3, HEIGHT, WIDTH],
            "colour": "RGB",
            "range": "0..1",
            "fit": "letterbox",
        },
        "labels": list(CLASSES),
        "classes": {label: label for label in CLASSES},
        "thresholds": {one.label: round(one.threshold, 2) for one in measured.every.classes},
        "overlap_max": OVERLAP_MAX,
        "training": _as_block(training),
        "metrics": _metrics(measured),
        "golden": {"picture": GOLDEN, "score_min": GOLDEN_SCORE_MIN, "boxes": golden_boxes(model, golden)},
    }
    yaml = YAML()
    yaml.width, yaml.default_flow_style = 110, None
    with (out / CARD).open("w", encoding="utf-8") as file:
        yaml.dump(card, file)
    return measured


def golden_picture() -> NDArray[np.uint8]:
    """Return the frame of a simulated camera that the golden picture is."""
    return StreetCamera(SCENES[GOLDEN_SCENE](), GOLDEN_SEED, (WIDTH, HEIGHT), 10).frame(GOLDEN_S)


def golden_boxes(model: Callable[[Floats], Floats], picture: NDArray[np.uint8]) -> list[dict[str, Any]]:
    """Return what the model finds in the golden picture, strongest first."""
    found = read_output(model(to_input(picture)), GOLDEN_SCORE_MIN)
    return [
        {"label": CLASSES[kind], "score": round(float(score), 3), "box": [round(float(edge), 1) for edge in box]}
        for box, score, kind in zip(found.boxes, found.scores, found.classes, strict=True)
    ]


def _as_block(content: dict[str, Any]) -> CommentedMap:
    """Return a mapping that YAML writes one key a line."""
    block = CommentedMap(content)
    block.fa.set_block_style()
    return block


def _metrics(measured: Measured) -> dict[str, Any]:
    every, sized = measured
    return {
        "pictures": PICTURES,
        "cameras": CAMERAS,
        "seeds": f"{FIRST_PICTURE}..{FIRST_PICTURE + PICTURES - 1}, synthetic, never used in training",
        "frozen_sha256": SHA256,
        "boxes": every.boxes,
        "note": "precision and recall hold at `thresholds`, which are the best F1 on these same pictures",
        "map50": round(every.map50, 3),
        "map75": round(every.map75, 3),
        "classes": {
            one.label: {
                "boxes": one.boxes,
                "ap50": round(one.ap50, 3),
                "precision": round(one.precision, 2),
                "recall": round(one.recall, 2),
            }
            for one in every.classes
        },
        "sized": {
            "rule": f"only boxes whose area is at least {SIZE_MIN_PX:.0f} x {SIZE_MIN_PX:.0f} px of the input",
            "boxes": sized.boxes,
            "map50": round(sized.map50, 3),
            "map75": round(sized.map75, 3),
            "classes": {one.label: {"boxes": one.boxes, "ap50": round(one.ap50, 3)} for one in sized.classes},
        },
    }
