"""`model check` and `model pack` as a user runs them: processes of their own, hostile files among them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner, Result

from edge_agent.cli import model_app
from tests.support.layout_models import NAMED, NAMES, Thing, write_model
from tests.support.onnx_models import constant_model
from tests.support.sources import REPOSITORY

COMMAND_S_MAX = 120
THINGS = (Thing((20, 20, 50, 60), 0, 0.9), Thing((70, 20, 100, 60), 1, 0.6), Thing((20, 64, 50, 78), 2, 0.2))
"""On an input of 128x96 into which a picture of 256x128 is letterboxed: 16 rows are padding."""
IN_PICTURE = ([40, 8, 100, 88], [140, 8, 200, 88])


def gridwarden(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "provisioning.main", "model", *map(str, words), "--lang", "en"],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=COMMAND_S_MAX,
        check=False,
    )


def inside(*words: object) -> Result:
    """The same without a process of its own: a second less each time."""
    return CliRunner().invoke(model_app, [*map(str, words), "--lang", "en"])


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_model(tmp_path / "m.onnx", "ultralytics_v8", THINGS)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "street.PNG"
    cv2.imwrite(str(path), np.zeros((128, 256, 3), np.uint8))
    return path


def card_of(model: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(model.with_suffix(".card.yaml").read_text(encoding="utf-8"))
    return loaded


def test_check_prints_one_json_object_and_nothing_else(model: Path, image: Path) -> None:
    ended = gridwarden("check", model, "--image", image, "--json")
    assert (ended.returncode, ended.stderr) == (0, "")
    report = json.loads(ended.stdout)
    assert list(report) == ["layout", "classes", "licence", "ms", "detections"]
    assert (report["layout"], report["classes"], report["licence"]) == ("ultralytics_v8", list(NAMES), None)
    assert report["ms"] > 0
    assert [one["label"] for one in report["detections"]] == ["person", "bike"]
    for one, box in zip(report["detections"], IN_PICTURE, strict=True):
        assert list(one) == ["label", "score", "box"]
        assert one["box"] == pytest.approx(box, abs=0.1)


def test_check_shows_weaker_objects_where_the_threshold_is_lower(model: Path, image: Path) -> None:
    report = json.loads(gridwarden("check", model, "--image", image, "--json", "--threshold", "0.1").stdout)
    assert [one["score"] for one in report["detections"]] == pytest.approx([0.9, 0.6, 0.2], abs=1e-3)


HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "truncated": (lambda path: path.write_bytes(path.read_bytes()[:3000]), "not an ONNX model"),
    "no detector": (lambda path: constant_model(path, {"out": np.ones((1, 1000))}), "classifier"),
    "two gigabytes": (lambda path: os.truncate(path, 2_200_000_000), "larger than 512 MB"),
    "not a number": (
        lambda path: constant_model(path, {"output0": np.full((1, 7, 8400), np.nan)}, metadata=NAMED),
        "no numbers",
    ),
    "card of another": (
        lambda path: path.with_suffix(".card.yaml").write_text(f"sha256: {'a' * 64}\n", encoding="utf-8"),
        "for another file",
    ),
    "rubbish": (lambda path: path.write_bytes(os.urandom(5000)), "not an ONNX model"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_ends_with_2_and_one_sentence(model: Path, image: Path, case: str) -> None:
    spoil, words = HOSTILE[case]
    spoil(model)
    ended = gridwarden("check", model, "--image", image, "--json")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert words in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_packed_card_says_all_and_is_kept_by_check(model: Path, image: Path) -> None:
    ended = gridwarden("pack", model, "--image", image, "--map", "stall=none", "--map", "bike=car", "--licence", "MIT")
    assert (ended.returncode, ended.stderr) == (0, "")
    card = card_of(model)
    assert (card["layout"], card["license"], card["labels"]) == ("ultralytics_v8", "MIT", list(NAMES))
    assert card["classes"] == {"person": "person", "bike": "car", "stall": None}
    assert card["thresholds"] == dict.fromkeys(NAMES, 0.35)
    assert card["golden"]["picture"] == "m-golden.png"
    assert [one["label"] for one in card["golden"]["boxes"]] == ["person", "bike"]
    assert (model.parent / "m-golden.png").read_bytes() == image.read_bytes()
    told = gridwarden("check", model)
    assert told.returncode == 0
    assert "golden   finds what its card says" in told.stdout
    assert "licence  MIT" in told.stdout


SPOILT: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "box moved": (
        lambda card: card["golden"]["boxes"][0].update(box=[0, 0, 60, 80]),
        "does not find person at [0, 0, 60, 80]",
    ),
    "box missing": (lambda card: card["golden"]["boxes"].pop(), "also finds bike"),
    "label": (lambda card: card["golden"]["boxes"][0].update(label="stall"), "does not find stall"),
    "score": (lambda card: card["golden"]["boxes"][0].update(score=0.5), "does not find person"),
    "picture": (lambda card: card["golden"].update(sha256="0" * 64), "its sha256 differs"),
    "no picture": (
        lambda card: card["golden"].update(picture="m.onnx", sha256=None),
        "is no picture that can be read; give a JPEG or PNG of at most",
    ),
    "way out": (lambda card: card["golden"].update(picture="../street.PNG"), "golden.picture"),
    "layout": (lambda card: card.update(layout="yolov5"), "not yolov5"),
    "labels": (lambda card: card.update(labels=["person"]), "3 classes, but the model card names 1"),
    "class of a stranger": (lambda card: card["classes"].update(bus="car"), "'bus' under `classes`"),
    "no class": (lambda card: card["classes"].update(bike="wheel"), "classes.bike"),
    "threshold of a stranger": (lambda card: card["thresholds"].update(bus=0.5), "'bus' under `thresholds`"),
}


def test_a_card_that_does_not_match_is_told(model: Path, image: Path) -> None:
    assert inside("pack", model, "--image", image).exit_code == 0
    good = card_of(model)
    for spoil, words in SPOILT.values():
        card = json.loads(json.dumps(good))
        spoil(card)
        model.with_suffix(".card.yaml").write_text(json.dumps(card), encoding="utf-8")
        ended = inside("check", model)
        assert (ended.exit_code, ended.stdout) == (2, ""), words
        assert words in ended.stderr


MISTAKES = {
    "no class": (["--map", "bike=wheel"], "CLASS is person, stall, bike, car, rubbish, goods or none"),
    "no sign": (["--map", "bike"], "write LABEL=CLASS"),
    "no label": (["--map", "bus=car"], "has no class 'bus' to map; it has person, bike, stall"),
    "twice": (["--map", "bike=car", "--map", "bike=none"], "names a label twice"),
    "nothing there": (["--threshold", "0.94"], "finds nothing on"),
    "layout": (["--layout", "yolov5"], "not yolov5"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_what_could_not_be_used_is_not_packed(model: Path, image: Path, case: str) -> None:
    words, told = MISTAKES[case]
    ended = inside("pack", model, "--image", image, *words)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert told in ended.stderr
    assert sorted(path.name for path in model.parent.iterdir()) == ["m.onnx", "street.PNG"]


def test_a_card_is_not_written_over_unasked(model: Path, image: Path) -> None:
    card = model.with_suffix(".card.yaml")
    card.write_text("name: mine\n", encoding="utf-8")
    ended = inside("pack", model, "--image", image)
    assert ended.exit_code == 2
    assert "say --replace" in ended.stderr
    assert card.read_text(encoding="utf-8") == "name: mine\n"
    assert inside("pack", model, "--image", image, "--replace").exit_code == 0
    assert card_of(model)["name"] == "m"


def test_odd_names_of_classes_survive_the_card(tmp_path: Path, image: Path) -> None:
    names = ["yes", "a: b, {c}", "摊贩 " + "x" * 60]
    odd = constant_model(
        tmp_path / "odd.onnx",
        {"output0": np.concatenate([np.full((1, 4, 8400), 200.0), np.full((1, 3, 8400), 0.9)], axis=1)},
        metadata={"names": repr(names), "task": "detect"},
    )
    assert inside("pack", odd, "--image", image, "--map", "a: b, {c}=goods").exit_code == 0
    card = card_of(odd)
    assert card["labels"] == [*names[:2], names[2][:64]]
    assert card["classes"] == {"a: b, {c}": "goods"}
    assert inside("check", odd).exit_code == 0


def test_classes_that_nobody_names_are_said_to_need_names(tmp_path: Path) -> None:
    nameless = write_model(tmp_path / "m.onnx", "yolox", THINGS)
    told = inside("check", nameless)
    assert told.exit_code == 0, told.output
    assert "classes  without names; give them by --labels" in told.stdout
    names = tmp_path / "m.names"
    names.write_text("\n".join(NAMES), encoding="utf-8")
    assert f"classes  {', '.join(NAMES)}\n" in inside("check", nameless, "--labels", names).stdout


def test_results_and_mistakes_are_told_in_chinese_too(model: Path, image: Path) -> None:
    chinese = CliRunner().invoke(model_app, ["check", str(model), "--image", str(image), "--lang", "zh-CN"])
    assert chinese.exit_code == 0
    assert chinese.stdout.startswith(f"{model}：可以使用\n")
    assert "许可证  未说明\n" in chinese.stdout
    assert "找到    person 0.90" in chinese.stdout
    report = CliRunner().invoke(model_app, ["check", str(model), "--lang", "zh-CN", "--json"])
    assert list(json.loads(report.stdout)) == ["layout", "classes", "licence", "ms", "detections"]
    model.write_bytes(b"rubbish")
    refused = CliRunner().invoke(model_app, ["check", str(model), "--lang", "zh-CN"])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert f"{model} 不是可加载的 ONNX 模型" in refused.stderr
    twice = CliRunner().invoke(
        model_app, ["pack", str(model), "--image", str(image), "--map", "a=none", "--map", "a=none", "--lang", "zh-CN"]
    )
    assert (twice.exit_code, twice.stderr) == (2, "--map 把同一标签写了两次；每个标签只写一次\n")
