"""Print the largest functions, modules and folders: to be looked at, not a gate."""

import ast
import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.support.sources import PACKAGES, REPOSITORY, python_files, shown, tree

SHOWN_MAX = 5
FUNCTION_LINES_LOOK = 70
MODULE_LINES_LOOK = 400
FOLDER_ENTRIES_LOOK = 10

Size = tuple[int, str]


def functions(paths: Iterable[Path]) -> list[Size]:
    """Return (lines, file:line name) of every function, decorators and docstring included."""
    return [
        ((node.end_lineno or node.lineno) - node.lineno + 1, f"{shown(path)}:{node.lineno} {node.name}")
        for path in paths
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def modules(paths: Iterable[Path]) -> list[Size]:
    """Return (lines, file) of every module."""
    return [(len(path.read_text(encoding="utf-8").splitlines()), shown(path)) for path in paths]


def folders(paths: Iterable[Path]) -> list[Size]:
    """Return (entries, folder) of every code folder; `__init__.py` does not count, a sub-folder counts once."""
    entries: dict[Path, set[str]] = {}
    for path in paths:
        for parent in path.relative_to(REPOSITORY).parents:
            below = path.relative_to(REPOSITORY / parent).parts[0]
            if parent.parts and below != "__init__.py":
                entries.setdefault(parent, set()).add(below)
    return [(len(names), folder.as_posix()) for folder, names in entries.items()]


def report(kind: str, sizes: list[Size], look: int) -> str:
    """Return the largest ones as lines; `!` marks those that deserve a second look."""
    largest = sorted(sizes, reverse=True)[:SHOWN_MAX]
    lines = [f"  {'!' if size > look else ' '} {size:4d}  {name}" for size, name in largest]
    return "\n".join([f"largest {kind} (look twice above {look}):", *lines])


def main() -> None:
    """Print the three lists for the product's packages."""
    paths = python_files(*PACKAGES)
    reports = [
        report("functions, in lines", functions(paths), FUNCTION_LINES_LOOK),
        report("modules, in lines", modules(paths), MODULE_LINES_LOOK),
        report("folders, in entries", folders(paths), FOLDER_ENTRIES_LOOK),
    ]
    sys.stdout.write("\n".join([*reports, ""]))


if __name__ == "__main__":
    main()
