"""`make bench-peers` says in one sentence what it needs; its figures need somebody's checkout and are no test."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.sources import REPOSITORY

RUN = REPOSITORY / "bench" / "peers" / "run.py"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("", "bench-peers needs your own checkout of Frigate: make bench-peers FRIGATE=FOLDER\n"),
        ("nowhere", "FRIGATE=nowhere is no folder: name your own checkout of Frigate\n"),
        (".", "FRIGATE=. is no checkout that this knows: it lacks frigate/motion/__init__.py, "),
    ],
)
def test_without_a_checkout_it_asks_for_one(given: str, sentence: str, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, RUN, given], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(sentence)
    assert ended.stderr.count("\n") == 1
