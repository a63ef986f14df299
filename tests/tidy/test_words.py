"""Words that the repository does without."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sources import BESIDE, PACKAGES, REPOSITORY, python_files, shown, strings, text_files, tree

# Spelled in halves, so that this file does not contain what it forbids.
NAMES = {"util", "utils", "helper", "helpers", "manager", "managers", "common"}
LEFT_OVER = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")
REGISTRIES = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "tuna.tsing" + "hua",
    "mirrors.ali" + "yun",
    "ana" + "conda.org",
    "npm" + "js.",
    "crates" + ".io",
    "proxy.gol" + "ang",
    "deb.deb" + "ian.org",
    "archive.ub" + "untu.com",
    "docker" + ".io",
    "hugging" + "face.co",
)
MACHINE_PATH = re.compile(r"(?<![\w.})$])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me|Us" + r"ers)/\w")
MOCKS = re.compile(r"unittest\.mo" + r"ck|Magic" + r"Mock|\bmocker\b|monkeypatch\.setattr")
HANZI = re.compile(r"[\u3400-\u9fff]")
CAMEL = re.compile(r"[A-Z][a-z0-9]*|[a-z0-9]+")


def lines() -> Iterator[tuple[str, str]]:
    """Yield (file:line, text) of the whole repository."""
    for path in text_files():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield f"{shown(path)}:{number}", line


def class_names(path: Path) -> Iterator[str]:
    return (node.name for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef))


@pytest.mark.parametrize("folder", [*PACKAGES, *BESIDE])
def test_modules_and_classes_are_named_after_what_they_are(folder: str) -> None:
    vague = [
        f"{shown(path)}: {name}"
        for path in python_files(folder)
        for name in [path.stem, path.parent.name, *class_names(path)]
        if {word.lower() for word in CAMEL.findall(name)} & NAMES
    ]
    assert vague == []


def test_nothing_is_left_for_later_in_code() -> None:
    pattern = re.compile(rf"\b(?:{'|'.join(LEFT_OVER)})\b")
    assert [at for at, line in lines() if pattern.search(line)] == []


def test_no_package_registry_is_named() -> None:
    assert [at for at, line in lines() if any(host in line for host in REGISTRIES)] == []


def test_no_path_of_somebodys_machine() -> None:
    assert [at for at, line in lines() if MACHINE_PATH.search(line)] == []


def test_no_mocks() -> None:
    mocking = [shown(path) for path in python_files("tests") if MOCKS.search(path.read_text(encoding="utf-8"))]
    assert mocking == []


def test_tests_wait_for_conditions_not_for_luck() -> None:
    support = REPOSITORY / "tests" / "support"
    sleeping = [
        f"{shown(path)}:{node.lineno}"
        for path in python_files("tests")
        if support not in path.parents
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"time.sleep", "sleep"}
    ]
    assert sleeping == []


def test_pages_take_their_words_from_text_files() -> None:
    spoken = [
        f"{shown(path)}:{text.lineno}"
        for path in python_files("central/web")
        if "texts" not in path.relative_to(REPOSITORY).as_posix()
        for text in strings(tree(path))
        if HANZI.search(str(text.value))
    ]
    assert spoken == []
