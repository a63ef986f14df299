"""The import law catches what it forbids: planted violations, one contract each."""

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.sources import PACKAGES, REPOSITORY

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
LINT_S_MAX = 120

TOP = "protocol is the only shared package"
EDGE = "edge_agent points inwards"
CENTRAL = "central points inwards"
PURE = "the pure core does no I/O"
PORTS = "only prerequisites reaches a concrete back-end, through open_stores"
ACYCLIC = "no cycles"

PLANTS = {
    "edge core reads a database": (PURE, {"edge_agent/core/planted.py": "import sqlite3"}),
    "edge core draws lots": (PURE, {"edge_agent/core/planted.py": "import random"}),
    "edge core opens pictures": (PURE, {"edge_agent/core/planted.py": "import cv2"}),
    "edge core decodes": (PURE, {"edge_agent/core/planted.py": "import av"}),
    "central core shows pages": (PURE, {"central/core/planted.py": "import nicegui"}),
    "protocol reads the clock": (PURE, {"protocol/planted.py": "import time"}),
    "pipeline starts workers": (EDGE, {"edge_agent/pipeline/planted.py": "import edge_agent.supervisor"}),
    "edge imports central": (TOP, {"edge_agent/link/planted.py": "import central"}),
    "provisioning imports the edge": (TOP, {"provisioning/planted.py": "import edge_agent"}),
    "protocol imports a half": (TOP, {"protocol/planted.py": "import central"}),
    "pages import the API": (CENTRAL, {"central/web/planted.py": "import central.api"}),
    "the API imports pages": (CENTRAL, {"central/api/planted.py": "import central.web"}),
    "pages reach into the database": (PORTS, {"central/web/planted.py": "import central.stores.sql.cases"}),
    "a service opens the stores": (
        PORTS,
        {"central/services/planted.py": "def now():\n    from central.stores.open_stores import open_stores"},
    ),
    "two modules in a circle": (
        ACYCLIC,
        {
            "central/core/planted.py": "import central.core.planted_too",
            "central/core/planted_too.py": "import central.core.planted",
        },
    ),
    "a stray module in the edge": (EDGE, {"edge_agent/planted.py": ""}),
    "a stray package in central": (CENTRAL, {"central/planted/__init__.py": ""}),
}


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the packages and their law, once."""
    folder = tmp_path_factory.mktemp("contracts")
    shutil.copy(REPOSITORY / ".importlinter", folder)
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "*.onnx", "*.png", "*.jpg")
        shutil.copytree(REPOSITORY / package, folder / package, ignore=ignored)
    broken, report = broken_contracts(folder)
    assert not broken, report
    return folder


def law() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(REPOSITORY / ".importlinter", encoding="utf-8")
    return parser


def broken_contracts(folder: Path) -> tuple[set[str], str]:
    """Run the import linter in a folder; return the names of the broken contracts and the whole report."""
    ended = subprocess.run(
        [LINT_IMPORTS, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=LINT_S_MAX,
        check=False,
    )
    report = ended.stdout + ended.stderr
    assert "Contracts:" in report, report
    return {line.rpartition(" BROKEN")[0] for line in report.splitlines() if line.endswith(" BROKEN")}, report


@pytest.mark.parametrize("name", PLANTS)
def test_planted_violation_is_caught(copied: Path, name: str) -> None:
    contract, files = PLANTS[name]
    made = [copied / path for path in files]
    for path, text in zip(made, files.values(), strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'"""Planted."""\n{text}\n')
    try:
        broken, report = broken_contracts(copied)
    finally:
        for path in made:
            path.unlink()
    assert contract in broken, report
    assert "planted" in report


def test_each_contract_has_a_plant() -> None:
    names = {section["name"] for section in law().values() if "name" in section}
    assert names == {contract for contract, _files in PLANTS.values()}


def test_every_back_end_is_in_the_law() -> None:
    open_to_all = {"__init__", "__pycache__", "open_stores", "ports"}
    back_ends = {path.stem for path in (REPOSITORY / "central" / "stores").iterdir()} - open_to_all
    forbidden = law()["importlinter:contract:ports"]["forbidden_modules"].split()
    assert set(forbidden) == {f"central.stores.{name}" for name in back_ends}
