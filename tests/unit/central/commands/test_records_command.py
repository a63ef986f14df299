"""`gridwarden central records` takes files whole, or tells every fault by its place."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula
from typer.testing import CliRunner

from central.cli import app
from central.core.project_records import RecordKind
from central.settings.evaluation_file import load_facts
from protocol.texts import Language
from tests.support.evaluation import HEAD, TREE
from tests.support.sources import REPOSITORY

YAML = """\
records:
  budget_lines:
    - {id: build, name: 平台建设, planned_cny: 278900, year: 2024}
  contracts:
    - id: c1
      name: 视频智能分析平台
      budget_line: build
      amount_cny: 270000.5
      supplier: Société Générale
      signed: 2024-02-03
      items:
        - {id: cameras, name: 摄像机, quantity: 50}
"""
PAYMENTS = 'id,contract,paid,amount_cny,voucher\np1,c1,2024-03-01,"135,000.25",记-17\n'


class Desk:
    """A folder with a central.yaml, and the commands over it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "central.yaml"
        self.config.write_text(f"data_dir: {folder}\n")

    def __call__(self, *words: str) -> tuple[int, str, str]:
        run = CliRunner(env={"LC_ALL": "en_GB.UTF-8"})
        ended = run.invoke(app, ["records", *words, "--lang", "en", "--config", str(self.config)])
        return ended.exit_code, ended.stdout, ended.stderr.replace(f"{self.folder}/", "")

    def take(self, name: str, text: str | bytes, *words: str) -> tuple[int, str, str]:
        """Import a file of this name."""
        file = self.folder / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return self("import", str(file), *words)

    def rows(self, kind: str) -> list[dict[str, object]]:
        """Return what stands of a kind."""
        found: list[dict[str, object]] = json.loads(self("list", kind, "--json")[1])
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def books(desk: Desk) -> Desk:
    assert desk.take("r.yaml", YAML)[:2] == (0, "r.yaml: 2 added, 0 corrected, 0 as before\n")
    return desk


def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    assert desk.take("r.yaml", YAML, "--dry-run")[1].splitlines()[1] == "dry run, nothing was written"
    assert desk.rows("contracts") == []


def test_tables_are_taken_and_the_same_again_is_no_change(books: Desk) -> None:
    assert books.take("payments.csv", PAYMENTS)[1] == "payments.csv: 1 added, 0 corrected, 0 as before\n"
    assert books.take("payments.csv", PAYMENTS)[1] == "payments.csv: 0 added, 0 corrected, 1 as before\n"
    (paid,) = books.rows("payments")
    assert paid["record"] == {
        "id": "p1", "contract": "c1", "paid": "2024-03-01", "amount_cny": "135000.25", "voucher": "记-17",
    }  # fmt: skip
    assert (paid["source"], paid["revision"], paid["year"]) == ("payments.csv:2:1", 1, 2024)
    (contract,) = books.rows("contracts")
    assert isinstance(contract["record"], dict)
    assert contract["record"]["supplier"] == "Société Générale"


def test_a_correction_needs_a_reason_and_keeps_what_was(books: Desk) -> None:
    books.take("payments.csv", PAYMENTS)
    other = PAYMENTS.replace("135,000.25", "135,000.50")
    code, _, told = books.take("payments.csv", other)
    assert (code, told.split(" (")[0]) == (2, "payments.csv:2:1: id: p1 is there with other content")
    assert books.take("payments.csv", other, "--correct", "录入有误")[1].startswith("payments.csv: 0 added, 1 corr")
    assert books("list", "payments")[1].endswith("corrected: 录入有误\n")
    assert books("withdraw", "payments", "p1", "--revision", "1", "--reason", "x")[0] == 2
    assert books("withdraw", "payments", "p1", "--revision", "2", "--reason", "重复")[0] == 0
    assert books.rows("payments") == []
    assert "withdrawn: 重复" in books("list", "payments", "--withdrawn")[1]


def test_what_is_named_by_others_stays(books: Desk) -> None:
    code, _, told = books("withdraw", "budget-lines", "build", "--revision", "1", "--reason", "x")
    assert (code, told) == (2, "contracts/c1 name it; withdraw these first\n")


HEADS = {
    "payments.csv": "id,contract,paid,amount_cny\n",
    "surveys.csv": "id,asked,on,question,stratum,population,answered,satisfied\n",
    "acceptances.csv": "id,item,on,passed,by\n",
    "r2.yaml": "records:\n",
}
BAD_ROWS = [
    ("payments.csv", "p1,c9,2024-03-01,5", "2:2: contract: there is no c9"),
    ("payments.csv", "p1,c1,2024-03-01,-5", "2:4: payments.amount_cny: should be 0 or more"),
    ("payments.csv", "p1,c1,2024-02-30,5", "2:3: payments.paid: should be a day"),
    ("payments.csv", "p1,c1,2199-01-01,5", "2:3: paid: 2199-01-01 has not come yet"),
    ("payments.csv", "p1,c1,1999-12-31,5", "2:3: paid: 1999-12-31 is not within"),
    ("payments.csv", "p1,c1,2024-03-01,5\np1,c1,2024-03-02,5", "3:1: id: the id p1 stands twice"),
    ("payments.csv", "p1,c1,2024-03-01,=1+1", "2:4: payments: the cell is a formula"),
    ("payments.csv", "p1,c1,2024-03-01,1.005", "2:4: payments.amount_cny: 1.005: money has two"),
    ("payments.csv", "p1,c1,2024-03-01,１２３", "2:4: payments.amount_cny: should be an amount such as 135000.25"),
    ("payments.csv", "p1,c1,2024-03-01,-0", "2:4: payments.amount_cny: should be an amount such as"),
    ("payments.csv", "p1,c1,２０２４-03-01,5", "2:3: payments.paid: should be a day"),
    ("surveys.csv", "s1,市民,2024-06-01,好吗,东街,９,3,3", "2:6: surveys.strata.0.population: should be a whole"),
    ("surveys.csv", "s1,市民,2024-06-01,好吗,东街,9,3,-0", "2:8: surveys.strata.0.satisfied: should be a whole"),
    ("r2.yaml", "  payments:\n    - {id: p1, contract: c1, paid: 2024-03-01, amount_cny: -0.0}", "3:48: payments.0.am"),
    ("payments.csv", "p1,c1,2024-03-01,#REF!", "2:4: payments: the cell holds the error #REF!"),
    ("payments.csv", "é1,c1,2024-03-01,5", "2:1: payments.id: is not written well"),
    ("payments.csv", ",c1,2024-03-01,5", "2:2: payments: the id is missing"),
    ("surveys.csv", "s1,市民,2024-06-01,好吗,东街,9,3,3\n,,,,西街,9,3,4", "3:5: surveys.strata.1: should be satisfied"),
    ("acceptances.csv", "a1,cameras,2024-06-01,perhaps,王", "2:4: acceptances.passed: should be true"),
    ("r2.yaml", "  payments:\n    - {id: p1, contract: c1, paid: 2024-03-01, amount_cny: -5}", "3:48: payments.0.am"),
    ("r2.yaml", "  payments:\n    - {id: p1, contract: c9, paid: 2024-03-01, amount_cny: 5}", "3:16: contract: ther"),
    ("r2.yaml", "  bills: []", "2:3: bills: there are no records of this kind"),
    ("r2.yaml", "  payments: 5", "2:3: payments: should be a list"),
]


@pytest.mark.parametrize(("name", "rows", "told"), BAD_ROWS)
def test_a_fault_has_its_place_and_nothing_is_written(books: Desk, name: str, rows: str, told: str) -> None:
    code, out, error = books.take(name, f"{HEADS[name]}{rows}\n")
    assert (code, out) == (2, "")
    assert error.startswith(f"{name}:{told}")
    assert "Traceback" not in error
    assert books.rows("payments") == []


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("payments.csv", "id,contract,paid,amount\n", "payments.csv:1:4: payments: there is no column amount"),
        ("payments.csv", "", "payments.csv:1:1: payments: there is no header"),
        ("table.csv", "id\n", "table.csv: of what kind are the records"),
        ("payments.txt", "id\n", "payments.txt: should be a .yaml, .csv or .xlsx file"),
        ("r2.yaml", "- 5\n", "r2.yaml:1: should hold"),
    ],
)
def test_what_is_no_such_file_is_refused(books: Desk, name: str, text: str, told: str) -> None:
    code, out, error = books.take(name, text)
    assert (code, out) == (2, "")
    assert error.startswith(told)


def test_one_wrong_row_keeps_the_others_out(books: Desk) -> None:
    rows = "".join(f"p{number},c1,2024-03-01,5\n" for number in range(50))
    code, _, told = books.take("payments.csv", f"id,contract,paid,amount_cny\n{rows}bad,c9,2024-03-01,5\n")
    assert (code, told.splitlines()) == (2, ["payments.csv:52:2: contract: there is no c9; there are: c1"])
    assert books.rows("payments") == []


@pytest.mark.parametrize("name", ["payments.csv", "payments.xlsx", "big.yaml"])
def test_a_file_of_50_mb_is_refused_with_a_sentence(books: Desk, name: str) -> None:
    code, _, told = books.take(name, b"p1,c1,2024-03-01,5\n" * 2_700_000)
    assert code == 2
    assert told.startswith(f"{name}: larger than")


def sheet(books: Desk, *rows: tuple[object, ...]) -> tuple[int, str, str]:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    file = books.folder / "payments.xlsx"
    book.save(file)
    return books("import", str(file))


def test_a_workbook_is_taken_with_its_days_and_numbers(books: Desk) -> None:
    head = ("编号", "合同", "支付日期", "支付金额", "凭证号")
    written = (("p1", "c1", date(2024, 3, 1), 135000.25, None), ("p2", "c1", datetime(2024, 12, 31), 5, "记"))  # noqa: DTZ001 - a cell
    code, told, _ = sheet(books, head, *written)
    assert (code, told) == (0, "payments.xlsx: 2 added, 0 corrected, 0 as before\n")
    assert [one["source"] for one in books.rows("payments")] == ["payments.xlsx:A3", "payments.xlsx:A2"]


@pytest.mark.parametrize("cell", ["=1+1", ArrayFormula("D2", "=SUM(A1:A2)")])
def test_formulas_are_refused_by_their_cell(books: Desk, cell: object) -> None:
    head = ("id", "contract", "paid", "amount_cny")
    code, _, told = sheet(books, head, ("p1", "c1", "2024-03-01", cell))
    assert code == 2
    assert told.startswith("payments.xlsx:D2: payments: the cell is a formula")


def test_three_answers_and_two_acceptances_are_taken_and_flagged(books: Desk) -> None:
    survey = "id,asked,on,question,stratum,population,answered,satisfied\ns1,citizen,2024-06-01,?,东,9,3,3\n"
    assert books.take("surveys.csv", survey)[0] == 0
    accepted = "id,item,on,passed,by\na1,cameras,2024-06-01,否,王\na2,cameras,2024-06-02,是,王\n"
    assert books.take("acceptances.csv", accepted)[0] == 0
    flags = json.loads(books("check", "--json")[1])
    assert [one["id"] for one in flags] == ["accepted_twice", "not_significant"]


def test_a_camera_is_traced_to_the_budget_and_back(books: Desk) -> None:
    books.take("payments.csv", PAYMENTS)
    assert books.take("devices.csv", "id,item,device,on\nd1,cameras,b1.cam-1,2024-05-01\n")[0] == 0
    up = json.loads(books("trace", "devices", "b1.cam-1", "--json")[1])
    down = json.loads(books("trace", "budget_lines", "build", "--json")[1])
    assert up == down
    assert {kind: [one["id"] for one in found] for kind, found in up.items() if found} == {
        "budget_lines": ["build"], "contracts": ["c1"], "payments": ["p1"], "devices": ["d1"],
    }  # fmt: skip
    assert books("trace", "devices", "b9.cam-1")[0] == 2
    english = books("trace", "contracts", "c1")[1].splitlines()
    assert english[1] == "  contract c1 视频智能分析平台 270000.5 CNY"
    words = ["records", "trace", "contracts", "c1", "--lang", "zh-CN", "--config", str(books.config)]
    chinese = CliRunner().invoke(app, words).stdout.splitlines()
    assert [line.split()[0] for line in chinese] == ["预算项", "合同", "支付", "合同项", "设备"]
    nobody = CliRunner().invoke(app, [*words[:3], "c9", *words[4:]])
    assert (nobody.exit_code, nobody.stderr) == (2, "contracts 中没有 c9，或没有与它相连的记录\n")


def test_an_export_is_what_a_facts_file_takes(books: Desk, tmp_path: Path) -> None:
    books.take("payments.csv", PAYMENTS)
    code, text, _ = books("export", "--year", "2024")
    assert code == 0
    file = tmp_path / "facts.yaml"
    file.write_text(f"{HEAD}{TREE}{text}")
    records = load_facts(file, 2026, Language.ENGLISH).records
    assert [one.amount_cny for one in records.payments] == [135000.25]
    assert books("export", "--year", "2025")[1] == "records: {}\n"
    assert books("export", "--year", "2024", "--out", str(file))[0] == 2


def test_the_examples_of_the_documentation_are_taken(desk: Desk) -> None:
    examples = REPOSITORY / "docs" / "examples"
    code, out, err = desk("import", str(examples / "records.yaml"))
    assert (code, err) == (0, ""), err
    assert {kind: len(desk.rows(kind)) > 0 for kind in RecordKind} == dict.fromkeys(RecordKind, True)
    code, out, err = desk("import", str(examples / "payments.csv"))
    assert (code, out, err) == (0, "payments.csv: 1 added, 0 corrected, 2 as before\n", "")
    assert [one["id"] for one in desk.rows("payments")] == ["p3", "p2", "p1"]
    assert json.loads(desk("check", "--json")[1]) == []
