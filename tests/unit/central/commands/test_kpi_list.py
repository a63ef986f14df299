"""`gridwarden central kpi` without an id lists every figure, and whoever mistypes one is shown those near to it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from central.cli import app
from central.core.kpis import INDICATORS

MARCH = ("--from", "2026-03-01", "--to", "2026-04-01")


def test_every_figure_is_listed_with_names_unit_and_confidence() -> None:
    ended = CliRunner().invoke(app, ["kpi", "--lang", "en"])
    assert (ended.exit_code, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    assert "  closing_rate  结案率  closing rate  share  [A]" in lines
    assert {line.split()[0] for line in lines if line.startswith("  ")} == set(INDICATORS)
    assert "how sure a definition is: A a standard" in lines[-2]
    assert "把握：A 标准" in CliRunner().invoke(app, ["kpi", "--lang", "zh-CN"]).stdout


def test_the_list_is_there_as_json() -> None:
    told = json.loads(CliRunner().invoke(app, ["kpi", "--json"]).stdout)
    assert [one["id"] for one in told] == list(INDICATORS)
    assert (told[0]["name_zh"], told[0]["unit"], told[0]["confidence"]) == ("立案率", "ratio", "C")


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (("closing_rat", *MARCH), "no figure 'closing_rat'; near to it are closing_rate", "相近的有：closing_rate"),
        (("结案率", *MARCH), "near to it are closing_rate", "相近的有：closing_rate"),
        (("{0}", *MARCH), "no figure '{0}'; `gridwarden central kpi` lists them all", "`gridwarden central kpi` 列出"),
        (MARCH, "name a figure before its period", "请在时段前写明指标的 ID"),
        (("closing_rate",), "name the period by --from and --to", "请用 --from 和 --to 写明时段"),
    ],
)
def test_what_is_lacking_or_mistyped_is_told(
    tmp_path: Path, words: tuple[str, ...], english: str, chinese: str
) -> None:
    config = tmp_path / "central.yaml"
    config.write_text(f"data_dir: {tmp_path}\n", encoding="utf-8")
    for language, says in (("en", english), ("zh-CN", chinese)):
        ended = CliRunner().invoke(app, ["kpi", *words, "--lang", language, "--config", str(config)])
        assert (ended.exit_code, ended.stdout) == (2, "")
        assert says in ended.stderr
