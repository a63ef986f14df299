"""The yearly forms: 绩效目标申报表, 绩效运行监控表 with its forecast, 绩效自评表. Chinese forms, in Chinese alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from central.core.evaluation.decimals import HUNDRED, shown
from central.core.evaluation.facts import Facts, Period, Reading, Target
from central.core.evaluation.lines import Direction, Quantitative
from central.core.evaluation.names import goal_group, goal_name
from central.core.evaluation.reporting.wording import (
    day,
    goal,
    goal_value,
    line_value,
    measured,
    money,
    percent,
    rule,
    who,
)
from central.core.evaluation.result import Evaluation
from central.core.numbers import rounded_beside

NO_READING, NO_MONITORING = "未监控", "事实文件没有 monitoring：执行情况和预计完成未填写。"
CERTAIN, POSSIBLE, IMPOSSIBLE = "确定能", "有可能", "完全不可能"
FORECAST_PLACES = 4
POSSIBLE_SHARE = Decimal("0.9")
FORECAST = "预计：累计类指标按 {passed} / {days} 天线性推算，其他指标按监控时的数值。"


@dataclass(frozen=True, slots=True)
class Form:
    """One form: its head as pairs, one table, remarks below. `widths` are in characters."""

    title: str
    head: tuple[tuple[str, str], ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    notes: tuple[str, ...]


def forms(found: Evaluation) -> tuple[Form, Form, Form]:
    """The three forms of a year."""
    return _declaration(found.facts), _monitoring(found.facts), _self_evaluation(found)


def forecast(reading: Reading, period: Period, passed: int) -> Decimal:
    """What a goal will have reached at the end of the period, `passed` days after its first morning."""
    days = (period.last - period.first).days + 1
    return reading.actual * days / passed if reading.cumulative else reading.actual


def outlook(direction: Direction, target: Decimal, expected: Decimal) -> str:
    """Whether a goal will be reached: 确定能, 有可能 (nine tenths of it will), 完全不可能."""
    reached = expected >= target if direction is Direction.AT_LEAST else expected <= target
    if reached:
        return CERTAIN
    near = (
        expected >= target * POSSIBLE_SHARE if direction is Direction.AT_LEAST else expected <= target / POSSIBLE_SHARE
    )
    return POSSIBLE if near else IMPOSSIBLE


def _declaration(facts: Facts) -> Form:
    head = (
        *_names(facts),
        ("年度资金总额", money(facts.budget.planned_cny or facts.budget.appropriated_cny)),
        ("资金用途", "、".join(facts.budget.uses) or "—"),
        ("年度总体目标", facts.texts.get("总体目标", "（由项目单位填写）")),
    )
    rows = tuple((*path, asked) for _, path, asked, *_ in _goals(facts))
    notes = ("指标值来源：事实文件 targets 或 index_tree。",)
    header = ("一级指标", "二级指标", "三级指标", "指标值")
    return Form(f"{facts.year}年度项目支出绩效目标申报表", head, header, rows, (16, 16, 30, 30), notes)


def _monitoring(facts: Facts) -> Form:
    known = facts.monitoring
    passed = (known.as_of - facts.period.first).days + 1 if known else 0
    days = (facts.period.last - facts.period.first).days + 1
    rows = []
    for name, path, asked, target, direction, shown_as in _goals(facts):
        reading = known.readings.get(name) if known else None
        if reading is None or target is None:
            rows.append((path[-1], asked, NO_READING, "—", "—", ""))
            continue
        expected = forecast(reading, facts.period, passed)
        told = (
            shown_as(reading.actual),
            shown_as(rounded_beside(expected, target, FORECAST_PLACES)),
            outlook(direction, target, expected),
        )
        rows.append((path[-1], asked, *told, reading.deviation_reason or ""))
    until = f"截至{day(known.as_of)}执行情况" if known else "执行情况"
    notes = (FORECAST.format(passed=passed, days=days),) if known else (NO_MONITORING,)
    spent = percent(facts.budget.spent_cny, facts.budget.appropriated_cny)
    head = (*_names(facts), ("全年预算执行", f"{money(facts.budget.spent_cny)}，{spent}"))
    header = ("绩效指标", "年度指标值", until, "全年预计完成", "完成可能性", "偏差原因")
    return Form(f"{facts.year}年度项目支出绩效运行监控表", head, header, tuple(rows), (28, 24, 20, 16, 14, 28), notes)


def _self_evaluation(found: Evaluation) -> Form:
    facts, outcome = found.facts, found.outcome
    budget = facts.budget
    head = (
        *_names(facts),
        ("预算数", money(budget.appropriated_cny)),
        ("执行数", money(budget.spent_cny)),
        ("执行率", percent(budget.spent_cny, budget.appropriated_cny)),
    )
    rows = [
        (
            *[*one.line.path, "—", "—"][:3],
            rule(one.line),
            measured(one),
            shown(one.line.points),
            shown(one.score),
            (one.line.reason or "") if one.score < one.line.points else "",
        )
        for one in outcome.scores
    ]
    rows.append(("总分", "", "", "", "", shown(HUNDRED), shown(outcome.total), f"等级：{outcome.grade}"))
    header = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "扣分说明")
    notes = (who(facts), "得分来源：事实文件 index_tree，按其计分规则计算，保留两位小数。")
    title = f"{facts.year}年度项目支出绩效自评表"
    return Form(title, head, header, tuple(rows), (14, 14, 24, 34, 14, 8, 8, 30), notes)


def _names(facts: Facts) -> tuple[tuple[str, str], ...]:
    return (("项目名称", facts.project), ("主管部门", facts.department or "—"), ("项目单位", facts.unit))


class _Shown:
    """Writes a value of one goal or line."""

    def __init__(self, name: str, of: Target | Quantitative) -> None:
        self._name, self._of = name, of

    def __call__(self, value: Decimal) -> str:
        if isinstance(self._of, Quantitative):
            return line_value(self._of, value)
        return goal_value(self._name, self._of, value)


_Goal = tuple[str, tuple[str, str, str], str, Decimal | None, Direction, _Shown]


def _goals(facts: Facts) -> Iterator[_Goal]:
    """The goals of the year: those that are stated, else the measured lines of the tree."""
    for name, one in facts.targets.items():
        target = one.target if isinstance(one.target, Decimal) else None
        path = (goal_group(name), "—", one.published_as or goal_name(facts, name))
        yield name, path, goal(name, one), target, one.direction, _Shown(name, one)
    if facts.targets:
        return
    for line in facts.index_tree:
        if isinstance(line, Quantitative):
            first, second, third = [*line.path, "—", "—"][:3]
            yield line.id, (first, second, third), rule(line), line.target, line.direction, _Shown(line.id, line)
