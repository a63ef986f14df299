"""Targets and the time before the project on the command line."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from typer.testing import CliRunner

from central.cli import app
from central.cli.figures.change_commands import proposal_lines
from central.cli.figures.kpis import groups_json, groups_text
from central.core.kpis import INDICATORS, Level, Proposal, Target, against_plan, figure_of, period_between
from central.core.kpis.proposals import Proposed
from central.services.figures.kpis import Outlook
from central.stores.open_stores import open_stores
from protocol.texts import Language, Words
from tests.support.simulated_month import lived
from tests.support.sources import REPOSITORY

EXAMPLES = REPOSITORY / "docs" / "examples"
SAID = ("--owner", "局长", "--since", "2026-01-01", "--reason", "年度目标")
MARCH = ("--from", "2026-03-01", "--to", "2026-04-01")
MARCH_PERIOD = period_between(MARCH[1], MARCH[3])


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "central.yaml"
    file.write_text(f"data_dir: {tmp_path}\nbaseline_file: {EXAMPLES / 'baseline.yaml'}\n")
    return file


def told(config: Path, *words: str, language: str = "en_US.UTF-8") -> tuple[int, str, str]:
    lang = ("--lang", "zh-CN" if language.startswith("zh") else "en")
    ended = CliRunner(env={"LC_ALL": language}).invoke(app, [*words, *lang, "--config", str(config)])
    return ended.exit_code, ended.stdout, ended.stderr


def test_a_target_is_said_listed_and_stands_beside_its_figure(config: Path) -> None:
    assert told(config, "targets", "list")[1] == "there is no target yet\n"
    assert told(config, "targets", "set", "closing_rate", "90%", *SAID)[:2] == (0, "new targets: 1, as they were: 0\n")
    assert told(config, "targets", "set", "closing_rate", "95%", *SAID)[0] == 0
    code, listed, _ = told(config, "targets", "list", "closing_rate", language="zh_CN.UTF-8")
    assert code == 0
    assert [line.split()[1:3] for line in listed.splitlines()[1:]] == [["现行", "95.00%"], ["原为", "90.00%"]]
    values = [one["value"] for one in json.loads(told(config, "targets", "list", "--json")[1])]
    assert values == [0.9, 0.95]
    code, text, _ = told(config, "kpi", "closing_rate", *MARCH)
    assert "plan: 95.00% (局长, since 2026-01-01: 年度目标)" in text
    assert "before the project: 71.50% (2023年度工作总结: 建设前全年立案与结案数)" in text
    found = json.loads(told(config, "kpi", "closing_rate", *MARCH, "--json")[1])
    assert (found["target"]["value"], found["target"]["owner"]) == (0.95, "局长")
    assert found["beside"]["baseline"]["value"] == 0.715


def test_a_target_of_a_group_stands_below_its_line() -> None:
    target = Target("closing_rate", 0.95, "局长", date(2026, 1, 1), "年度目标", group="unit=环卫站")
    figures = [
        figure_of(INDICATORS["closing_rate"], {"closed": 9, "to_close": 10}, one) for one in ("环卫站", "园林所")
    ]
    outlooks = [Outlook(figures[0], (against_plan(figures[0], target),), target), Outlook(figures[1], ())]
    few = "95% interval 59.58% to 98.21%  ⚠ few cases"
    assert groups_text("unit", outlooks, Language.ENGLISH).splitlines() == [
        f"环卫站  90.00%  9 / 10  {few}",
        "  plan: 95.00%, −5.00 points (worse) (局长, since 2026-01-01: 年度目标)",
        f"园林所  90.00%  9 / 10  {few}",
    ]
    form = json.loads(groups_json("closing_rate", outlooks, MARCH_PERIOD, MARCH_PERIOD.end, Language.ENGLISH))
    assert [one["target"] and one["target"]["value"] for one in form["groups"]] == [0.95, None]


def test_a_group_has_its_name_and_the_reason_where_there_is_no_value() -> None:
    outlooks = [Outlook(figure_of(INDICATORS["closing_rate"], {}, "sanitation"), (), called="环卫所")]
    (line,) = groups_text("unit", outlooks, Language.CHINESE).splitlines()
    assert line == "环卫所（sanitation）  无数据  0 / 0  本期没有可计算的案件（应结案数为0）"
    form = json.loads(groups_json("closing_rate", outlooks, MARCH_PERIOD, MARCH_PERIOD.end, Language.CHINESE))
    assert [(one["group"], one["name"]) for one in form["groups"]] == [("sanitation", "环卫所")]


def test_a_group_that_no_register_knows_is_refused(config: Path, tmp_path: Path) -> None:
    units = ("units", "import", str(EXAMPLES / "units.csv"), "--crs", "wgs84", "--config", str(config))
    assert CliRunner().invoke(app, list(units)).exit_code == 0
    said = ("targets", "set", "closing_rate", "90%", *SAID, "--group", "unit=nowhere")
    assert "there is no unit 'nowhere'; near to it are " in told(config, *said)[2]
    code, out, err = told(config, *said, language="zh_CN.UTF-8")
    assert (code, out, "unit 中没有“nowhere”" in err) == (2, "", True)
    file = tmp_path / "t.yaml"
    good = (EXAMPLES / "targets.yaml").read_text(encoding="utf-8")
    file.write_text(good.replace("    value: 90%", "    value: 90%\n    group: unit=nowhere"), encoding="utf-8")
    code, out, err = told(config, "targets", "import", str(file))
    assert (code, out, f"{file}: there is no unit 'nowhere'" in err) == (2, "", True)


def test_a_file_is_taken_whole_and_again(config: Path) -> None:
    file = str(EXAMPLES / "targets.yaml")
    assert told(config, "targets", "import", file)[1] == "new targets: 4, as they were: 0\n"
    assert told(config, "targets", "import", file)[1] == "new targets: 0, as they were: 4\n"


def test_of_a_file_with_a_mistake_nothing_is_taken(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    good = (EXAMPLES / "targets.yaml").read_text(encoding="utf-8")
    file.write_text(good.replace("value: 2h", "value: 2d"), encoding="utf-8")
    code, out, err = told(config, "targets", "import", str(file))
    assert (code, out) == (2, "")
    assert f"{file}:" in err
    assert "'2d' is no value" in err
    assert told(config, "targets", "list")[1] == "there is no target yet\n"
    assert told(config, "targets", "import", str(tmp_path / "none.yaml"))[0] == 2


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("nope", "1", *SAID), "there is no figure 'nope'"),
        (("closing_rate", "95", *SAID), "0.95 or 95%"),
        (("closing_rate", "nan", *SAID), "'nan' is no value"),
        (("closing_rate", "1", "--owner", "", "--since", "2026-01-01", "--reason", "b"), "an owner and a reason"),
        (("closing_rate", "1", "--owner", "a", "--since", "gestern", "--reason", "b"), "is no day"),
        (("closing_rate", "1", *SAID, "--group", "unit=a\nb"), "FIELD=VALUE"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_2(config: Path, words: tuple[str, ...], why: str) -> None:
    code, out, err = told(config, "targets", "set", *words)
    assert (code, out) == (2, "")
    assert why in err


def test_central_does_not_start_with_a_baseline_that_is_none(config: Path) -> None:
    bad = config.with_name("b.yaml")
    bad.write_text("values:\n  - {indicator: nope, value: 1, source: s, reason: r}\n")
    config.write_text(f"data_dir: {config.parent}\nbaseline_file: {bad}\n")
    code, _, err = told(config, "targets", "list")
    assert code == 2
    assert f"baseline_file: {bad}:2:17: there is no figure 'nope'" in err


def test_while_older_cases_are_counted_in_the_answer_comes_at_once_with_a_note(config: Path, tmp_path: Path) -> None:
    told(config, "targets", "list")
    cases = list(lived(3, seed=7))
    stores = open_stores(database_url=f"sqlite:///{tmp_path}/central.db", evidence_dir=tmp_path / "evidence")
    with stores.writing() as unit:
        unit.cases.save([one.case for one in cases], [], [])
        unit.history.append([step for one in cases for step in one.steps])
    for words in (
        ("scores", "shift_leader", *MARCH),
        ("explain-change", "handling_time", *MARCH),
        ("propose-targets", "--year", "2027"),
    ):
        code, text, err = told(config, *words)
        assert (code, err) == (0, "")
        assert text.splitlines()[-1].startswith("! cases of earlier releases are still being counted in")
        found = json.loads(told(config, *words, "--json")[1])
        assert list((found[0] if isinstance(found, list) else found)["notes"]) == ["incomplete_facts"]
    with stores.reading() as unit:
        assert not unit.facts.is_complete()
    stores.close()


def test_scores_changes_and_proposals_of_a_central_without_cases(config: Path) -> None:
    code, text, _ = told(config, "scores", "shift_leader", *MARCH)
    assert code == 0
    nobody, everybody = text.splitlines()[1:3]
    assert nobody == "  nobody to score in this period"
    assert everybody.startswith("  everybody: no score, for these parts are lacking")
    found = json.loads(told(config, "scores", "department", *MARCH, "--json")[1])
    assert (found["group_by"], found["scores"], found["whole"]) == ("unit", [], None)
    found = json.loads(told(config, "scores", "dispatcher", *MARCH, "--json")[1])
    assert (found["group_by"], found["scores"], found["whole"]["group"]) == ("person", [], "")
    assert {part["group_by"] for part in found["whole"]["parts"]} == {"dispatched_by"}
    assert json.loads(told(config, "scores", "dispatcher", *MARCH, "--by", "post", "--json")[1])["whole"] is None
    code, text, _ = told(config, "explain-change", "handling_time", *MARCH, language="zh_CN.UTF-8")
    assert (code, text) == (0, "平均处置时长: 本期或对比期没有计时案件，无法分解\n")
    found = json.loads(told(config, "explain-change", "handling_time", *MARCH, "--beside", "last_year", "--json")[1])
    assert (found["change_s"], found["effects"], found["beside"]) == (None, [], "last_year")
    found = json.loads(told(config, "propose-targets", "--year", "2026", "--json")[1])
    judged = [one for one in found if "neither way" not in one["words"]]
    assert len(found) - len(judged) == 3
    assert all(one["target"] is None and "needs 12" in one["words"] for one in judged)
    (line,) = told(config, "propose-targets", "--year", "2026")[1].splitlines()
    assert line.startswith(f"no target can be proposed for 2026: none of the {len(judged)} figures has 12 months")
    (line,) = told(config, "propose-targets", "--year", "2026", language="zh_CN.UTF-8")[1].splitlines()
    assert line.startswith(f"2026 年没有可提出的目标建议：{len(judged)} 个指标都不足 12 个")


def test_figures_without_a_history_are_counted_behind_what_is_proposed() -> None:
    words = Words("按12个月的历史推算", "from 12 months")
    level = Proposed(Level.TARGET, 0.9, 8, Fraction(17, 26))
    known = Proposal("closing_rate", 2027, "", 12, (level,), words)
    young = [Proposal(name, 2027, "", 0, (), words) for name in ("late_rate", "rework_rate")]
    lines = proposal_lines([*young, known], 2027, Language.ENGLISH)
    assert lines[0].startswith("closing rate closing_rate: from 12 months\n  target 90.00%")
    assert lines[1:] == ["2 more figures have fewer than 12 months that can be used (--json tells how many each has)"]
    neither = Proposal("collector_share", 2027, "", 12, (), words)
    assert proposal_lines([neither, known], 2027, Language.ENGLISH)[1:] == [
        "neither way of these is better, so that nothing is proposed for them: share of collectors"
    ]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("scores", "nope", *MARCH), "there are region_1"),
        (("scores", "department", *MARCH, "--by", "grid"), "told apart by unit"),
        (("scores", "dispatcher", *MARCH, "--by", "unit"), "told apart by person, post"),
        (("scores", "department", "--from", "2026-03-01", "--to", "2026-03-01"), "empty"),
        (("explain-change", "closing_rate", *MARCH), "no mean of durations"),
        (("explain-change", "handling_time", *MARCH, "--beside", "plan"), "no cases to look into"),
        (("explain-change", "handling_time", *MARCH, "--beside", "x"), "last_period or last_year"),
        (("explain-change", "handling_time", "--from", "x", "--to", "2026-03-01"), "neither a day"),
    ],
)
def test_what_cannot_be_told_is_one_sentence(config: Path, words: tuple[str, ...], why: str) -> None:
    code, out, err = told(config, *words)
    assert (code, out) == (2, "")
    assert why in err


def test_a_citys_own_table_scores_too(config: Path) -> None:
    config.write_text(f"data_dir: {config.parent}\nscore_table_files: [{EXAMPLES / 'score-tables.yaml'}]\n")
    assert told(config, "scores", "city_department", *MARCH)[0] == 0
    bad = config.with_name("t.yaml")
    bad.write_text((EXAMPLES / "score-tables.yaml").read_text(encoding="utf-8").replace("0.60", "0.70"))
    config.write_text(f"data_dir: {config.parent}\nscore_table_files: [{bad}]\n")
    code, _, err = told(config, "scores", "city_department", *MARCH)
    assert code == 2
    assert f"score_table_files: {bad}:" in err
    assert "sum to 1.10, not to 1" in err


def test_days_of_a_figure_begin_at_midnight_of_the_city(config: Path) -> None:
    config.write_text(config.read_text(encoding="utf-8") + "timezone: Asia/Urumqi\n", encoding="utf-8")
    found = json.loads(told(config, "kpi", "closing_rate", *MARCH, "--json")[1])
    assert (found["from"], found["to"]) == ("2026-02-28T18:00:00+00:00", "2026-03-31T18:00:00+00:00")


def test_days_of_changes_and_proposals_begin_at_midnight_of_the_city(config: Path) -> None:
    config.write_text(f"{config.read_text(encoding='utf-8')}timezone: America/New_York\n", encoding="utf-8")
    found = json.loads(told(config, "explain-change", "handling_time", *MARCH, "--json")[1])
    assert found["from"] == "2026-03-01T05:00:00+00:00"
    code, _, err = told(config, "scores", "department", *MARCH, "--json")
    assert (code, err) == (0, "")


def test_a_change_beside_a_period_that_there_is_not_is_refused_in_a_sentence(config: Path) -> None:
    code, out, err = told(config, "explain-change", "handling_time", "--from", "1990-01-01", "--to", "1991-01-01")
    assert (code, out) == (2, "")
    assert "there is no last_period that this period could stand beside" in err
