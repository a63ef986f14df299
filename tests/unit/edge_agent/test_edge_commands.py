"""`edge analyze`, `edge check` and `model check` as a user types them."""

import hashlib
import json
import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner, Result

from edge_agent.cli import app, model_app
from tests.support.clips import Street, damaged_clip, every, write_clip
from tests.support.onnx_models import constant_model
from tests.support.shared import shared_file

NAMES = {"names": "{0: 'person', 1: 'car'}", "task": "detect"}
THING = ((150, 90, 190, 120), 40)


def configuration(folder: Path, label: str = "static", dwell_s: float = 5, cameras: int = 1) -> Path:
    rule = f"{{scene: stay, labels: [{label}], dwell_s: {dwell_s}}}"
    zone = f"{{id: z1, polygon: [[0,0],[1,0],[1,1],[0,1]], rules: [{rule}]}}"
    lines = [f'  - {{id: cam-{n + 1}, url: "rtsp://u:secret@127.0.0.1/x", zones: [{zone}]}}' for n in range(cameras)]
    path = folder / "edge.yaml"
    path.write_text("site: s1\nbox: b1\ncameras:\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def clip(folder: Path, begin_s: float = 8, end_s: float = 24, length_s: float = 32) -> Path:
    street = Street()
    picture = lambda t: street.picture(things=[THING] if begin_s <= t < end_s else [])  # noqa: E731 - one expression
    return write_clip(folder / "clip.mp4", picture, every(0.2, length_s))


def person_model(folder: Path) -> Path:
    """A detector that sees one person in the middle of every picture."""
    table = np.zeros((1, 6, 8400), np.float32)
    table[0, :4, 5], table[0, 4, 5] = (320, 320, 60, 120), 0.8
    return constant_model(folder / "m.onnx", {"output0": table}, metadata=NAMES)


def edge(*words: object) -> Result:
    speaks = words[0] in {"analyze", "check", "run"} and not {"--help", "--lang"} & set(words)
    language = ["--lang", "en"] if speaks else []
    return CliRunner().invoke(app, [*map(str, words), *language])


def check(config: Path) -> Result:
    return edge("check", "--config", config, "--lang", "en")


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_analyze_writes_one_line_for_each_event(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out.jsonl"
    result = edge("analyze", clip(tmp_path), "--config", configuration(tmp_path), "--json", out)
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    (event,) = records(out)
    assert {key: event[key] for key in ("camera", "scene", "zone", "label", "still_present")} == {
        "camera": "cam-1",
        "scene": "stay",
        "zone": "z1",
        "label": "static",
        "still_present": False,
    }
    assert event["started_at_s"] == pytest.approx(8, abs=1)
    assert event["raised_at_s"] == pytest.approx(13, abs=1.1)
    assert event["ended_at_s"] == pytest.approx(24, abs=1)
    assert event["dwell_s"] == pytest.approx(16, abs=1.5)
    pictures = event["evidence"]
    assert isinstance(pictures, list)
    assert [picture["kind"] for picture in pictures] == ["started", "raised", "ended"]
    assert f"1 events in {out}; their pictures are in {out.parent / 'evidence'}" in result.stderr
    for picture in pictures:
        content = Path(picture["path"]).read_bytes()
        assert Path(picture["path"]).parent == tmp_path / "deep" / "evidence"
        assert hashlib.sha256(content).hexdigest() == picture["sha256"]
        assert cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR).shape == (180, 320, 3)
        assert 0 <= picture["at_s"] <= 32


def test_analyze_of_a_file_that_ends_first(tmp_path: Path) -> None:
    out, proof = tmp_path / "out.jsonl", tmp_path / "proof"
    video = clip(tmp_path, end_s=100, length_s=20)
    result = edge("analyze", video, "--config", configuration(tmp_path), "--json", out, "--evidence-dir", proof)
    assert result.exit_code == 0, result.output
    (event,) = records(out)
    assert event["still_present"] is True
    assert event["ended_at_s"] == pytest.approx(19.8, abs=0.5)
    assert len(list(proof.iterdir())) >= 2


def test_analyze_says_where_a_damaged_file_told_nothing(tmp_path: Path) -> None:
    video, config = damaged_clip(tmp_path / "clip.mkv", 60), configuration(tmp_path)
    result = edge("analyze", video, "--config", config, "--json", tmp_path / "out.jsonl")
    assert result.exit_code == 0, result.output
    assert "clip.mkv is damaged: 30 packets could not be decoded" in result.stderr
    assert "looked at up to second 6\n" in result.stderr


def test_analyze_without_events_leaves_an_empty_file(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    result = edge("analyze", clip(tmp_path, length_s=7), "--config", configuration(tmp_path), "--json", out)
    assert result.exit_code == 0, result.output
    assert out.read_text(encoding="utf-8") == ""


@pytest.mark.parametrize("fps", [1, 2, 5])
def test_analyze_with_a_detector_gives_the_same_dwell_at_every_rate(tmp_path: Path, fps: int) -> None:
    out, config, model = tmp_path / "out.jsonl", configuration(tmp_path, "person"), person_model(tmp_path)
    video = clip(tmp_path, length_s=9)
    result = edge("analyze", video, "--config", config, "--model", model, "--fps", fps, "--json", out)
    assert result.exit_code == 0, result.output
    (event,) = records(out)
    assert event["label"] == "person"
    assert event["score"] == pytest.approx(0.8)
    assert event["raised_at_s"] == pytest.approx(5, abs=0.3)
    assert event["dwell_s"] == pytest.approx(8.8, abs=1)


@contextmanager
def files_at_most(size_bytes: int) -> Iterator[None]:
    """Let no file of this process grow larger: a disk that fills up."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("place", ["file", "below a file", "/proc"])
def test_analyze_tries_the_evidence_folder_first(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("x")
    proof = {"file": tmp_path / "file", "below a file": tmp_path / "file" / "deep", "/proc": Path("/proc/sys")}[place]
    out = tmp_path / "out.jsonl"
    words = ["--config", configuration(tmp_path), "--json", out, "--evidence-dir", proof]
    result = edge("analyze", clip(tmp_path, length_s=1), *words)
    assert result.exit_code == 2
    assert f"{proof}: no picture can be written there" in result.stderr
    assert "Traceback" not in result.output
    assert not out.exists()


def test_analyze_ends_when_a_picture_cannot_be_written(tmp_path: Path) -> None:
    video, config = clip(tmp_path), configuration(tmp_path)
    with files_at_most(2_000):
        result = edge("analyze", video, "--config", config, "--json", tmp_path / "out.jsonl")
    assert result.exit_code == 2
    assert f"{tmp_path / 'evidence'}: no picture can be written there (File too large)" in result.stderr
    assert "Traceback" not in result.output
    assert not list((tmp_path / "evidence").iterdir())


MISTAKES = {
    "no video": ({"video": "absent.mp4"}, "there is no video file"),
    "bad video": ({"video": "edge.yaml"}, "is not a video that can be read"),
    "no configuration": ({"config": "absent.yaml"}, "no such configuration file"),
    "bad model": ({"model": "edge.yaml"}, "is not an ONNX model"),
    "no model": ({"model": "absent.onnx"}, "there is no model file"),
    "unknown camera": ({"camera": "cam-9"}, "no camera 'cam-9'; it has cam-1"),
    "model needed": (
        {"label": "person"},
        "camera cam-1, zone z1: the scene `stay` looks for person, which needs a detector",
    ),
    "unknown label": (
        {"label": "persons", "model": "m.onnx"},
        "looks for persons, which the model m does not know; near 'persons' it has person",
    ),
    "far label": ({"label": "xyzzy", "model": "m.onnx"}, "it has person, car"),
    "several cameras": ({"cameras": 2}, "say which by --camera: cam-1, cam-2"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_end_with_2_and_a_sentence(tmp_path: Path, case: str) -> None:
    changes, words = MISTAKES[case]
    config = configuration(tmp_path, str(changes.get("label", "static")), cameras=int(changes.get("cameras", 1)))
    person_model(tmp_path)
    video = tmp_path / str(changes["video"]) if "video" in changes else clip(tmp_path, length_s=1)
    more = [word for key in ("camera",) if key in changes for word in (f"--{key}", changes[key])]
    more += ["--model", tmp_path / str(changes["model"])] if "model" in changes else []
    config = tmp_path / str(changes["config"]) if "config" in changes else config
    result = edge("analyze", video, "--config", config, "--json", tmp_path / "out.jsonl", *more)
    assert result.exit_code == 2
    assert words in result.stderr
    assert "Traceback" not in result.output
    assert "secret" not in result.output


def with_model(config: Path, model: str) -> Path:
    config.write_text(config.read_text(encoding="utf-8") + f"model: {{path: {model}}}\n", encoding="utf-8")
    return config


def with_rules(config: Path, *rules: str) -> Path:
    """The configuration with other rules in its zones."""
    text = config.read_text(encoding="utf-8")
    config.write_text(re.sub(r"rules: \[.*?\}\]", f"rules: [{', '.join(rules)}]", text), encoding="utf-8")
    return config


def test_check_explains_and_warns(tmp_path: Path) -> None:
    result = check(with_model(configuration(tmp_path, "person"), "absent.onnx"))
    assert result.exit_code == 0, result.output
    assert "stay (stay): the same person stays in the zone\n      needs a model that knows person\n" in result.stdout
    assert (
        "told after 5 s; out of sight for up to 2.25 s (at 2 looks a second); seen in at least 60% of the looks\n"
        in result.stdout
    )
    assert f"warning: there is no detector file {tmp_path / 'absent.onnx'}: whether its classes serve" in result.stdout
    assert "put it there, or keep only rules with `labels: [static]`" in result.stdout
    assert "secret" not in result.stdout


def test_check_says_what_each_rule_rests_on(tmp_path: Path) -> None:
    person_model(tmp_path)
    config = with_rules(configuration(tmp_path), "{scene: road_occupation}", "{scene: vehicle_parking}")
    config = with_model(config, "m.onnx")
    result = check(config)
    assert result.exit_code == 0, result.output
    assert "else static foreground; rests on static foreground; the model knows no stall\n" in result.stdout
    assert "needs a model that knows car; rests on objects of the model\n" in result.stdout
    assert "objects count from a score (0 to 1) of: car 0.35\n" in result.stdout
    assert "person 0.35" not in result.stdout
    assert f"detector: {tmp_path / 'm.onnx'}, m@" in result.stdout
    chinese = edge("check", "--config", config, "--lang", "zh-CN").stdout
    assert "需要模型识别 机动车；实际依据：模型目标\n" in chinese
    (detector,) = (line for line in chinese.splitlines() if line.startswith("检测模型："))
    assert "，布局 ultralytics_v8，" in detector
    assert detector.endswith(" 类")


def test_check_shows_the_threshold_of_the_configuration_for_every_label(tmp_path: Path) -> None:
    person_model(tmp_path)
    config = with_model(with_rules(configuration(tmp_path), "{scene: vehicle_parking}"), "m.onnx, threshold: 0.6")
    assert "objects count from a score (0 to 1) of: car 0.6\n" in check(config).stdout


@pytest.mark.parametrize("command", ["check", "analyze"])
def test_rules_that_the_model_cannot_serve_are_refused_together(tmp_path: Path, command: str) -> None:
    person_model(tmp_path)
    config = with_rules(configuration(tmp_path), "{scene: mobile_vendor}", "{scene: bike_parking}")
    words = [clip(tmp_path, length_s=1), "--json", tmp_path / "out.jsonl"] if command == "analyze" else []
    result = edge(command, *words, "--config", with_model(config, "m.onnx"))
    assert result.exit_code == 2, result.output
    first, second = result.stderr.splitlines()
    assert "camera cam-1, zone z1: the scene `mobile_vendor` looks for stall, which the model m does not know" in first
    assert "camera cam-1, zone z1: the scene `bike_parking` looks for bike, which the model m does not know" in second
    assert "secret" not in result.output


def test_analyze_says_that_a_scene_rests_on_static_foreground(tmp_path: Path) -> None:
    out, config = tmp_path / "out.jsonl", with_rules(configuration(tmp_path), "{scene: road_occupation, dwell_s: 5}")
    result = edge("analyze", clip(tmp_path), "--config", config, "--json", out)
    assert result.exit_code == 0, result.output
    assert "zone z1: road_occupation rests on static foreground; the model knows no stall" in result.stderr
    (event,) = records(out)
    assert (event["scene"], event["basis"]) == ("road_occupation", "static")


SHOP = "{id: z1, shop_front: {name: A, door_line: [[0,0.5],[1,0.5]]}, "


def test_check_warns_of_what_a_shop_front_makes_idle_or_a_guess(tmp_path: Path) -> None:
    config = with_rules(configuration(tmp_path), "{scene: out_of_store}", "{scene: road_occupation}")
    config.write_text(config.read_text(encoding="utf-8").replace("{id: z1, ", SHOP), encoding="utf-8")
    result = check(config)
    assert result.exit_code == 0, result.output
    assert "warning: camera cam-1, zone z1: `road_occupation` tells nothing before a shop front" in result.stdout
    assert "warning: camera cam-1, zone z1: the door line halves the zone" in result.stdout


@pytest.mark.parametrize(("side", "warned"), [(1.0, True), (0.3, True), (0.2, False)])
def test_check_warns_of_a_bin_whose_zone_takes_in_the_street(tmp_path: Path, side: float, warned: bool) -> None:  # noqa: FBT001 - a case
    config = with_rules(configuration(tmp_path), "{scene: bin_overflow}")
    zone = f"polygon: [[0,0],[{side},0],[{side},{side}],[0,{side}]]"
    text = config.read_text(encoding="utf-8").replace("polygon: [[0,0],[1,0],[1,1],[0,1]]", zone)
    config.write_text(text, encoding="utf-8")
    english, chinese = check(config), edge("check", "--config", config, "--lang", "zh-CN")
    assert (english.exit_code, chinese.exit_code) == (0, 0), english.output
    of_zone = f"warning: camera cam-1, zone z1: the zone of `bin_overflow` is {side * side:.0%} of the picture"
    assert (of_zone in english.stdout) == warned
    assert ("请只围住垃圾桶和桶边地面画区域" in chinese.stdout) == warned


def test_a_shop_scene_without_a_shop_front_is_refused(tmp_path: Path) -> None:
    result = edge("check", "--config", with_rules(configuration(tmp_path), "{scene: out_of_store}"))
    assert result.exit_code == 2
    assert "the scene `out_of_store` needs the zone's `shop_front: {name, door_line}`" in result.stderr


def test_check_shows_the_main_stream_without_its_password(tmp_path: Path) -> None:
    config = configuration(tmp_path)
    text = config.read_text(encoding="utf-8").replace("zones:", 'main_url: "rtsp://u:secret@127.0.0.1/y", zones:')
    config.write_text(text, encoding="utf-8")
    result = check(config)
    assert result.exit_code == 0, result.output
    assert "rtsp://***@127.0.0.1/y, for single evidence pictures" in result.stdout
    assert "secret" not in result.output


def test_check_refuses_with_the_line(tmp_path: Path) -> None:
    path = configuration(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("dwell_s", "dwel_s"), encoding="utf-8")
    result = edge("check", "--config", path)
    assert result.exit_code == 2
    assert f"{path}:4: cameras[0].zones[0].rules[0].dwel_s: unknown key; did you mean `dwell_s`?" in result.stderr


def test_model_check_prints_json_alone(tmp_path: Path) -> None:
    image = tmp_path / "picture.png"
    cv2.imwrite(str(image), np.zeros((360, 640, 3), np.uint8))
    words = ["check", str(person_model(tmp_path)), "--image", str(image), "--json"]
    result = CliRunner().invoke(model_app, words)
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert (report["layout"], report["classes"], report["licence"]) == ("ultralytics_v8", ["person", "car"], None)
    assert report["ms"] > 0
    (found,) = report["detections"]
    assert found["label"] == "person"
    assert found["box"] == pytest.approx([290, 120, 350, 240])


def test_model_check_refuses(tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(b"rubbish")
    result = CliRunner().invoke(model_app, ["check", str(tmp_path / "m.onnx"), "--lang", "en"])
    assert result.exit_code == 2
    assert "not an ONNX model" in result.stderr
    (tmp_path / "bad.jpg").write_bytes(b"rubbish")
    model = person_model(tmp_path)
    result = CliRunner().invoke(model_app, ["check", str(model), "--image", str(tmp_path / "bad.jpg"), "--lang", "en"])
    assert result.exit_code == 2
    assert "not a picture" in result.stderr


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["check", "--help"], ["analyze", "--help"]])
def test_every_command_has_help_with_an_example(words: list[str]) -> None:
    result = edge(*words)
    assert result.exit_code == 0
    assert "Example" in result.stdout


@pytest.mark.real
def test_real_people_are_found_and_give_events_with_evidence(tmp_path: Path) -> None:
    video, model = shared_file("real", "vtest.avi"), shared_file("real", "yolox_nano.onnx")
    labels, out = shared_file("real", "coco.names"), tmp_path / "out.jsonl"
    words = ["--model", model, "--labels", labels, "--json", out]
    result = edge("analyze", video, "--config", configuration(tmp_path, "person"), *words)
    assert result.exit_code == 0, result.output
    found = records(out)
    assert len(found) >= 5
    assert max(float(str(event["dwell_s"])) for event in found) > 60
    assert all(Path(one["path"]).is_file() for event in found for one in event["evidence"])  # type: ignore[attr-defined]


@pytest.mark.real
def test_the_one_who_stands_through_the_real_clip_keeps_one_identity_at_every_rate(tmp_path: Path) -> None:
    video, model = shared_file("real", "vtest.avi"), shared_file("real", "yolox_nano.onnx")
    labels, longest = shared_file("real", "coco.names"), []
    for fps in (1, 2, 5):
        out = tmp_path / f"{fps}.jsonl"
        words = ["--model", model, "--labels", labels, "--fps", fps, "--json", out]
        assert edge("analyze", video, "--config", configuration(tmp_path, "person"), *words).exit_code == 0
        longest.append(max(float(str(event["dwell_s"])) for event in records(out)))
    assert max(longest) - min(longest) <= 1.0
