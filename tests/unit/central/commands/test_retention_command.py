"""`gridwarden central retention` says what would go, deletes it, and lists tombstones and holds."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from central.cli import app
from tests.support.casework import Staff
from tests.support.office import office, settings_in
from tests.support.store_contents import change, rows


@pytest.fixture
def kept(tmp_path: Path) -> tuple[str, str, str]:
    """Return the settings file of a central with two cases that ended long ago, and their numbers."""
    file = tmp_path / "central.yaml"
    file.write_text("data_dir: data\nretention:\n  cases_days: 365\n")
    with office(settings_in(tmp_path / "data")) as opened:
        staff = Staff(opened.stores)
        numbers = [staff.report().case.number for _ in range(2)]
        long_ago = (datetime.now(UTC) - timedelta(days=800)).isoformat(timespec="microseconds")
        change(opened.stores, "UPDATE cases SET status = 'closed', updated_at = :at", at=long_ago)
        assert len(rows(opened.stores, "cases")) == 2
    return str(file), numbers[0], numbers[1]


def said(file: str, *words: str, language: str = "en_GB.UTF-8") -> tuple[int, list[str]]:
    ended = CliRunner(env={"LC_ALL": language}).invoke(app, ["retention", *words, "--config", file])
    return ended.exit_code, (ended.stdout or ended.stderr).splitlines()


def test_a_dry_run_then_a_run(kept: tuple[str, str, str]) -> None:
    file, held, gone = kept
    assert said(file, "hold", held, "--reason", "court 2026-17") == (0, [f"case {held} is under legal hold"])
    code, lines = said(file, "run", "--dry-run")
    assert (code, len(lines)) == (0, 3)
    assert lines[0].startswith("ended cases: by cases_days=365, 1 from before ")
    assert "1 more stay, under legal hold" in lines[0]
    assert lines[1:] == ["reports of no case: kept for ever", "this was a dry run: nothing was deleted"]
    assert said(file, "run", "--dry-run", language="zh_CN.UTF-8")[1][2] == "仅为预演，未删除任何内容"
    assert said(file, "run")[1][2].startswith("deleted 1 cases, 0 reports, 0 pictures")
    (stone,) = said(file, "tombstones")[1]
    assert "cases_days=365" in stone
    assert f"number={gone}" in stone
    (line,) = said(file, "holds")[1]
    assert line.startswith(f"{held}\t")
    assert line.endswith("\tcourt 2026-17")
    assert said(file, "lift", held) == (0, [f"the legal hold of case {held} is lifted"])
    assert said(file, "holds") == (0, [])
    assert said(file, "run")[1][2].startswith("deleted 1 cases")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("hold", "E1", "--reason", "why"), "there is no case E1"),
        (("lift", "E1"), "there is no case E1"),
        (("hold", "E1", "--reason", ""), "needs a reason"),
    ],
)
def test_mistakes_are_one_sentence(words: tuple[str, ...], sentence: str, kept: tuple[str, str, str]) -> None:
    code, lines = said(kept[0], *words)
    assert (code, len(lines)) == (2, 1)
    assert sentence in lines[0]
