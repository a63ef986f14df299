"""`gridwarden central publish-month` and `months`: what was published, in both languages and as JSON alone."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from central.cli import app
from tests.support.casework import Staff
from tests.support.office import office, settings_in
from tests.support.store_contents import change


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Return the settings of a closed office with a case of an early month."""
    settings = tmp_path / "central.yaml"
    settings.write_text(f"data_dir: {tmp_path}\n")
    with office(settings_in(tmp_path)) as opened:
        Staff(opened.stores).handled()
    return str(settings)


def call(file: str, *words: str, language: str = "en") -> tuple[int, str, str]:
    ended = CliRunner().invoke(app, [*words, "--lang", language, "--config", file])
    return ended.exit_code, ended.stdout, ended.stderr


def test_from_the_first_publication_to_the_second_revision(file: str, tmp_path: Path) -> None:
    code, text, _ = call(file, "publish-month", "2026-03")
    assert (code, text.splitlines()[0]) == (0, "published: 2026-03, revision 1")
    assert call(file, "publish-month", "2026-03", language="zh-CN")[1].startswith("没有变化，2026-03 第1版 仍有效")
    with office(settings_in(tmp_path)) as again:
        change(again.stores, "UPDATE case_facts SET registered_at = NULL")
    code, text, errors = call(file, "publish-month", "2026-03", "--json")
    told = json.loads(text)
    assert (code, errors, told["is_new"], told["revision"]) == (0, "", True, 2)
    assert told["difference"][0] == "2026-03, revision 2, beside revision 1:"
    listed = json.loads(call(file, "months", "--json")[1])
    assert [(one["month"], one["revision"]) for one in listed] == [("2026-03", 2), ("2026-03", 1)]
    assert [line.split("  ")[:3] for line in call(file, "months")[1].splitlines()] == [
        ["2026-03", "2", "complete"],
        ["2026-03", "1", "complete"],
    ]
    first = json.loads(call(file, "months", "--month", "2026-03", "--revision", "1", "--json")[1])
    assert (first["intact"], first["difference"]) == (True, [])
    told = call(file, "months", "--month", "2026-03", "--revision", "1")[1].splitlines()
    few = [
        told[at - 1].strip()
        for at, line in enumerate(told)
        if line == "    fewer than 30 cases: shown, and not to be relied on"
    ]
    assert "registration rate (the city): 100.00% (1 / 1)" in few
    none = [told[at + 1].strip() for at, line in enumerate(told) if line == "  use of the seats (the city): no figure"]
    assert none == ["there is no roster of this period"]
    (seats,) = [one for one in first["figures"] if one["id"] == "seat_usage"]
    assert (seats["value"], seats["reason"]) == (None, "there is no roster of this period")
    assert "beside revision 1" in call(file, "months", "--month", "2026-03", "--revision", "0")[1]
    with office(settings_in(tmp_path)) as again:
        change(again.stores, "UPDATE kpi_months SET figures = '[' WHERE revision = 2")
    assert "this revision was changed" in call(file, "months", "--month", "2026-03", "--revision", "2")[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("publish-month", "2190-01"), "2190-01 is not over; publish it from 2190-02-01 00:00 (Asia/Shanghai)"),
        (("publish-month", "October"), "'October' is no month; write year and month as 2026-10"),
        (("months", "--month", "2026-01", "--revision", "3"), "2026-01 was not published"),
        (("months", "--revision", "3"), "name it with --month"),
        (("months", "--month", "2026-13"), "is no month"),
    ],
)
def test_a_users_mistake_is_one_sentence_and_exit_2(file: str, words: tuple[str, ...], said: str) -> None:
    code, text, errors = call(file, *words)
    assert (code, text) == (2, "")
    assert said in errors


def test_nothing_published_is_said(file: str) -> None:
    assert call(file, "months", language="zh-CN") == (0, "还没有发布任何月份\n", "")
