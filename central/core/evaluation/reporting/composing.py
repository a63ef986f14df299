"""The report of a year: the parts that such a report has, in their order, as blocks."""

from collections.abc import Iterator
from dataclasses import replace

from central.core.evaluation.reporting.chapters import (
    chapter_analysis,
    chapter_conclusion,
    chapter_evaluation,
    chapter_goals,
    chapter_notes,
    chapter_practice,
    chapter_problems,
    chapter_project,
    chapter_recommendations,
    summary,
)
from central.core.evaluation.reporting.report import Block, Chart, Report, Table
from central.core.evaluation.reporting.wording import day
from central.core.evaluation.result import Evaluation

CHAPTERS = (
    summary,
    chapter_project,
    chapter_goals,
    chapter_evaluation,
    chapter_conclusion,
    chapter_analysis,
    chapter_practice,
    chapter_problems,
    chapter_recommendations,
    chapter_notes,
)


def compose(found: Evaluation) -> Report:
    """The whole report, tables and charts numbered through."""
    facts = found.facts
    blocks = (block for chapter in CHAPTERS for block in chapter(found))
    cover = (
        ("项目名称", facts.project),
        ("项目单位", facts.unit),
        ("主管部门", facts.department or ""),
        ("评价单位", facts.unit if facts.is_done_by_unit else facts.evaluation_done_by),
        ("评价方式", facts.evaluation_mode or ""),
        ("评价期", f"{day(facts.period.first)} 至 {day(facts.period.last)}"),
        ("报告日期", day(facts.report_date) if facts.report_date else ""),
    )
    return Report(
        f"{facts.year}年度{facts.project}",
        "绩效自评报告" if facts.is_self_evaluation else "绩效评价报告",
        tuple((name, value) for name, value in cover if value),
        tuple(_numbered(blocks)),
    )


def _numbered(blocks: Iterator[Block]) -> Iterator[Block]:
    tables = charts = 0
    for block in blocks:
        if isinstance(block, Table):
            tables += 1
            yield replace(block, caption=f"表{tables}　{block.caption}")
        elif isinstance(block, Chart):
            charts += 1
            yield replace(block, caption=f"图{charts}　{block.caption}")
        else:
            yield block
