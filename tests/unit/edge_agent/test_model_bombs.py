"""Files of a few bytes that ask for endless memory or time, and names in them that would change a terminal."""

import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from typer.testing import CliRunner, Result

from edge_agent.cli import model_app
from edge_agent.inference.card.card import CARD_VALUES_MAX, card_path
from edge_agent.inference.detector import ModelRefused
from edge_agent.inference.model_file import bounded_memory
from edge_agent.inference.onnx_detector import OnnxDetector
from edge_agent.inference.picture_file import PIXELS_MAX, declared_size
from tests.support.layout_models import SIZE, Thing, v8
from tests.support.onnx_models import constant_model, save_graph

THINGS = (Thing((20, 20, 50, 60), 0),)
ENDLESS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
)


def model(folder: Path, **metadata: str) -> Path:
    shape = (1, 3, SIZE[1], SIZE[0])
    return constant_model(
        folder / "m.onnx", {"output0": v8(THINGS)}, shape=shape, metadata={"task": "detect"} | metadata
    )


def check(*words: object) -> Result:
    return CliRunner().invoke(model_app, ["check", *map(str, words), "--lang", "en"])


@pytest.mark.parametrize("operator", ["ConstantOfShape", "Expand"])
def test_a_graph_that_asks_for_gigabytes_is_refused_before_it_has_them(tmp_path: Path, operator: str) -> None:
    shape = numpy_helper.from_array(np.array([1, 7, 2**31], np.int64), "shape")
    one = numpy_helper.from_array(np.ones((1, 1, 1), np.float32), "one")
    names = ["shape"] if operator == "ConstantOfShape" else ["one", "shape"]
    graph = helper.make_graph(
        [helper.make_node(operator, names, ["output0"])],
        "bomb",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, 64, 64])],
        [helper.make_tensor_value_info("output0", TensorProto.FLOAT, None)],
        [shape, one][: len(names)],
    )
    path = save_graph(tmp_path / "m.onnx", graph)
    with pytest.raises(ModelRefused, match="wants more than 3000 MB of memory"):
        OnnxDetector(path)


def test_the_bound_on_memory_ends_with_the_loading() -> None:
    with bounded_memory(), pytest.raises(MemoryError):
        np.ones(4_000_000_000, np.uint8)
    assert np.empty(4_000_000_000, np.uint8).nbytes == 4_000_000_000


HOSTILE_NAMES = {
    "escape": ({"names": r"['a\x1b[31m', 'b\nc', '\u202edrow']"}, ("a [31m", "b c", "drow")),
    "half a sign": ({"names": r"['\ud800', 'b', 'c']"}, ("0", "b", "c")),
    "nothing": ({"names": r"['', '\x00', 'c']"}, ("0", "1", "c")),
    "endless number": ({"names": "{0: 0x" + "f" * 6000 + ", 1: 'b', 2: 'c'}"}, ("0", "1", "2")),
    "endless key": ({"names": "{0x" + "f" * 6000 + ": 'a', 1: 'b', 2: 'c'}"}, ("0", "1", "2")),
    "endless argument": ({"args": "{'end2end': 0x" + "f" * 6000 + "}"}, ("0", "1", "2")),
}


@pytest.mark.parametrize("case", HOSTILE_NAMES)
def test_names_in_a_file_become_lines_that_can_be_seen(tmp_path: Path, case: str) -> None:
    metadata, labels = HOSTILE_NAMES[case]
    assert OnnxDetector(model(tmp_path, **metadata)).identity.labels == labels


def test_a_licence_cannot_write_lines_of_its_own(tmp_path: Path) -> None:
    told = check(model(tmp_path, license="GPL\n\x1b[2Kspeed    0 ms"))
    assert told.exit_code == 0
    assert "licence  GPL [2Kspeed 0 ms\n" in told.stdout


def test_a_size_that_is_no_number_is_no_size(tmp_path: Path) -> None:
    path = constant_model(
        tmp_path / "m.onnx",
        {"output0": np.full((1, 7, 8400), 0.5) * ([[100.0]] * 4 + [[1.0]] * 3)},
        shape=(1, 3, "height", "width"),
        metadata={"task": "detect", "imgsz": "[True, True]"},
    )
    assert OnnxDetector(path).input_size == (640, 640)


@pytest.mark.parametrize("name", [b"images", b"output0"])
def test_names_of_parts_that_are_no_text_are_refused(tmp_path: Path, name: bytes) -> None:
    path = model(tmp_path)
    path.write_bytes(path.read_bytes().replace(name, b"\xb1" + name[1:]))
    with pytest.raises(ModelRefused, match=r"damaged|not an ONNX model"):
        OnnxDetector(path)


CARDS: dict[str, tuple[Callable[[Path], object], str]] = {
    "endless classes": (
        lambda card: card.write_text(f"{ENDLESS}classes: {{person: *a8}}\n"),
        f"more than {CARD_VALUES_MAX} values",
    ),
    "endless in itself": (lambda card: card.write_text("&a {x: *a}\n"), f"more than {CARD_VALUES_MAX} values"),
    "tag of another type": (
        lambda card: card.write_text("name: !!bool abc\n"),
        "is not YAML that can be read; correct it or take it away",
    ),
    "folder": (Path.mkdir, "is no file; put the card there or take it away"),
    "pipe": (os.mkfifo, "is no file"),
    "link to nothing": (lambda card: card.symlink_to("nowhere"), "cannot be read"),
    "escape": (
        lambda card: card.write_text('name: "\\e[31m"\n'),
        "name: holds a sign that cannot be seen",
    ),
}


@pytest.mark.parametrize("case", CARDS)
def test_a_card_that_cannot_be_one_is_told(tmp_path: Path, case: str) -> None:
    spoil, words = CARDS[case]
    path = model(tmp_path)
    spoil(card_path(path))
    told = check(path)
    assert (told.exit_code, told.stdout) == (2, "")
    assert words in told.stderr


def test_no_words_of_a_user_reach_the_terminal_unseen(tmp_path: Path) -> None:
    told = check(tmp_path / "\x1b[31mred.onnx")
    assert told.exit_code == 2
    assert "\\x1b[31mred" in told.stderr
    assert "\x1b" not in told.stderr


def png(width: int, height: int) -> bytes:
    """Of this size by its own word, of one row in truth."""

    def part(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    row = zlib.compress(bytes(1 + 3 * width))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", row) + part(b"IEND", b"")


@pytest.mark.parametrize("size", [(20_000, 20_000), (PIXELS_MAX + 1, 1), (0, 0)])
def test_a_picture_that_would_fill_the_memory_is_not_decoded(tmp_path: Path, size: tuple[int, int]) -> None:
    picture = tmp_path / "vast.png"
    picture.write_bytes(png(*size))
    assert declared_size(picture.read_bytes()) == size
    told = check(model(tmp_path), "--image", picture)
    assert (told.exit_code, told.stdout) == (2, "")
    assert "give a JPEG or PNG of at most 100 megapixels" in told.stderr


def test_the_size_of_a_jpeg_stands_behind_what_its_camera_wrote() -> None:
    from cv2 import imencode  # noqa: PLC0415 - for this test alone

    jpeg = bytes(imencode(".jpg", np.zeros((30, 50, 3), np.uint8))[1])
    notes = b"\xff\xff\xe1\x00\x0aExif\0\0\0\0"
    assert declared_size(jpeg) == (50, 30)
    assert declared_size(jpeg[:2] + notes + jpeg[2:]) == (50, 30)
    assert declared_size(jpeg[:30]) is None
    assert declared_size(b"GIF89a") is None
