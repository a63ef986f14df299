"""`gridwarden central export-cases` writes a whole file, or says why not and leaves what is there."""

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from central.cli import app
from central.core.case_machine import CaseAction
from central.core.places import Crs, Position
from central.core.places.nearest import Component
from central.core.places.reading import ComponentDraft
from central.services.places import Places
from tests.support.casework import Staff
from tests.support.central_stores import OPERATOR
from tests.support.office import office, settings_in
from tests.support.speaking_box import later

PLACE = "东大街 5 号"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the settings file of an office with two cases."""
    folder = tmp_path_factory.mktemp("central")
    file = folder / "central.yaml"
    file.write_text(f"data_dir: {folder}\n")
    with office(settings_in(folder)) as opened:
        staff = Staff(opened.stores)
        staff.report(description="=1+1 暴露垃圾\x07", position=Position(34.7368, 105.3382))
        bin_ = Component("6205230305000007", "垃圾箱", "03-05", "环卫所", "12 号", 34.7365, 105.3385)
        Places(opened.stores).adopt(ComponentDraft((bin_,)), "c.csv", Crs.WGS84, OPERATOR, later(0))
        case = staff.walk(staff.report().case.id, CaseAction.ACCEPT).case.id
        staff.act(case, CaseAction.REGISTER, component_id=bin_.id)
        staff.walk(case, CaseAction.DISPATCH, CaseAction.TAKE, CaseAction.SUBMIT)
    return str(file)


def export(config: str, file: Path, *words: str, language: str = "zh_CN.UTF-8") -> tuple[int, str]:
    runner = CliRunner(env={"LC_ALL": language, "COLUMNS": "300"})
    ended = runner.invoke(app, ["export-cases", str(file), "--config", config, *words])
    return ended.exit_code, ended.output


def csv_rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened))


def xlsx_rows(file: Path) -> list[list[str]]:
    book = load_workbook(file)
    (sheet,) = book.worksheets
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    return [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]


def test_both_kinds_of_file_say_the_same(config: str, tmp_path: Path) -> None:
    assert export(config, tmp_path / "a.csv") == (0, f"{tmp_path}/a.csv：2 个案件\n")
    assert export(config, tmp_path / "a.xlsx", language="en_GB.UTF-8") == (0, f"{tmp_path}/a.xlsx: 2 cases\n")
    assert export(config, tmp_path / "zh.xlsx")[0] == 0
    plain, sheet = csv_rows(tmp_path / "a.csv"), xlsx_rows(tmp_path / "zh.xlsx")
    assert plain[2][6] == "'=1+1 暴露垃圾\x07"
    assert sheet[2][6] == "=1+1 暴露垃圾"
    assert [[*row[:6], *row[7:]] for row in plain] == [[*row[:6], *row[7:]] for row in sheet]
    assert xlsx_rows(tmp_path / "a.xlsx")[0][0] == "number"
    assert [row[9:11] for row in plain] == [["部件标识码", "部件名称"], ["6205230305000007", "垃圾箱"], ["", ""]]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.csv", "a.xlsx", "zh.xlsx"]


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["--text", "暴露垃圾"], 1),
        (["--text", "caller"], 0),
        (["--status", "awaiting_check", "--status", "closed"], 1),
        (["--source", "hotline", "--unit", "sanitation"], 1),
        (["--opened-after", "2020-01-01T00:00+08:00", "--opened-before", "2020-01-02T00:00Z"], 0),
        (["--updated-after", "2020-01-01T00:00Z", "--updated-before", "2100-01-01T00:00Z"], 2),
        (["--due-before", "2100-01-01T00:00Z", "--box", "b9"], 0),
        (["--scene", "stay", "--camera", "b1.cam-1"], 0),
        (["--bbox", "105.33,34.73,105.34,34.74"], 1),
        (["--bbox=-10,-10,10,10"], 0),
        (["--assignee", "sanitation"], 1),
        (["--assignee", "greening"], 0),
        (["--grid", "62052300100101"], 0),
        (["--overdue"], 0),
        (["--component", "6205230305000007"], 1),
        (["--component", "6205230305000008"], 0),
    ],
)
def test_filters(words: list[str], count: int, config: str, tmp_path: Path) -> None:
    assert export(config, tmp_path / "a.csv", *words)[0] == 0
    assert len(csv_rows(tmp_path / "a.csv")) == 1 + count


@pytest.mark.parametrize(
    ("name", "words", "told"),
    [
        ("a.pdf", [], "ends in .csv or .xlsx"),
        ("a.csv", ["--status", "asleep"], "is none of candidate"),
        ("a.csv", ["--source", "rumour"], "is none of detector"),
        ("a.csv", ["--opened-after", "2026-03-01T00:00"], "has no zone"),
        ("a.csv", ["--due-before", "soon"], "--due-before: 'soon' is no ISO 8601 time"),
        ("a.csv", ["--text", "?!"], "at least one letter"),
        ("a.csv", ["--bbox", "105,34,106"], "--bbox: write four numbers"),
        ("a.csv", ["--bbox", "106,34,105,35"], "south-western corner first"),
        ("a.csv", ["--unit", "x" * 101], "--unit: String should have at most 100 characters"),
        ("there.csv", [], "is there already"),
    ],
)
def test_a_users_mistake_is_one_sentence(name: str, words: list[str], told: str, config: str, tmp_path: Path) -> None:
    (tmp_path / "there.csv").write_text("kept")
    code, output = export(config, tmp_path / name, *words)
    assert (code, told in output, output.count("\n")) == (2, True, 1), output
    assert (tmp_path / "there.csv").read_text() == "kept"


def test_a_file_is_replaced_on_demand_alone(config: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("old")
    assert export(config, tmp_path / "a.csv", "--force")[0] == 0
    assert len(csv_rows(tmp_path / "a.csv")) == 3


def test_a_folder_that_is_not_there_is_named(config: str, tmp_path: Path) -> None:
    code, output = export(config, tmp_path / "none" / "a.csv")
    assert (code, "cannot be written" in output) == (3, True), output
