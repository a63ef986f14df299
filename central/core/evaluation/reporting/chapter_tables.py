"""The tables and charts of the report; none without its source."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from central.core.evaluation.decimals import HUNDRED, rounded, shown
from central.core.evaluation.facts import Facts
from central.core.evaluation.names import goal_name
from central.core.evaluation.records import Asked, Round, items, last_acceptances, paid_by_contract
from central.core.evaluation.reporting.report import Block, Chart, Paragraph, Table
from central.core.evaluation.reporting.wording import UNPUBLISHED, goal, goal_value, measured, percent, rule
from central.core.evaluation.result import Evaluation, basis, evidence
from central.core.evaluation.surveys import ANSWERS_MIN, satisfaction
from protocol.texts import Language

INDEX_SOURCE = "事实文件 index_tree，按其计分规则计算"
BARS_MAX = 30
"""More bars do not fit on a page."""
ASKED = {Asked.INTERNAL: "内部", Asked.CITIZEN: "市民"}
NOWHERE = {False: "事实文件 records ", True: "事实文件和平台项目记录"}
ROUNDS = {Round.CURRENT: "本年", Round.BASELINE: "基期"}


def level_table(found: Evaluation) -> Table:
    """Points and scores of the first level."""
    outcome = found.outcome
    rows = [(one.name, shown(one.points), shown(one.score), percent(one.score, one.points)) for one in outcome.levels]
    rows.append(("合计", "100", shown(outcome.total), percent(outcome.total, HUNDRED)))
    return Table("一级指标得分", ("一级指标", "分值", "得分", "得分率"), tuple(rows), INDEX_SOURCE, (3, 2, 2, 2))


def level_chart(found: Evaluation) -> Chart:
    """The same, to be seen."""
    levels = found.outcome.levels
    return Chart(
        "一级指标分值与得分",
        tuple(one.name for one in levels),
        tuple(one.score for one in levels),
        tuple(one.points for one in levels),
        ("得分", "分值", "分"),
        INDEX_SOURCE,
    )


def line_chart(found: Evaluation) -> Chart:
    """How much of its points each line got; of many, those that got least."""
    scores = [one for one in found.outcome.scores if one.line.points]
    few = sorted(scores, key=lambda one: one.score / one.line.points)[:BARS_MAX]
    caption = "各项指标得分率" if len(scores) <= BARS_MAX else f"得分率最低的 {BARS_MAX} 项指标"
    scores = scores if len(scores) <= BARS_MAX else few
    return Chart(
        caption,
        tuple(one.line.path[-1] for one in scores),
        tuple(rounded(one.score / one.line.points * HUNDRED) for one in scores),
        tuple(HUNDRED for _ in scores),
        ("得分率", "满分", "%"),
        INDEX_SOURCE,
    )


def tree_table(found: Evaluation) -> Table:
    """The index tree with points and rules."""
    rows = tuple((*_path(one.path), shown(one.points), rule(one)) for one in found.facts.index_tree)
    header = ("一级指标", "二级指标", "三级指标", "分值", "计分规则")
    return Table("评价指标体系", header, rows, "事实文件 index_tree", (3, 3, 4, 2, 6), merged=2)


def lines_table(found: Evaluation, level: str) -> Table:
    """The lines of one first-level index with what they rest on."""
    rows = tuple(
        (
            one.line.path[-1],
            shown(one.line.points),
            measured(one),
            shown(one.score),
            f"{basis(found, one).zh}。{evidence(found, one, Language.CHINESE)}",
        )
        for one in found.outcome.scores
        if one.line.path[0] == level
    )
    header = ("指标", "分值", "实际值", "得分", "依据和来源")
    return Table(f"{level}指标得分", header, rows, INDEX_SOURCE, (4, 2, 3, 2, 8))


def goals_table(facts: Facts, names: Sequence[str], group: str) -> Table:
    """Goals of the year with what was reached."""
    rows = []
    for name in names:
        one = facts.targets[name]
        title = one.published_as or goal_name(facts, name)
        reached = goal_value(name, one, one.actual)
        told = f"{reached}（报告表述：{one.actual_text}）" if one.actual_text else reached
        base = goal_value(name, one, one.baseline) if one.baseline is not None else "—"
        rows.append((title, goal(name, one), base, told, f"targets.{name}"))
    header = ("指标", "目标值", "基期值", "实际值", "来源")
    return Table(f"{group}目标", header, tuple(rows), "事实文件 targets", (4, 4, 2, 4, 5))


def published_table(found: Evaluation) -> Iterator[Block]:
    """What was published beside what was computed."""
    told = found.facts.published
    if told is None:
        return
    rows = [
        (one.name, shown(told.levels[one.name]), shown(one.score), _same(told.levels[one.name] == one.score))
        for one in found.outcome.levels
        if one.name in told.levels
    ]
    rows.append(("总分", shown(told.total), shown(found.outcome.total), _same(told.total == found.outcome.total)))
    rows.append(("等级", told.grade, found.outcome.grade, _same(told.grade == found.outcome.grade)))
    header = ("项目", "已公布", "本次得分", "对照")
    yield Table("与已公布得分对照", header, tuple(rows), "事实文件 published（只对照，不计分）", (3, 2, 2, 2))


def survey_table(report: Evaluation) -> Iterator[Block]:
    """Satisfaction with its interval; too few answers are shown as not significant."""
    rows = []
    for survey in report.facts.records.surveys:
        found = satisfaction(survey)
        share = UNPUBLISHED if found.share is None else f"{shown(rounded(found.share * HUNDRED))}%"
        span = f"{found.low * 100:.1f}%～{found.high * 100:.1f}%" if found.share is not None else "—"
        verdict = "可用" if found.significant else f"不显著（少于 {ANSWERS_MIN} 份）"
        whom = f"{ASKED[survey.asked]}，{ROUNDS[survey.round]}"
        rows.append((survey.question, whom, str(found.answers), share, span, verdict))
    if rows:
        header = ("问卷", "对象", "答卷", "满意比例", "95% 区间", "显著性")
        yield Table(
            "满意度调查", header, tuple(rows), f"{report.sources.of_records('surveys')}，按层加权", (5, 3, 2, 3, 4, 4)
        )


def record_tables(found: Evaluation) -> Iterator[Block]:
    """Contracts, acceptances, training and milestones, as far as they are recorded."""
    records, sources = found.facts.records, found.sources
    paid = paid_by_contract(records)
    if records.contracts:
        lines = {one.id: one.name for one in records.budget_lines}
        rows = tuple(
            (
                one.name,
                lines[one.budget_line],
                one.supplier or "—",
                shown(one.amount_cny),
                shown(paid.get(one.id, Decimal(0))),
            )
            for one in records.contracts
        )
        header = ("合同", "预算项", "供应商", "合同额（元）", "已支付（元）")
        yield Table("合同与支付", header, rows, sources.of_records("contracts", "payments"), (4, 3, 4, 3, 3))
    listed = list(items(records))
    if listed:
        last = last_acceptances(records)
        rows = tuple(
            (
                one.name,
                str(one.quantity),
                f"{last[one.id].on:%Y-%m-%d}" if one.id in last else "未验收",
                ("合格" if last[one.id].passed else "不合格") if one.id in last else "—",
                last[one.id].by if one.id in last else "—",
            )
            for one in listed
        )
        header = ("合同项", "数量", "验收日期", "结论", "验收人")
        yield Table("合同项验收登记", header, rows, sources.of_records("acceptances"), (4, 2, 3, 2, 3))
    if records.trainings:
        sessions = tuple((f"{one.on:%Y-%m-%d}", one.subject, str(one.attended)) for one in records.trainings)
        total = sum(one.attended for one in records.trainings)
        sessions = (*sessions, ("合计", "", str(total)))
        yield Table("培训场次和人次", ("日期", "内容", "人次"), sessions, sources.of_records("trainings"), (2, 5, 2))
    if records.milestones:
        steps = tuple(
            (one.name, f"{one.due:%Y-%m-%d}", f"{one.done:%Y-%m-%d}" if one.done else "未完成")
            for one in records.milestones
        )
        yield Table("里程碑", ("阶段", "计划", "完成"), steps, sources.of_records("milestones"), (3, 2, 2))
    if not (records.contracts or records.trainings or records.milestones):
        yield Paragraph(f"{NOWHERE[bool(sources.of_store)]}没有登记合同、验收、培训和里程碑。")


def _path(path: Sequence[str]) -> tuple[str, str, str]:
    first, second, third = [*path, "—", "—"][:3]
    return first, second, third


def _same(same: bool) -> str:  # noqa: FBT001 - the verdict itself
    return "一致" if same else "不一致"
