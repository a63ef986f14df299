"""`gridwarden central kpi` in a process of its own: a figure, and refusals of one sentence."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

MARCH = ("--from", "2026-03-01", "--to", "2026-04-01")


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "provisioning.main", "central", *words]
    environment = {**os.environ, "LANG": "en_US.UTF-8", "COLUMNS": "200"}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env=environment, cwd=folder
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a fresh central."""
    made = tmp_path_factory.mktemp("central")
    done = subprocess.run(
        [sys.executable, "-m", "provisioning.main", "central", "init", str(made)],
        capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return made


def kpi(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    config = ("--config", str(folder / "central.yaml"))
    return run(Path.cwd(), "kpi", *words, *config)


def test_json_alone_on_stdout_and_no_number_where_there_is_nothing(folder: Path) -> None:
    done = kpi(folder, "closing_rate", *MARCH, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert (told["id"], told["value"], told["hits"], told["total"]) == ("closing_rate", None, 0, 0)
    assert "nothing to divide" in told["reason"]
    assert told["from"] == "2026-02-28T16:00:00+00:00"


def test_a_text_in_chinese(folder: Path) -> None:
    done = kpi(folder, "closing_rate", *MARCH, "--lang", "zh-CN")
    assert done.returncode == 0
    assert "结案率 无数据" in done.stdout
    assert "上期" in done.stdout


def test_by_phase_the_parts_are_told_and_the_whole_is_noted(folder: Path) -> None:
    config = folder / "trial.yaml"
    config.write_text(f"data_dir: {folder / 'data'}\nformal_operation_since: 2026-03-10\n", encoding="utf-8")
    words = ("kpi", "closing_rate", *MARCH, "--by", "phase", "--lang", "en", "--config", str(config))
    done = run(Path.cwd(), *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:2] == [
        f"{phase} operation  no figure  0 / 0  nothing to divide: cases to be closed is 0 in this period"
        for phase in ("trial", "formal")
    ]
    told = json.loads(run(Path.cwd(), *words, "--json").stdout)
    assert [one["group"] for one in told["groups"]] == ["trial", "formal"]
    assert list(told["groups"][0]["notes"]) == ["trial_operation"]


def test_days_begin_at_midnight_of_the_city(folder: Path) -> None:
    config = folder / "elsewhere.yaml"
    config.write_text(f"data_dir: {folder / 'data'}\ntimezone: America/New_York\n", encoding="utf-8")
    done = run(Path.cwd(), "kpi", "closing_rate", *MARCH, "--json", "--config", str(config))
    told = json.loads(done.stdout)
    assert (told["from"], told["to"]) == ("2026-03-01T05:00:00+00:00", "2026-04-01T04:00:00+00:00")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("closing_rate", *MARCH, "--by", "number"), "not told apart by 'number'"),
        (("nope", *MARCH), "there is no figure 'nope'"),
        (("closing_rate", "--from", "2026-03-01", "--to", "2026-03-01"), "empty"),
        (("closing_rate", "--from", "2026-04-01", "--to", "2026-03-01"), "ends before it begins"),
        (("closing_rate", "--from", "2026-03-01T08:00", "--to", "2026-04-01"), "no zone"),
    ],
)
def test_a_users_mistake_is_one_sentence_and_exit_2(folder: Path, words: tuple[str, ...], said: str) -> None:
    done = kpi(folder, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_full_disk_is_told_in_a_sentence(folder: Path) -> None:
    command = [sys.executable, "-m", "provisioning.main", "central", "kpi", "closing_rate", *MARCH]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [*command, "--config", str(folder / "central.yaml")],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "No space left on device; make room and try again" in done.stderr
