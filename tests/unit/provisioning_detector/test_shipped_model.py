"""The shipped detector is what its card says: the file, its metadata, and what it finds in the golden picture."""

import ast
import hashlib
from importlib.resources import files
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime
import pytest
from ruamel.yaml import YAML

from provisioning.detector.card import open_model
from provisioning.detector.evaluation import SIZE_MIN_PX, ask, judge
from provisioning.detector.frozen_set import BOXES, PICTURES, SHA256, evaluation_pictures
from provisioning.detector.reading import overlaps, read_output, to_input

FOLDER = Path(str(files("provisioning.detector")))
BYTES_MAX = 3_000_000
MAP50_MIN, CLASS_AP50_MIN = 0.70, 0.50
"""What is promised of boxes of 16 px and more."""
SAME_OVERLAP = 0.9
SAME_SCORE = 0.05


@pytest.fixture(scope="module")
def card() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load((FOLDER / "street.card.yaml").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def session(card: dict[str, Any]) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(FOLDER / card["file"]), options, providers=["CPUExecutionProvider"])


def test_the_file_is_the_one_of_the_card(card: dict[str, Any]) -> None:
    content = (FOLDER / card["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == card["sha256"]
    assert len(content) < BYTES_MAX


def test_the_metadata_agrees_with_the_card(card: dict[str, Any], session: onnxruntime.InferenceSession) -> None:
    told = session.get_modelmeta().custom_metadata_map
    assert list(ast.literal_eval(told["names"]).values()) == card["labels"]
    assert ast.literal_eval(told["imgsz"]) == card["input"]["shape"][2:]
    assert (told["task"], told["license"]) == ("detect", card["license"])
    assert "not for real streets" in told["description"]


def test_the_layout_is_row_one_of_ultralytics(card: dict[str, Any], session: onnxruntime.InferenceSession) -> None:
    (given,), (returned,) = session.get_inputs(), session.get_outputs()
    rows, columns = (side // int(session.get_modelmeta().custom_metadata_map["stride"]) for side in given.shape[2:])
    assert card["layout"] == "ultralytics_v8"
    assert (given.name, given.shape, given.type) == ("images", card["input"]["shape"], "tensor(float)")
    assert (returned.name, returned.shape) == ("output0", [1, 4 + len(card["labels"]), rows * columns])


def test_the_golden_picture_shows_what_the_card_says(
    card: dict[str, Any], session: onnxruntime.InferenceSession
) -> None:
    golden = card["golden"]
    picture = cv2.imread(str(FOLDER / golden["picture"]))
    assert picture is not None
    output = session.run(["output0"], {"images": to_input(np.asarray(picture, np.uint8))})[0]
    found = read_output(np.asarray(output, np.float32), golden["score_min"])
    wanted = np.array([one["box"] for one in golden["boxes"]], np.float32)
    shared = overlaps(wanted, found.boxes)
    assert len(found.boxes) == len(wanted)
    assert {one["label"] for one in golden["boxes"]} >= {"stall", "person", "bike"}
    for row, one in zip(shared, golden["boxes"], strict=True):
        partner = int(row.argmax())
        assert row[partner] > SAME_OVERLAP
        assert card["labels"][found.classes[partner]] == one["label"]
        assert float(found.scores[partner]) == pytest.approx(one["score"], abs=SAME_SCORE)


def test_the_card_says_plainly_what_the_model_is_not(card: dict[str, Any]) -> None:
    assert card["notice"].startswith("Synthetic pictures only, not for real streets.")
    assert str(card["training"]["seed"]) in card["training"]["command"]
    assert "synthetic" in card["metrics"]["seeds"]
    assert card["metrics"]["boxes"] == sum(one["boxes"] for one in card["metrics"]["classes"].values())
    assert set(card["thresholds"]) == set(card["labels"])
    assert card["classes"] == {label: label for label in card["labels"]}


def test_the_measured_set_is_the_frozen_one(card: dict[str, Any]) -> None:
    assert card["metrics"]["frozen_sha256"] == SHA256
    assert (card["metrics"]["pictures"], card["metrics"]["boxes"]) == (PICTURES, BOXES)


def test_the_model_reaches_what_is_promised(card: dict[str, Any]) -> None:
    sized = card["metrics"]["sized"]
    assert sized["map50"] >= MAP50_MIN
    assert min(one["ap50"] for one in sized["classes"].values()) >= CLASS_AP50_MIN
    assert sized["map50"] == pytest.approx(np.mean([one["ap50"] for one in sized["classes"].values()]), abs=0.001)


@pytest.mark.slow
def test_the_model_measures_as_its_card_says(card: dict[str, Any]) -> None:
    answered = ask(open_model(FOLDER / card["file"]), evaluation_pictures())
    for told, measured in (
        (card["metrics"], judge(answered)),
        (card["metrics"]["sized"], judge(answered, SIZE_MIN_PX)),
    ):
        assert measured.boxes == told["boxes"]
        assert measured.map50 == pytest.approx(told["map50"], abs=0.003)
