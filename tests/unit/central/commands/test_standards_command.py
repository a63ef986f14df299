"""`gridwarden central standards` imports a table and says what it changes, or everything that is wrong with it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from central.cli import app
from central.core.clocks import parse_limit
from central.core.standards import ClassKind, Draft, read_standards
from central.core.standards.codes import is_local
from central.settings.sheet_file import read_sheet
from protocol.scenes import CodeLayout
from tests.support.sources import REPOSITORY

EXAMPLE = REPOSITORY / "docs" / "examples" / "standards.csv"
HEADER = "大类代码,大类名称,小类代码,小类名称,处置单位,主管部门,立案条件,结案条件,处置时限\n"
ROW = "04,街面秩序,01,游商,执法队,,流动摊,取缔,2紧急工作时\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "central.yaml"
    file.write_text(f"data_dir: {tmp_path}\n")
    return file


def standards(config: Path, *words: str, language: str = "zh_CN.UTF-8") -> tuple[int, str, str]:
    ended = CliRunner(env={"LC_ALL": language}).invoke(app, ["standards", *words, "--config", str(config)])
    return ended.exit_code, ended.stdout, ended.stderr


def table(config: Path, text: str) -> str:
    file = config.with_name("table.csv")
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_the_example_is_imported_listed_and_shown(config: Path) -> None:
    code, told, _ = standards(config, "import", str(EXAMPLE), "--dry-run")
    assert (code, told.splitlines()[-1]) == (0, "试运行：会成为第 1 版，没有写入")
    assert standards(config, "list")[1].startswith("还没有立案标准")
    assert standards(config, "show", "04-01")[0] == 2
    code, told, _ = standards(config, "import", str(EXAMPLE))
    assert (code, told.splitlines()[-2:]) == (
        0,
        ["共 26 条标准：新增 26，变更 0，删除 0", "已导入为第 1 版；此后立案的案件按它计时，已立案的不变"],
    )
    listed = standards(config, "list")[1].splitlines()
    assert (len(listed), listed[0].split("；")[1:]) == (27, ["GB/T 30428.2-2013", "26 条"])
    code, told, _ = standards(config, "show", "04-93", language="en_GB.UTF-8")
    assert code == 0
    assert [line.strip() for line in told.splitlines() if "limit" in line] == [
        "limit  2工作时 (街面秩序)",
        "limit  1工作日 (街面秩序)",
    ]
    assert "local" in told
    assert standards(config, "show", "06-01")[0] == 2


def test_the_example_says_what_the_handbook_of_the_trade_says() -> None:
    draft = read_standards(read_sheet(EXAMPLE), ("办公", "街面秩序"))
    assert isinstance(draft, Draft)
    assert draft.layout is CodeLayout.GBT_30428_2013
    limits = {row.code: row.limit for row in reversed(draft.standards)}
    expected = {"04-01": "2紧急工作时", "01-10": "4工作时", "01-11": "5工作日", "01-36": "1工作日", "04-10": "2工作时"}
    assert {code: limits[code] for code in expected} == {code: parse_limit(text) for code, text in expected.items()}
    assert all(row.local is is_local(row.layout, ClassKind.EVENT, row.code) for row in draft.standards)
    assert {row.code for row in draft.standards if row.local} == {"01-92", "04-93", "04-95", "04-96"}


def test_what_a_new_version_changes_is_told(config: Path) -> None:
    standards(config, "import", table(config, HEADER + ROW))
    again = standards(config, "import", table(config, HEADER + ROW), language="en_GB.UTF-8")
    assert again == (0, "1 standards: 0 added, 0 changed, 0 removed\nthe same as version 1; not written\n", "")
    file = table(config, HEADER + ROW.replace("2紧急工作时", "1天") + ",,05,店外经营,,,出店,整改,\n")
    assert standards(config, "import", file, language="en_GB.UTF-8")[1].splitlines() == [
        "added  04-05 店外经营: 出店 (1工作日)",
        "changed  04-01 游商: 流动摊 (1工作日)",
        "2 standards: 1 added, 1 changed, 0 removed",
        "imported as version 2; cases registered from now on go by it, those before keep theirs",
    ]


def test_a_bad_file_ends_with_2_and_the_first_faults(config: Path) -> None:
    bad = "".join(ROW.replace("流动摊", f"摊{number}").replace("2紧急工作时", "尽快") for number in range(25))
    code, told, wrong = standards(config, "import", table(config, HEADER + bad))
    lines = wrong.splitlines()
    assert (code, told, len(lines)) == (2, "", 22)
    assert lines[0].endswith("table.csv：有 25 处错误，什么也没有导入")
    assert lines[1].startswith("  第 2 行，处置时限 (I)：“尽快”不是时限")
    assert lines[-1] == "  ……还有 5 处"
    assert standards(config, "list")[1].startswith("还没有立案标准")


def test_a_file_that_cannot_be_read_is_the_users_mistake(config: Path) -> None:
    code, _, wrong = standards(config, "import", str(config.with_name("none.xlsx")))
    assert (code, "没有这个文件" in wrong) == (2, True)
    assert standards(config.with_name("none.yaml"), "list")[0] == 2
