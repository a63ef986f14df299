"""Commands and configurations in the pages exist: a renamed option or key must not survive in the documentation."""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.main import get_command

from protocol.configuration import AgentConfig
from tests.support.sources import REPOSITORY, shown, text_files

FENCED = re.compile(r"```(?P<kind>\w*)\n(?P<text>.*?)```", re.DOTALL)
SPOKEN = re.compile(r"`((?:gridwarden|make|python bench/)[^`\n]*)`")
PLACEHOLDER = re.compile(r"^[A-Z_]+$|\.\.\.|^\|$")
PAGES = [path for path in text_files() if path.suffix == ".md"]


def commands(page: str) -> Iterator[str]:
    """Yield what a page tells people to type: lines of shell blocks, and code within sentences."""
    for block in FENCED.finditer(page):
        if block["kind"] == "sh":
            joined = block["text"].replace("\\\n", " ")
            yield from (part.strip() for line in joined.splitlines() for part in line.partition("#")[0].split(" | "))
    yield from SPOKEN.findall(FENCED.sub("", page))


def typed(program: str) -> list[tuple[str, list[str]]]:
    """Return (page, words after the program) of everything that starts with `program`, wherever it is installed."""
    found = []
    for path in PAGES:
        for line in commands(path.read_text(encoding="utf-8")):
            words = shlex.split(line.replace("'", "")) if line.count('"') % 2 == 0 else []
            starts = [at for at, word in enumerate(words) if word.rpartition("/")[2] == program]
            if starts and (starts[0] == 0 or words[0] == "sudo"):
                found.append((shown(path), words[starts[0] + 1 :]))
    return found


@cache
def application(name: str) -> Any:  # noqa: ANN401 - Typer's own copy of click has no public types
    """Return the command tree of one entry point."""
    return get_command(entry_points(group="gridwarden.commands")[name].load())


def fault(words: list[str]) -> str:
    """Say what is wrong with the words after `gridwarden`; empty when nothing is."""
    if not words or PLACEHOLDER.search(words[0]) or words[0].startswith("--"):
        return ""
    if words[0] not in entry_points(group="gridwarden.commands").names:
        return f"no command {words[0]}"
    command, rest = application(words[0]), words[1:]
    while rest and not rest[0].startswith("-") and hasattr(command, "commands"):
        if rest[0] not in command.commands:
            return "" if "|" in words or PLACEHOLDER.search(rest[0]) else f"no command {rest[0]}"
        command, rest = command.commands[rest[0]], rest[1:]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    wrong = [word for word in rest if word.startswith("--") and word.partition("=")[0] not in known]
    return f"no option {' '.join(wrong)}" if wrong else ""


def test_documented_gridwarden_commands_exist() -> None:
    told = typed("gridwarden")
    assert len(told) > 30
    assert [f"{page}: {' '.join(words)}: {fault(words)}" for page, words in told if fault(words)] == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["edge", "chek"], "no command chek"),
        (["edge", "run", "--konfig", "x"], "no option --konfig"),
        (["fly"], "no command fly"),
        (["central", "actor", "add", "Wang Fang", "--role", "operator"], ""),
    ],
)
def test_a_wrong_command_is_noticed(words: list[str], told: str) -> None:
    assert fault(words) == told


def test_documented_targets_and_benchmarks_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert [(page, words) for page, words in typed("make") if words and words[0] not in targets] == []
    benches = [words[0] for _, words in typed("python") if words and words[0].startswith("bench/")]
    assert benches
    assert [name for name in benches if not (REPOSITORY / name).is_file()] == []


def test_configurations_in_the_tutorial_are_valid() -> None:
    blocks = FENCED.finditer((REPOSITORY / "docs" / "tutorial.md").read_text(encoding="utf-8"))
    texts = [block["text"] for block in blocks if block["kind"] == "yaml"]
    assert [AgentConfig.model_validate(YAML(typ="safe").load(text)).box for text in texts] == ["b1"]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_begins_with_the_picture_and_the_two_commands(name: str) -> None:
    first_screen = (REPOSITORY / name).read_text(encoding="utf-8").partition("\n## ")[0]
    assert all(part in first_screen for part in ("docs/pictures/seat.png", "make demo", "make test"))
