"""One English name in code for each word of the trade, and the glossary holds them all."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.support.sources import REPOSITORY, python_files, shown, tree

FOLDERS = ("protocol", "central/core", "edge_agent/core")
GLOSSARY = REPOSITORY / "docs" / "glossary.md"


def enum_values(folder: str) -> Iterator[tuple[str, str]]:
    """Yield (file Class.MEMBER, value) of every StrEnum below a folder."""
    for path in python_files(folder):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith("StrEnum") for base in node.bases):
                yield from ((f"{shown(path)} {node.name}.{name}", value) for name, value in members(node))


def members(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Yield the members of a StrEnum with their values; `auto()` is the name in lower case."""
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(value))):
                yield name, value
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call()):
                yield name, name.lower()
            case _:
                continue


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_enumerated_word_is_in_the_glossary(folder: str) -> None:
    known = set(re.findall(r"`([^`]+)`", GLOSSARY.read_text(encoding="utf-8")))
    assert [f"{at} = {value}" for at, value in enum_values(folder) if value not in known] == []


def test_values_of_every_spelling_are_found() -> None:
    node = ast.parse("class Word(StrEnum):\n    '''Doc.'''\n    FIRST = 'first'\n    SECOND_ONE = auto()\n").body[0]
    assert isinstance(node, ast.ClassDef)
    assert dict(members(node)) == {"FIRST": "first", "SECOND_ONE": "second_one"}
