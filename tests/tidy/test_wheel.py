"""The wheel carries every file that the packages need beside their code."""

import tomllib
from fnmatch import fnmatch

from tests.support.sources import NOT_OURS, PACKAGES, REPOSITORY, shown


def test_every_data_file_matches_a_pattern_of_the_wheel() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = ["*.py", *project["tool"]["setuptools"]["package-data"]["*"]]
    left_out = [
        shown(path)
        for package in PACKAGES
        for path in (REPOSITORY / package).rglob("*")
        if path.is_file() and not NOT_OURS & set(path.relative_to(REPOSITORY).parts)
        if not any(fnmatch(path.name, pattern) for pattern in patterns)
    ]
    assert left_out == []


def test_the_file_of_versions_holds_no_address() -> None:
    lines = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [line for line in pins if line.count("==") != 1 or set("@/+ ") & set(line)] == []
