"""Every module of the product is reached from an entry point."""

import ast
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.support.sources import REPOSITORY, modules, python_files, strings, tree

# Alembic loads these by their place, no import names them.
LOADED_BY_PLACE = "migrations"


def entry_points() -> set[str]:
    """Return the modules that pyproject.toml names, and those that `python -m PACKAGE` or a generator of docs/ runs."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["scripts"], *project["entry-points"].values()]
    named = {target.partition(":")[0] for group in groups for target in group.values()}
    generators = {module for path in python_files("docs") for module in mentioned("", path)}
    return named | {name for name in modules() if name.endswith(".__main__") or name in generators}


def with_parents(name: str) -> Iterator[str]:
    """Yield a module and the packages that importing it runs: a.b.c, a.b, a."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def mentioned(name: str, path: Path) -> Iterator[str]:
    """Yield every dotted name that a module imports, or spells as a string (`module` or `module:attribute`)."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    module = tree(path)
    for node in ast.walk(module):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=origin, names=names, level=level):
                base = _origin(package, origin, level)
                yield base
                yield from (f"{base}.{alias.name}" for alias in names)
            case _:
                continue
    yield from (str(text.value).partition(":")[0] for text in strings(module))


def reached(known: Mapping[str, Path], roots: set[str]) -> set[str]:
    """Return the modules that the roots reach, themselves included."""
    seen: set[str] = set()
    waiting = {module for root in roots for module in with_parents(root)}
    while waiting:
        name = waiting.pop()
        if name in seen or name not in known:
            continue
        seen.add(name)
        waiting |= {module for target in mentioned(name, known[name]) for module in with_parents(target)}
        if name.rpartition(".")[2] == LOADED_BY_PLACE:
            waiting |= {module for module in known if module.startswith(f"{name}.")}
    return seen


def test_entry_points_exist() -> None:
    assert entry_points() <= modules().keys()


def test_every_module_is_reached_from_an_entry_point() -> None:
    known = modules()
    assert sorted(known.keys() - reached(known, entry_points())) == []


def test_an_orphan_is_noticed(tmp_path: Path) -> None:
    texts = {
        "shop": "",
        "shop.cli": "from shop import till\nRUN = 'shop.oven:main'\n",
        "shop.till": "",
        "shop.oven": "",
        "shop.attic": "import shop.till\n",
    }
    known = {name: tmp_path / f"{name}.py" for name in texts}
    for name, text in texts.items():
        known[name].write_text(text)
    assert known.keys() - reached(known, {"shop.cli"}) == {"shop.attic"}


def _origin(package: str, module: str | None, level: int) -> str:
    """Return the absolute name of the module after `from`."""
    if not level:
        return module or ""
    parts = package.split(".")
    kept = parts[: len(parts) - level + 1]
    return ".".join([*kept, *([module] if module else [])])
