"""Configuration files: what is valid, and how every mistake is told."""

import math
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from edge_agent.core.clock import Clock
from edge_agent.link.envelopes import Envelopes
from edge_agent.settings import CONFIG_BYTES_MAX, FAULTS_SHOWN_MAX, ConfigRefused, load_config
from edge_agent.supervisor.box_words import described
from protocol.codec import encode
from protocol.configuration import AgentConfig
from protocol.geometry import POLYGON_POINTS_MAX
from protocol.messages import MESSAGE_BYTES_MAX, Birth
from protocol.texts import Language

SMALLEST = """\
site: s1
box: b1
cameras:
  - {id: cam-1, url: "rtsp://127.0.0.1/x", zones: [{id: z1, polygon: [[0,0],[1,0],[1,1],[0,1]], \
rules: [{scene: stay, labels: [person], dwell_s: 5}]}]}
"""
CAMERA = 'site: s\nbox: b\ncameras:\n- id: a\n  url: "rtsp://u:secret@h/x"\n'


def test_the_smallest_configuration_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "edge.yaml"
    path.write_text(SMALLEST, encoding="utf-8")
    loaded = load_config(path)
    assert loaded.config.cameras[0].zones[0].rules[0].dwell_s == 5
    assert loaded.resolve("data") == tmp_path / "data"
    assert loaded.resolve("/var/lib/x") == Path("/var/lib/x")
    assert len(loaded.sha256) == 64


MISTAKES = {
    "self-crossing zone": (
        CAMERA + "  zones:\n  - id: z\n    polygon: [[0,0],[1,1],[1,0],[0,1]]\n",
        [":8: cameras[0].zones[0].polygon: the polygon crosses itself: side 1 meets side 3; list the corners"],
    ),
    "unknown key": (CAMERA + "  zonez: []\n", [":6: cameras[0].zonez: unknown key; did you mean `zones`?"]),
    "unknown key at the top": ("modle: {}\n" + CAMERA, [":1: modle: unknown key; did you mean `model`?"]),
    "unknown key like nothing": (CAMERA + "qqq: 1\n", [":6: qqq: unknown key; known here: box, cameras"]),
    "wrong type": (CAMERA + "  analysis_fps: fast\n", [":6: cameras[0].analysis_fps: must be a number, not 'fast'"]),
    "yes instead of a number": (
        CAMERA + "  analysis_fps: true\n",
        [":6: cameras[0].analysis_fps: must be a number, not True"],
    ),
    "a number as text": (CAMERA + '  analysis_fps: "2"\n', [":6: cameras[0].analysis_fps: must be a number, not '2'"]),
    "list expected": (CAMERA + "  zones: 5\n", [":6: cameras[0].zones: must be a list"]),
    "mapping expected": (CAMERA + "- 7\n", [":6: cameras[1]: must be a mapping"]),
    "outside the frame": (
        CAMERA + "  zones:\n  - id: z\n    polygon: [[0,0],[2,0],[1,1]]\n",
        [":8: cameras[0].zones[0].polygon[1][0]: must be less than or equal to 1, not 2"],
    ),
    "twice": ("site: a\nbox: b\nsite: c\n", [":3: site: written twice in the same place; keep one of them"]),
    "missing": ("site: s\nbox: b\n", [":1: cameras: is missing"]),
    "missing below": (CAMERA + "  zones: [{id: z}]\n", [":6: cameras[0].zones[0].polygon: is missing"]),
    "empty": (CAMERA.split("cameras", maxsplit=1)[0] + "cameras: []\n", [":3: cameras: needs at least 1"]),
    "bad id": (CAMERA.replace("site: s", "site: S 1"), [":1: site: 'S 1' is no id"]),
    "two of a name": (CAMERA + '- {id: a, url: "rtsp://h/y"}\n', ["each camera needs an id of its own; used twice: a"]),
    "bad address": (
        CAMERA.replace("rtsp://u", "http://u"),
        [":5: cameras[0].url: a camera address starts with one of"],
    ),
    "address with a blank": (
        CAMERA.replace("u:secret", "u:sec ret"),
        [":5: cameras[0].url: the camera address holds a blank or a sign that cannot be seen; a blank is written %20"],
    ),
    "address of two lines": (CAMERA.replace("h/x", "h/x\\nTeardown"), [":5: cameras[0].url: the camera address holds"]),
    "name of two lines": (CAMERA + '  name: "a\\nb"\n', [":6: cameras[0].name: holds a sign that cannot be seen"]),
    "path without end": (CAMERA + 'data_dir: "a\\0b"\n', [":6: data_dir: holds a sign that cannot be seen"]),
    "hours with a time zone": (
        CAMERA + "  zones: [{id: z, polygon: [[0,0],[1,0],[1,1]], "
        'rules: [{scene: mobile_vendor, hours: [{begin: "22:00+08:00", end: "02:00Z"}]}]}]\n',
        [".hours[0].begin: holds a time zone; write the site's own time", ".hours[0].end: holds a time zone"],
    ),
    "name of a file too long": (
        CAMERA + f"model: {{path: {'a' * 256}}}\n",
        [":6: model.path: is no path: a name in it has more than 255 bytes"],
    ),
    "within itself": ("&a\n" + CAMERA + "- *a\n", ["a reference leads back into itself"]),
    "a clip past the masks": (
        CAMERA + "  privacy_masks: [[[0,0],[1,0],[1,1]]]\n  evidence: {clip: true}\n",
        [":4: cameras[0]: `evidence.clip` cannot be on beside `privacy_masks`: a clip is cut without encoding it anew"],
    ),
    "a picture of no bytes": (
        CAMERA + "  evidence: {picture_bytes_max: 100}\n",
        [":6: cameras[0].evidence.picture_bytes_max: must be greater than or equal to 30000, not 100"],
    ),
    "main stream of another kind": (
        CAMERA + '  main_url: "http://u:secret@h/y"\n',
        [":6: cameras[0].main_url: a camera address starts with one of"],
    ),
    "main stream that is the first": (
        CAMERA + '  main_url: "rtsp://u:secret@h/x"\n',
        [":4: cameras[0]: `main_url` is the same stream as `url`"],
    ),
    "no text": (CAMERA.replace('"rtsp://u:secret@h/x"', "5"), [":5: cameras[0].url: must be"]),
    "no yaml": ("site: [", [":1: not valid YAML"]),
    "no mapping": ("- a\n", [":1: the file must hold `site:`, `box:` and `cameras:`"]),
    "no scene": (
        CAMERA + "  zones: [{id: z, polygon: [[0,0],[1,0],[1,1]], rules: [{dwell_s: 1}]}]\n",
        [":6: cameras[0].zones[0].rules[0].scene: is missing"],
    ),
    "wrong value in a rule": (
        CAMERA + "  zones: [{id: z, polygon: [[0,0],[1,0],[1,1]], rules: [{scene: crowd, count: 0}]}]\n",
        [":6: cameras[0].zones[0].rules[0].count: must be greater than or equal to 1, not 0"],
    ),
    "timers in the wrong order": (
        CAMERA + "  zones: [{id: z, polygon: [[0,0],[1,0],[1,1]], rules: [{scene: mobile_vendor, dwell_s: 9}]}]\n",
        [":6: cameras[0].zones[0].rules[0]: `seen_s` comes first: it may not be longer than `dwell_s`"],
    ),
    "no shop front": (
        CAMERA + "  zones: [{id: z, polygon: [[0,0],[1,0],[1,1]], rules: [{scene: out_of_store}]}]\n",
        [":6: cameras[0].zones[0]: the scene `out_of_store` needs the zone's `shop_front: {name, door_line}`"],
    ),
    "no such time zone": (
        "timezone: Asia/Peking\n" + CAMERA,
        [":1: timezone: 'Asia/Peking' is no time zone that this machine knows"],
    ),
    "unknown scene": (
        CAMERA + "  zones: [{id: z, polygon: [[0,0],[1,0],[1,1]], rules: [{scene: stey, labels: [a], dwell_s: 1}]}]\n",
        ["rules[0].scene: there is no scene 'stey'; did you mean `stay`?"],
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_are_told_with_line_path_and_cure(tmp_path: Path, case: str) -> None:
    text, expected = MISTAKES[case]
    path = tmp_path / "edge.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigRefused) as refused:
        load_config(path)
    assert len(refused.value.faults) == len(expected)
    for fault, words in zip(refused.value.faults, expected, strict=True):
        assert fault.startswith(str(path))
        assert words in fault
        assert "secret" not in fault


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_are_told_in_chinese_too(tmp_path: Path, case: str) -> None:
    path = tmp_path / "edge.yaml"
    path.write_text(MISTAKES[case][0], encoding="utf-8")
    with pytest.raises(ConfigRefused) as refused:
        load_config(path)
    said = refused.value.say(Language.CHINESE).splitlines()
    assert len(said) == len(refused.value.faults)
    for line in said:
        assert line.startswith(str(path))
        assert any("\u4e00" <= sign <= "\u9fff" for sign in line), line
        assert "secret" not in line


def test_files_that_are_no_configuration(tmp_path: Path) -> None:
    for name, content, words in (
        ("absent.yaml", None, "no such configuration file"),
        ("binary.yaml", b"\xff\xfe\x00", "not UTF-8"),
        ("large.yaml", b"#" * (CONFIG_BYTES_MAX + 1), "larger than"),
        ("laughs.yaml", _laughs(), "more than"),
        ("deep.yaml", b"a: " + b"[" * 300_000, "nested deeper than"),
        ("digits.yaml", b"site: " + b"9" * 5_000, "a whole number beyond all measure"),
        ("number.yaml", b"site: 0x" + b"f" * 5_000, "a whole number beyond all measure"),
        ("key.yaml", b"site: s1\n? 0o" + b"7" * 6_000 + b"\n: 1", "a whole number beyond all measure"),
        ("tag.yaml", b"site: !!bool abc", "not valid YAML: a tag like `!!bool` before another kind of value"),
    ):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(ConfigRefused, match=words):
            load_config(path)


def test_a_file_of_nothing_but_mistakes_is_told_in_some_lines(tmp_path: Path) -> None:
    path = tmp_path / "edge.yaml"
    path.write_text(CAMERA + f"  privacy_masks: [{'[],' * 20_000}]\n", encoding="utf-8")
    with pytest.raises(ConfigRefused) as refused:
        load_config(path)
    *shown, last = refused.value.faults
    assert len(shown) == FAULTS_SHOWN_MAX
    assert last == f"{path}: and {20_000 - FAULTS_SHOWN_MAX} more"


def test_a_key_forges_no_line_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "edge.yaml"
    path.write_text(CAMERA + '"x\\n\\nedge.yaml: all is well": 1\n', encoding="utf-8")
    with pytest.raises(ConfigRefused) as refused:
        load_config(path)
    assert len(str(refused.value).splitlines()) == 1


def test_zones_that_no_message_can_hold_are_refused_and_what_is_taken_can_be_told() -> None:
    angles = [math.tau * corner / POLYGON_POINTS_MAX for corner in range(POLYGON_POINTS_MAX)]
    circle = [(0.5 + math.cos(one) / 3, 0.5 + math.sin(one) / 3) for one in angles]
    zones = [{"id": f"z{number}", "name": "人行道", "polygon": circle} for number in range(20)]

    def box(count: int) -> AgentConfig:
        cameras = [{"id": f"c{number}", "url": f"rtsp://h/{number}", "zones": zones} for number in range(count)]
        return AgentConfig.model_validate({"site": "s1", "box": "b1", "cameras": cameras})

    with pytest.raises(ValidationError, match="one message to central takes"):
        box(8)
    cameras = tuple(described(one) for one in box(4).cameras)
    clock = Clock(lambda: datetime(2026, 3, 1, tzinfo=UTC), lambda: 0.0)
    birth = Birth(version="0", config_sha256="0" * 64, next_seq=1, disk_free_bytes=0, cameras=cameras)
    assert len(encode(Envelopes("s1", "b1", 1, clock, 0.0, os.urandom).birth(birth))) > MESSAGE_BYTES_MAX / 2


def test_a_device_without_end_is_no_configuration() -> None:
    with pytest.raises(ConfigRefused, match="larger than"):
        load_config(Path("/dev/zero"))


def _laughs() -> bytes:
    """A small file that unfolds without end."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    return "\n".join(lines).encode()
