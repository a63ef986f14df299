"""What a report says of the figures of the platform that give its points: what was counted, how sure they are."""

from datetime import date
from decimal import Decimal

import pytest

from central.core.evaluation import Evaluation, as_json, evaluation, faults
from central.core.evaluation.lines import Quantitative
from central.core.evaluation.reporting.composing import compose
from central.core.evaluation.reporting.forms import forms
from central.core.evaluation.reporting.report import Table
from central.core.evaluation.reporting.wording import line_value, rule
from central.core.evaluation.sources import Sources, of_line
from central.core.kpis import Figure
from central.core.kpis.figures import Bounds
from central.core.kpis.phases import Note
from protocol.texts import Language
from tests.support.evaluation import assessed, facts, quantitative

FEW = Figure("active_finding_rate", 1.0, hits=3, total=3, is_below_minimum=True)
PARTLY = Figure("camera_online_rate", 0.95, hits=34_200, total=36_000, bounds=Bounds(0.95, 0.97, 0.98))
KNOWN = Figure("camera_online_rate", 0.95, hits=34_200, total=36_000, bounds=Bounds(0.95, 0.95, 0.95))
IN_TRIAL = Figure("closing_rate", 0.5, hits=50, total=100, notes=(Note.TRIAL_OPERATION, Note.INCOMPLETE_FACTS))
HANDLING = Figure("handling_time", 3600.0, hits=86, total=86)
NEAR = Figure(
    "platform_availability", 0.998985, hits=31_503_991, total=31_536_000, bounds=Bounds(0.998985, 0.9991, 0.9992)
)


def evaluated(*figures: Figure, **more: object) -> Evaluation:
    points = 100 // (len(figures) + 1)
    lines = [quantitative(f"l{at}", points, **_line(at, one) | more) for at, one in enumerate(figures)]
    written = facts([*lines, assessed("rest", 100 - points * len(figures))])
    assert faults(written) == ()
    taken = [one for one in written.index_tree if isinstance(one, Quantitative)]
    computed = {line.id: of_line(line, one) for line, one in zip(taken, figures, strict=True)}
    return evaluation(written, Sources(computed=computed, first=date(2026, 1, 1), last=date(2026, 12, 31)))


def _line(at: int, one: Figure) -> dict[str, object]:
    line = {"kpi": one.indicator, "actual": None, "target": 1, "path": ["甲", f"第{at}率"]}
    return line | ({"unit": "小时", "direction": "at_most"} if one.indicator == "handling_time" else {})


def evidence(found: Evaluation, language: Language) -> str:
    told = as_json(found, language)["indicators"]
    assert isinstance(told, list)
    assert isinstance(told[0], dict)
    return str(told[0]["evidence"])


def hinted(found: Evaluation) -> dict[str, str]:
    return {one.id: one.say(Language.CHINESE) for one in found.hints}


def test_a_duration_tells_its_cases_once_and_time_is_told_in_hours() -> None:
    told = evidence(evaluated(HANDLING), Language.CHINESE)
    assert "（平均处置时长）：1 小时，由平台计算" in told
    assert "，计时案件数 86，取均值，截至" in told
    assert "分子" not in told
    known = evidence(evaluated(KNOWN), Language.CHINESE)
    assert "分子 / 分母：9.5 / 10.0 小时" in known
    assert "34200" not in known


def test_a_small_sample_is_said_beside_the_figure_and_remarked() -> None:
    found = evaluated(FEW)
    assert evidence(found, Language.CHINESE).endswith("；样本少于30，仅供参考")
    assert hinted(found)["figure_of_few"] == (
        "“第0率”取自平台指标 active_finding_rate，样本少于 30，仅供参考，却得 50 / 50 分"
    )


def test_unknown_time_is_said_with_its_bounds_and_remarked() -> None:
    found = evaluated(PARTLY)
    bounds = "95.00% (unknown as no) - 97.00% (unknown left out); at most 98.00%"
    assert evidence(found, Language.ENGLISH).endswith(bounds)
    assert "95.00%（未知计为否）- 97.00%（未知不计）" in hinted(found)["figure_partly_unknown"]
    assert "figure_partly_unknown" not in hinted(evaluated(KNOWN))
    assert "unknown" not in evidence(evaluated(KNOWN), Language.ENGLISH)


def test_what_is_noted_of_the_period_is_said_of_each_figure_and_remarked_once() -> None:
    found = evaluated(IN_TRIAL, IN_TRIAL)
    assert evidence(found, Language.CHINESE).endswith("；包含试运行时段；旧案件尚未全部计入")
    assert [one.id for one in found.hints].count("figure_in_trial") == 1
    assert hinted(found)["figure_in_trial"].startswith("第0率、第1率：平台指标的时段 2026-01-01 至 2026-12-31 包含")
    assert "figure_incomplete" in hinted(found)


def test_a_figure_that_gave_no_points_is_not_remarked() -> None:
    assert not {"figure_of_few", "figure_in_trial"} & set(hinted(evaluated(FEW, actual=1)))


def test_a_value_that_misses_its_target_is_never_printed_like_it() -> None:
    found = evaluated(NEAR, target=0.999, rule="floor", floor=0.99)
    tables = [block for block in compose(found).blocks if isinstance(block, Table)]
    (row, *_) = next(one.rows for one in tables if "实际值" in one.header and one.rows[0][0] == "第0率")
    assert row[2] == "99.899%"
    assert "；99.899%（未知计为否）- 99.91%（未知不计）" in row[4]
    assert "：99.899%（未知计为否）" in hinted(found)["figure_partly_unknown"]
    assert forms(found)[2].rows[0][4] == "99.899%"
    line = found.facts.index_tree[0]
    assert rule(line) == "目标 ≥99.9%，底线 99% 起线性"


@pytest.mark.parametrize(
    ("target", "unit", "value", "told"),
    [
        (2, "小时", "2.001", "2.001 小时"),
        (50, None, "49.996", "49.996"),
        (50, None, "49.5", "49.5"),
        (0.99995, None, "0.9999", "99.99%"),
    ],
)
def test_a_value_is_rounded_on_its_own_side_of_the_target(
    target: float, unit: str | None, value: str, told: str
) -> None:
    side = "at_most" if unit else "at_least"
    tree = [quantitative("one", 10, target=target, unit=unit, path=["甲", "可用率"], direction=side)]
    line = facts(tree).index_tree[0]
    assert isinstance(line, Quantitative)
    assert line_value(line, Decimal(value)) == told
    assert rule(line).startswith({2: "目标 ≤2 小时", 50: "目标 ≥50", 0.99995: "目标 ≥99.995%"}[target])
