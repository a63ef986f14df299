"""`gridwarden central register`: tables are taken whole or refused with a sentence."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from central.cli.central_commands import app


def run(*words: str) -> Result:
    return CliRunner(env={"LC_ALL": "en_GB.UTF-8"}).invoke(app, list(words))


@pytest.fixture
def config(tmp_path: Path) -> str:
    """Return the configuration of a fresh central."""
    assert run("init", str(tmp_path)).exit_code == 0
    return str(tmp_path / "central.yaml")


def test_a_roster_is_imported_listed_counted_and_withdrawn(config: str, tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    file.write_text("坐席,人员,开始,结束\n1,wang,2026-03-02 08:00,2026-03-02 16:00\n", encoding="utf-8")
    first, again = (run("register", "import", "roster", str(file), "--config", config) for _ in range(2))
    assert first.stdout == f"entries of {file} in roster: 1, of them new or changed: 1\n"
    assert again.stdout.endswith("roster: 1, of them new or changed: 0\n")
    said = run("register", "import", "roster", str(file), "--lang", "zh-CN", "--config", config)
    assert said.stdout == f"{file} 中的 1 条记入 roster，其中新增或更改 0 条\n"
    (line,) = run("register", "list", "roster", "--config", config).stdout.splitlines()
    key, seat, person, *_ = line.split("\t")
    assert (seat, person) == ("1", "wang")
    march = ("--from", "2026-03-01", "--to", "2026-04-01")
    told = json.loads(run("kpi", "seat_usage", *march, "--json", "--config", config).stdout)
    assert (told["value"], told["hits"], told["total"]) == (0, 0, 8 * 3600)
    assert run("register", "withdraw", "roster", key, "--config", config).exit_code == 0
    assert run("register", "list", "roster", "--config", config).stdout == ""
    gone = run("register", "withdraw", "roster", key, "--config", config)
    assert (gone.exit_code, "there is no entry" in gone.stderr) == (2, True)


def test_a_table_with_a_fault_is_refused_with_its_place(config: str, tmp_path: Path) -> None:
    file = tmp_path / "population.csv"
    file.write_text("community,year,people,source\n330402001001,2026,8,公报\n330402001002,2026,0,公报\n", "utf-8")
    refused = run("register", "import", "population", str(file), "--config", config)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "population.csv: row 3, people: 0 people are no population" in refused.stderr
    assert run("register", "list", "population", "--config", config).stdout == ""
    said = run("register", "import", "population", str(file), "--lang", "zh-CN", "--config", config)
    assert (said.exit_code, said.stderr) == (2, f"{file}：第 3 行，people：人口不能为 0；无人居住的社区请不要写\n")
    none = run("register", "import", "population", str(tmp_path / "none.csv"), "--config", config)
    assert (none.exit_code, none.stderr.count("none.csv")) == (2, 1)
