"""How values of an evaluation are written in a report. The report is a Chinese form: it is written in Chinese alone."""

from datetime import date
from decimal import Decimal

from central.core.evaluation.decimals import HUNDRED, rounded, shown
from central.core.evaluation.facts import Facts, Target
from central.core.evaluation.lines import Assessed, Direction, Quantitative, Rule
from central.core.evaluation.names import UNITS, is_ratio
from central.core.evaluation.scoring import Score
from central.core.numbers import rounded_beside

UNPUBLISHED = "未公布"
PLACES = 2
TEN_THOUSAND = Decimal(10_000)
SIGNS = {Direction.AT_LEAST: "≥", Direction.AT_MOST: "≤", Direction.NOT_LATER_THAN: "不迟于 "}
RULES = {Rule.PROPORTIONAL: "按比例", Rule.MET_OR_ZERO: "达标得分，否则 0 分", Rule.FLOOR: "底线 {floor} 起线性"}
RATIO_ENDINGS = ("率", "度", "比例")


def money(value: Decimal) -> str:
    """An amount: `278,900 元（27.89 万元）`."""
    return f"{_grouped(value)} 元（{shown(rounded(value / TEN_THOUSAND))} 万元）"


def percent(part: Decimal, whole: Decimal) -> str:
    """A share in per cent to two places; a dash where there is nothing to divide by."""
    return f"{shown(rounded(part / whole * HUNDRED))}%" if whole else "—"


def day(value: date) -> str:
    """A day as documents write it: `2026年3月1日`."""
    return f"{value.year}年{value.month}月{value.day}日"


def goal_value(name: str, target: Target, value: Decimal | date | None) -> str:
    """A value in the unit of the goal `name`."""
    if value is None:
        return UNPUBLISHED
    if isinstance(value, date):
        return day(value)
    if is_ratio(target):
        return f"{shown(value * HUNDRED)}%"
    unit = target.unit or UNITS.get(name, "")
    return f"{_grouped(value)} {unit}".strip()


def goal(name: str, target: Target) -> str:
    """What a goal demands: `≥ 95%`, with its parts."""
    parts = "、".join(f"{part} {count}" for part, count in target.of_which.items())
    asked = f"{SIGNS[target.direction]}{goal_value(name, target, target.target)}"
    return f"{asked}（{parts}）" if parts else asked


def line_value(line: Quantitative, value: Decimal | None) -> str:
    """A value of a measured line, a ratio in per cent, rounded but never onto or across the target of the line."""
    if value is None:
        return UNPUBLISHED
    scale = HUNDRED if _is_ratio(line) else Decimal(1)
    return _in_unit(line, rounded_beside(value * scale, line.target * scale, PLACES))


def _asked(line: Quantitative, value: Decimal) -> str:
    """A target or floor, as exact as it was set."""
    return _in_unit(line, value * HUNDRED if _is_ratio(line) else value)


def _in_unit(line: Quantitative, value: Decimal) -> str:
    if _is_ratio(line):
        return f"{shown(value)}%"
    return f"{shown(value)} {line.unit}" if line.unit else shown(value)


def _is_ratio(line: Quantitative) -> bool:
    return line.unit is None and 0 < line.target <= 1 and line.path[-1].endswith(RATIO_ENDINGS)


def rule(line: Assessed | Quantitative) -> str:
    """How a line gets its points."""
    if isinstance(line, Assessed):
        return "评价人评定"
    floor = "" if line.floor is None else _asked(line, line.floor)
    return f"目标 {SIGNS[line.direction]}{_asked(line, line.target)}，{RULES[line.rule].format(floor=floor)}"


def measured(score: Score) -> str:
    """What a line was found to be; a dash for an assessed one."""
    return "—" if isinstance(score.line, Assessed) else line_value(score.line, score.actual)


def who(facts: Facts) -> str:
    """Who evaluates whom, in one sentence."""
    if facts.is_done_by_unit:
        return (
            f"本次评价为单位自评：项目责任单位、实施单位和评价单位均为{facts.unit}，"
            "即由实施单位评价自己实施的项目，不是第三方评价。"
        )
    if facts.is_self_evaluation:
        return f"本次评价为单位自评：由{facts.unit}组织，{facts.evaluation_done_by}承担具体工作。"
    mode = f"为{facts.evaluation_mode}，" if facts.evaluation_mode else ""
    return f"本次评价{mode}由{facts.evaluation_done_by}对{facts.unit}实施的项目进行评价。"


def _grouped(value: Decimal) -> str:
    return f"{Decimal(shown(value)):,}"
