"""`gridwarden central explain-deadline` in a process of its own: answers, and refusals of one sentence."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CALENDAR = """
version: gangu-2026.1
years:
  2026: {holidays: [2026-03-09], makeup_days: [2026-03-07]}
  2027: {holidays: [2027-01-01/2027-01-03], makeup_days: null}
time_systems:
  - name: 夏季办公
    days: {mon: ["08:00-12:00", "14:30-18:30"], fri: ["08:00-12:00", "14:30-18:30"]}
    minutes_per_workday: 480
    keeps_holidays: true
    makeup: ["09:00-11:00"]
"""


def run(*words: str, zone: str = "America/Los_Angeles") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "provisioning.main", "central", "explain-deadline", *words]
    environment = {**os.environ, "TZ": zone, "LANG": "en_US.UTF-8", "COLUMNS": "200"}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)


def test_json_alone_in_the_citys_zone_whatever_the_machines() -> None:
    done = run("--at", "2026-03-06T08:30Z", "--limit", "4工作时", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "due": "2026-03-09T10:30:00+08:00",
        "explanation": [
            "limit 4 working_hours, time system 办公, calendar china-2026.1",
            "Fri 2026-03-06 16:30-18:00 1.5 h",
            "Mon 2026-03-09 08:00-10:30 2.5 h",
        ],
        "warnings": [],
    }


def test_pauses_extensions_and_a_calendar_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_text(CALENDAR)
    own = ("--calendar", str(file), "--time-system", "夏季办公", "--json", "--lang", "zh-CN")
    done = run("--at", "2026-03-06T17:30+08:00", "--limit", "2工作时", *own)
    assert json.loads(done.stdout)["due"] == "2026-03-07T10:00:00+08:00"
    lines = json.loads(done.stdout)["explanation"]
    assert "周六 2026-03-07 调休上班，计时" in lines
    over = run("--at", "2026-03-06T17:30+08:00", "--limit", "2工作时", "--extend", "1", "--extend", "1", *own)
    assert json.loads(over.stdout)["due"] == "2026-03-13T11:00:00+08:00"
    paused = run(
        "--at", "2026-03-03T08:00+08:00", "--limit", "4工作时", "--extend", "1", "--json",
        "--pause", "2026-03-03T09:00+08:00/2026-03-03T10:00+08:00",
    )  # fmt: skip
    assert json.loads(paused.stdout)["due"] == "2026-03-04T09:00:00+08:00"
    held = run("--at", "2026-03-03T08:00+08:00", "--limit", "4工作时", "--json", "--pause", "2026-03-03T09:00+08:00/")
    assert json.loads(held.stdout)["due"] is None


def test_for_people() -> None:
    done = run("--at", "2026-12-31T17:00+08:00", "--limit", "2工作日")
    assert done.stdout.splitlines()[0] == "due 2027-01-05T17:00:00+08:00"
    assert done.stdout.splitlines()[-1].startswith("! the make-up days of 2027 are not announced")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--at", "2026-03-02T09:00", "--limit", "4工作时"), "has no zone"),
        (("--at", "yesterday", "--limit", "4工作时"), "is no time"),
        (("--at", "0001-01-01T00:00+08:00", "--limit", "4工作时"), "the year 1 is not counted"),
        (("--at", "9999-12-31T23:00Z", "--limit", "4紧急工作时"), "the year 9999 is not counted"),
        (
            ("--at", "2026-03-02T09:00Z", "--limit", "4工作时", "--pause", "2026-03-02T09:00Z/9999-12-31T23:59Z"),
            "the year 9999 is not counted",
        ),
        (("--at", "2026-03-02T09:00Z", "--limit", "4 moons"), "--limit: '4 moons' is no limit"),
        (("--at", "2026-03-02T09:00Z", "--limit", "4工作时", "--pause", "2026-03-02T09:00Z"), "--pause"),
        (
            ("--at", "2026-03-02T09:00Z", "--limit", "4工作时", "--pause", "2026-03-03T09:00/2026-03-04T09:00"),
            "no zone",
        ),
        (
            ("--at", "2026-03-02T09:00Z", "--limit", "4工作时", "--pause", "2026-03-04T09:00Z/2026-03-03T09:00Z"),
            "ends before it begins",
        ),
        (("--at", "2026-03-02T09:00Z", "--limit", "4工作时", "--time-system", "x"), "there are: 办公, 街面秩序"),
        (("--at", "2026-03-02T09:00Z", "--limit", "4工作时", "--calendar", "/nowhere"), "no such file"),
        (("--at", "9999-12-31T09:00Z", "--limit", "4工作时"), "9999"),
    ],
)
def test_mistakes_are_one_sentence_and_exit_code_2(words: tuple[str, ...], expected: str) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert expected in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (CALENDAR.replace("  2026:", "  2025:").replace("2026-03", "2025-03"), "2026 is missing"),
        ("version: a\nyears: {2026: {holidays: [2026-13-01], makeup_days: []}}", "month must be in 1..12"),
        ("version: a\nyears: {2026: {holidays: [soon], makeup_days: []}}", "is no day"),
        ("version: a\nyears: {2026: {holidays: [2025-01-01], makeup_days: []}}", "day of another year"),
        ("version: a\nyears: {2026: {holidays: [2026-01-05/2026-01-01], makeup_days: []}}", "must end after it begins"),
        ("version: a\nzone: Mars/Base\nyears: {2026: {holidays: [], makeup_days: []}}", "no time zone"),
        ("version: a\nyears: {2026: {holidays: [], makeup_days: []}}\nyear: 1", "no such key"),
        (CALENDAR.replace("08:00-12:00", "8-12"), "is no slot"),
        (CALENDAR.replace("mon:", "monday:"), "no weekday 'monday'"),
        (CALENDAR.replace("14:30-18:30", "11:00-18:30"), "overlap"),
        ("- a list", "it holds something else"),
        ("a: " + "[" * 10_000, "nested deeper"),
    ],
)  # fmt: skip
def test_a_calendar_with_mistakes(tmp_path: Path, content: str, expected: str) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_text(content)
    done = run("--at", "2026-03-02T09:00Z", "--limit", "4工作时", "--calendar", str(file))
    assert done.returncode == 2
    assert expected in done.stderr
    assert str(file) in done.stderr
    assert "Traceback" not in done.stderr
