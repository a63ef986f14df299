"""The repository's own text, as tidy tests read it."""

import ast
import os
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGES = ("protocol", "edge_agent", "central", "provisioning")
BESIDE = ("tests", "bench", "docs")
NOT_OURS = {
    "__pycache__",
    ".git",
    ".venv",
    ".venv-peers",
    ".ansible",
    ".hypothesis",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".import_linter_cache",
    ".grimp_cache",
    ".nicegui",
    "build",
    "dist",
    "data",
    "out",
}
TEXT_ENDINGS = {".py", ".md", ".toml", ".yaml", ".yml", ".cfg", ".ini", ".txt", ".sh", ".j2", ".json", ".mako", ""}
TEXT_BYTES_MAX = 1_000_000


def text_files() -> Iterator[Path]:
    """Yield every text file of the repository, built and downloaded things apart."""
    for folder, folders, names in os.walk(REPOSITORY):
        folders[:] = sorted(name for name in folders if name not in NOT_OURS and not name.endswith(".egg-info"))
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix in TEXT_ENDINGS and path.is_file() and path.stat().st_size <= TEXT_BYTES_MAX:
                yield path


def python_files(*folders: str) -> list[Path]:
    """Return the Python files below these folders of the repository, sorted."""
    return sorted(path for folder in folders for path in (REPOSITORY / folder).rglob("*.py"))


def modules() -> dict[str, Path]:
    """Return the product's modules: dotted name -> file; a package is its `__init__.py`."""
    return {module_name(path): path for path in python_files(*PACKAGES)}


def module_name(path: Path) -> str:
    """Return the dotted name under which a file of the repository is imported."""
    parts = path.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def shown(path: Path) -> str:
    """Return a path as messages name it: from the repository's root."""
    return path.relative_to(REPOSITORY).as_posix()


def tree(path: Path) -> ast.Module:
    """Parse a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def strings(module: ast.Module) -> Iterator[ast.Constant]:
    """Yield the string constants of a module that are no docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {id(_first(node)) for node in ast.walk(module) if isinstance(node, documented)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node


def _first(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> ast.expr | None:
    """Return the expression that stands first in a body, where a docstring would be."""
    return node.body[0].value if node.body and isinstance(node.body[0], ast.Expr) else None
