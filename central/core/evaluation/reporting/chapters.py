"""The chapters of the report: 报告摘要 and 一 to 九."""

from collections.abc import Iterator
from decimal import Decimal

from central.core.evaluation.decimals import shown
from central.core.evaluation.facts import Facts
from central.core.evaluation.names import BENEFIT, COST, OUTPUT, goal_group, goal_name
from central.core.evaluation.reporting.chain_table import chain_table
from central.core.evaluation.reporting.chapter_tables import (
    INDEX_SOURCE,
    goals_table,
    level_chart,
    level_table,
    line_chart,
    lines_table,
    published_table,
    record_tables,
    survey_table,
    tree_table,
)
from central.core.evaluation.reporting.report import Block, Bullets, Heading, Paragraph, Table
from central.core.evaluation.reporting.wording import day, money, percent, who
from central.core.evaluation.result import TAKEN_OVER, Evaluation, basis
from central.core.evaluation.scoring import BANDS
from protocol.texts import Language

UNWRITTEN = "（本节文字由项目单位补充：事实文件 texts 中没有“{heading}”。）"
PRINCIPLES = (
    "评价遵循科学公正、统筹兼顾、激励约束、公开透明的原则，依据《项目支出绩效评价管理办法》（财预〔2020〕10号）进行。"
)
FULL = Decimal(100)


def summary(found: Evaluation) -> Iterator[Block]:
    """报告摘要: what was found, on one page."""
    facts, outcome = found.facts, found.outcome
    yield Heading("报告摘要", 1)
    yield Paragraph(
        f"{facts.project}由{facts.unit}实施，评价期为{day(facts.period.first)}至{day(facts.period.last)}，"
        f"到位资金 {money(facts.budget.appropriated_cny)}，支出 {money(facts.budget.spent_cny)}，"
        f"项目处于{facts.phase}阶段。{who(facts)}"
    )
    lost = "、".join(f"{one.name}{shown(one.score)}分（满分{shown(one.points)}分）" for one in outcome.levels)
    yield Paragraph(f"评价得分为 {shown(outcome.total)} 分，等级为“{outcome.grade}”。其中：{lost}。")
    taken = [one for one in outcome.scores if basis(found, one) is TAKEN_OVER]
    if taken:
        yield Paragraph("各一级指标得分照录自已公布的报告；一级指标以下没有公布任何分值，因此无法复算。")
    yield level_table(found)
    yield level_chart(found)
    if found.hints:
        yield Paragraph(f"本报告附自查提示 {len(found.hints)} 条，见第九部分。")


def chapter_project(found: Evaluation) -> Iterator[Block]:
    """一、项目基本情况."""
    facts = found.facts
    yield Heading("一、项目基本情况", 1)
    yield from _written(facts, "（一）", "立项背景及实施目的")
    yield Heading("（二）预算安排和支出情况", 2)
    yield from _own(facts, "预算安排和支出情况")
    budget = facts.budget
    rows = [("预算安排", money(budget.planned_cny))] if budget.planned_cny is not None else []
    rows += [
        ("到位资金", money(budget.appropriated_cny)),
        ("实际支出", money(budget.spent_cny)),
        ("预算执行率（实际支出 / 到位资金）", percent(budget.spent_cny, budget.appropriated_cny)),
    ]
    rows += [("资金用途", "、".join(budget.uses))] if budget.uses else []
    yield Table("预算安排和支出", ("项目", "金额或比例"), tuple(rows), "事实文件 budget", (2, 3))
    yield Heading("（三）主要内容和实施情况", 2)
    yield from _own(facts, "主要内容和实施情况")
    built = "；".join(
        f"{goal_name(facts, name)} {shown(one.actual)}{one.unit or ''}"
        for name, one in facts.targets.items()
        if one.unit and one.actual is not None
    )
    if built:
        yield Paragraph(f"已完成的主要内容（来源：事实文件 targets）：{built}。")
    yield Paragraph(f"项目目前处于{facts.phase}阶段。")
    yield from chain_table(found)
    yield from record_tables(found)


def chapter_goals(found: Evaluation) -> Iterator[Block]:
    """二、项目绩效目标."""
    facts = found.facts
    yield Heading("二、项目绩效目标", 1)
    yield from _written(facts, "（一）", "总体目标")
    yield Heading("（二）年度绩效目标", 2)
    if not facts.targets:
        yield Paragraph("事实文件 targets 没有另列年度目标；各指标的目标值见表“评价指标体系”。")
    for number, group in enumerate((OUTPUT, BENEFIT, COST), 1):
        names = [name for name in facts.targets if goal_group(name) == group]
        if names:
            yield Heading(f"{number}．{group}目标", 3)
            yield goals_table(facts, names, group)
    if facts.targets_missing:
        yield Paragraph(f"报告所列尚无目标值的指标：{'、'.join(facts.targets_missing)}。")


def chapter_evaluation(found: Evaluation) -> Iterator[Block]:
    """三、评价基本情况."""
    facts = found.facts
    yield Heading("三、评价基本情况", 1)
    yield Heading("（一）评价目的、对象和范围", 2)
    yield from _own(facts, "评价目的、对象和范围")
    span = f"{day(facts.period.first)}至{day(facts.period.last)}"
    yield Paragraph(f"评价对象为{facts.project}，评价范围为{span}的资金使用、实施过程、产出和效益。")
    yield Paragraph(who(facts))
    yield Heading("（二）评价原则、评价指标体系、评价方法、评价标准", 2)
    yield Paragraph(PRINCIPLES)
    yield tree_table(found)
    if facts.methods:
        yield Paragraph(f"评价方法：{'、'.join(facts.methods)}。")
    if facts.standards:
        yield Paragraph(f"评价标准：{'、'.join(facts.standards)}。")
    edges = [FULL, *(band.from_points for band in BANDS)]
    bands = "，".join(
        f"{band.grade} {shown(band.from_points)}～{shown(edge)} 分{'（不含上限）' if edge != FULL else ''}"
        for band, edge in zip(BANDS, edges, strict=False)
    )
    yield Paragraph(f"等级划分：{bands}。")
    yield Heading("（三）评价工作过程", 2)
    steps = tuple((name, "、".join(when)) for name, when in facts.process.steps.items())
    if steps:
        yield Table("评价工作过程", ("阶段", "时间"), steps, "事实文件 process", (1, 2))
    asked = [*facts.process.interviews, *(f"{one.who}（{one.on:%Y-%m-%d}）" for one in facts.records.interviews)]
    if asked:
        yield Paragraph(f"访谈对象：{'、'.join(asked)}。")
    if not steps and not asked:
        yield Paragraph("事实文件 process 没有记录评价工作过程。")


def chapter_conclusion(found: Evaluation) -> Iterator[Block]:
    """四、评价结论和绩效分析."""
    outcome = found.outcome
    yield Heading("四、评价结论和绩效分析", 1)
    yield Heading("（一）综合评价结论", 2)
    yield from _own(found.facts, "综合评价结论")
    yield Paragraph(
        f"综合得分 {shown(outcome.total)} 分，等级为“{outcome.grade}”。"
        f"各项得分保留两位小数，四舍五入（来源：{INDEX_SOURCE}）。"
    )
    yield from published_table(found)
    yield Heading("（二）绩效分析", 2)
    yield from _own(found.facts, "绩效分析")
    for level in outcome.levels:
        text = (
            f"{level.name}：满分 {shown(level.points)} 分，得 {shown(level.score)} 分，"
            f"得分率 {percent(level.score, level.points)}。"
        )
        losses = [
            f"{one.line.path[-1]}扣 {shown(one.line.points - one.score)} 分"
            for one in outcome.scores
            if one.line.path[0] == level.name and one.score < one.line.points and len(one.line.path) > 1
        ]
        yield Paragraph(text + (f"扣分项：{'；'.join(losses)}。" if losses else ""))
    yield from survey_table(found)


def chapter_analysis(found: Evaluation) -> Iterator[Block]:
    """五、绩效评价指标分析."""
    yield Heading("五、绩效评价指标分析", 1)
    for number, level in enumerate(found.outcome.levels):
        yield Heading(f"（{_numeral(number)}）{level.name}", 2)
        yield lines_table(found, level.name)
    if len(found.outcome.scores) > len(found.outcome.levels):
        yield line_chart(found)


def chapter_practice(found: Evaluation) -> Iterator[Block]:
    """六、项目主要经验及做法."""
    yield from _plain(found.facts, "六、", "项目主要经验及做法", ())


def chapter_problems(found: Evaluation) -> Iterator[Block]:
    """七、存在的问题及原因分析."""
    yield from _plain(found.facts, "七、", "存在的问题及原因分析", tuple(found.facts.named_problems))


def chapter_recommendations(found: Evaluation) -> Iterator[Block]:
    """八、有关建议."""
    yield from _plain(found.facts, "八、", "有关建议", tuple(found.facts.recommendations))


def chapter_notes(found: Evaluation) -> Iterator[Block]:
    """九、需要说明的问题, and the hints."""
    facts = found.facts
    yield Heading("九、需要说明的问题", 1)
    yield from _own(facts, "需要说明的问题")
    yield Paragraph(
        f"本报告的数据属于{facts.phase}阶段。定量指标由事实文件或记录中的数值按规则计算，"
        "评定指标的分值由所列评价人负责；已公布的得分只用于对照，不参与计分。"
    )
    silent = [goal_name(facts, name) for name, one in facts.targets.items() if one.actual is None]
    if silent:
        yield Paragraph(f"以下目标没有公布实际值（未公布）：{'、'.join(silent)}。")
    yield Heading("自查提示", 2)
    if found.hints:
        rows = tuple((str(at), one.say(Language.CHINESE), one.where) for at, one in enumerate(found.hints, 1))
        yield Table("自查提示", ("序号", "提示", "所在位置"), rows, "由软件对照事实文件得出", (1, 8, 4))
    else:
        yield Paragraph("对照事实文件没有发现自相矛盾之处。")


def _written(facts: Facts, number: str, heading: str) -> Iterator[Block]:
    yield Heading(f"{number}{heading}", 2)
    yield from _own(facts, heading)
    if heading not in facts.texts:
        yield Paragraph(UNWRITTEN.format(heading=heading))


def _plain(facts: Facts, number: str, heading: str, listed: tuple[str, ...]) -> Iterator[Block]:
    yield Heading(f"{number}{heading}", 1)
    yield from _own(facts, heading)
    if listed:
        yield Bullets(listed)
    elif heading not in facts.texts:
        yield Paragraph(UNWRITTEN.format(heading=heading))


def _own(facts: Facts, heading: str) -> Iterator[Block]:
    for text in facts.texts.get(heading, "").splitlines():
        if text.strip():
            yield Paragraph(text.strip())


def _numeral(number: int) -> str:
    digits = "一二三四五六七八九十"
    return digits[number] if number < len(digits) else f"十{digits[number - len(digits)]}"
