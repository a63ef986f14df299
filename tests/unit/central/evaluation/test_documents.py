"""The documents are opened again: headings, tables and figures as computed, nothing without its source."""

import re
from io import BytesIO

import docx
import openpyxl
import pytest
from ruamel.yaml import YAML

from central.core.evaluation import Evaluation, as_json, evaluation
from central.core.evaluation.decimals import shown
from central.core.evaluation.reporting.composing import compose
from central.core.evaluation.reporting.forms import forms
from central.core.evaluation.reporting.report import Chart, Heading, Paragraph, Table
from central.core.evaluation.trees import facts_file
from central.reports.charts import draw
from central.reports.docx_report import docx_report
from central.reports.fonts import chinese_font
from central.reports.forms_workbook import forms_workbook
from central.reports.html_report import html_report
from central.settings.evaluation_file import load_facts
from protocol.texts import Language
from tests.support.evaluation import COUNTY_2024, assessed, case_file, facts, quantitative
from tests.support.sources import REPOSITORY

EXAMPLE = REPOSITORY / "docs" / "examples" / "evaluation.yaml"
CHAPTERS = [
    "报告摘要",
    "一、项目基本情况",
    "二、项目绩效目标",
    "三、评价基本情况",
    "四、评价结论和绩效分析",
    "五、绩效评价指标分析",
    "六、项目主要经验及做法",
    "七、存在的问题及原因分析",
    "八、有关建议",
    "九、需要说明的问题",
]
SECTIONS = [
    "（一）立项背景及实施目的",
    "（二）预算安排和支出情况",
    "（三）主要内容和实施情况",
    "（一）总体目标",
    "（二）年度绩效目标",
    "（一）评价目的、对象和范围",
    "（二）评价原则、评价指标体系、评价方法、评价标准",
    "（三）评价工作过程",
    "（一）综合评价结论",
    "（二）绩效分析",
    "（一）项目决策",
    "（二）项目管理",
    "（三）项目产出",
    "（四）项目效益",
    "自查提示",
]
PNG = b"\x89PNG\r\n"


@pytest.fixture(scope="module")
def found() -> Evaluation:
    return evaluation(load_facts(EXAMPLE, 2026, Language.CHINESE))


@pytest.fixture(scope="module")
def document(found: Evaluation) -> "docx.document.Document":
    return docx.Document(BytesIO(docx_report(compose(found), chinese_font())))


def test_the_docx_has_the_headings_of_such_a_report(document: "docx.document.Document") -> None:
    levels = {1: CHAPTERS, 2: SECTIONS}
    for level, expected in levels.items():
        assert [one.text for one in document.paragraphs if one.style.name == f"Heading {level}"] == expected


def test_the_docx_says_who_evaluates_whom_and_the_outcome(document: "docx.document.Document") -> None:
    text = "\n".join(one.text for one in document.paragraphs)
    assert "本次评价为部门评价，由示例会计师事务所对示例县城市管理综合行政执法局实施的项目进行评价。" in text
    assert "评价得分为 93.29 分，等级为“优”" in text


def test_the_tables_of_the_docx_hold_the_computed_figures(
    found: Evaluation, document: "docx.document.Document"
) -> None:
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    for one in found.outcome.levels:
        assert any(row[0] == one.name and row[2] == shown(one.score) for row in rows if len(row) == 4)
    for score in found.outcome.scores:
        assert any(row[0] == score.line.path[-1] and row[3] == shown(score.score) for row in rows if len(row) == 5)
    assert ["合计", "100", "93.29", "93.29%"] in rows
    assert ["监控在线率", "≥95%", "—", "96.2%", "targets.camera_online_rate"] in rows


def test_every_table_and_chart_names_its_source(found: Evaluation, document: "docx.document.Document") -> None:
    blocks = [block for block in compose(found).blocks if isinstance(block, Table | Chart)]
    assert len(blocks) > 15
    assert [block.caption for block in blocks if not block.source.strip()] == []
    notes = [one.text for one in document.paragraphs if one.text.startswith("来源：")]
    assert len(notes) == len(blocks)
    assert len(document.inline_shapes) == sum(isinstance(block, Chart) for block in blocks) == 2


def test_captions_are_numbered_through(found: Evaluation) -> None:
    blocks = compose(found).blocks
    for kind, word in ((Table, "表"), (Chart, "图")):
        captions = [block.caption for block in blocks if isinstance(block, kind)]
        assert [one.partition("　")[0] for one in captions] == [f"{word}{at}" for at in range(1, len(captions) + 1)]


def test_the_html_has_the_same_content_and_loads_nothing(found: Evaluation) -> None:
    report = compose(found)
    page = html_report(report, chinese_font()).decode()
    headings = [block.text for block in report.blocks if isinstance(block, Heading)]
    assert re.findall(r"<h[2-4]>(.*?)</h", page) == headings
    assert page.count("<table>") == sum(isinstance(block, Table) for block in report.blocks)
    assert re.findall(r'(?:src|href)="(?!data:)', page) == []


def test_markup_in_the_facts_stays_text() -> None:
    nasty = evaluation(
        facts([assessed("a", 100, given=9, path=["<script>x</script>"], reason="=1+1 & <b>")], project="<i>&")
    )
    page = html_report(compose(nasty), None).decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    sheet = openpyxl.load_workbook(BytesIO(forms_workbook(forms(nasty))))
    cells = [cell for one in sheet for row in one.iter_rows() for cell in row]
    assert "=1+1 & <b>" in [cell.value for cell in cells]
    assert "f" not in {cell.data_type for cell in cells}
    assert docx.Document(BytesIO(docx_report(compose(nasty), None))).core_properties.title.startswith("2026年度<i>&")


def test_without_a_chinese_font_a_chart_has_codes_and_the_document_their_meaning(found: Evaluation) -> None:
    chart = next(block for block in compose(found).blocks if isinstance(block, Chart))
    coded = draw(chart, None)
    assert coded.png.startswith(PNG)
    assert coded.legend == (("A1", "项目决策"), ("A2", "项目管理"), ("A3", "项目产出"), ("A4", "项目效益"))
    plain = docx.Document(BytesIO(docx_report(compose(found), None)))
    assert any("A1：项目决策；A2：项目管理" in one.text for one in plain.paragraphs)


def test_with_a_chinese_font_a_chart_has_the_names_themselves(found: Evaluation) -> None:
    font = chinese_font()
    if font is None:
        pytest.skip("needs a Chinese font, such as that of the package fonts-noto-cjk")
    chart = next(block for block in compose(found).blocks if isinstance(block, Chart))
    assert draw(chart, font).legend == ()


def test_the_forms_hold_goals_forecast_and_scores(found: Evaluation) -> None:
    book = openpyxl.load_workbook(BytesIO(forms_workbook(forms(found))))
    assert book.sheetnames == ["绩效目标申报表", "绩效运行监控表", "绩效自评表"]
    declared, monitored, judged = ([[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book)
    assert ["产出", "—", "监控在线率", "≥95%"] in declared
    assert ["培训人次", "≥20 人次", "14 人次", "24.1038 人次", "确定能", None] in monitored
    assert ["监控在线率", "≥95%", "94.8%", "94.8%", "有可能", "六月雷击损坏交换机"] in monitored
    assert ["平台可用率", "≥99.9%", "未监控", "—", "—", None] in monitored
    assert ["项目产出", "质量指标", "平台可用率", "目标 ≥99.9%，底线 99% 起线性", "99.85%", "5", "4.72", None] in judged
    assert judged[-3][5:] == ["100", "93.29", "等级：优"]


def test_what_was_not_published_is_printed_so() -> None:
    told = evaluation(facts([quantitative("a", 60, actual=None), assessed("b", 40)]))
    document = docx.Document(BytesIO(docx_report(compose(told), None)))
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert ["a", "60", "未公布", "0"] in [row[:4] for row in rows]


def test_the_county_is_printed_as_taken_over_and_self_evaluated() -> None:
    told = evaluation(load_facts(case_file(COUNTY_2024), 2024, Language.CHINESE))
    text = "\n".join(one.text for one in docx.Document(BytesIO(docx_report(compose(told), None))).paragraphs)
    assert "绩效自评报告" in text
    assert "各一级指标得分照录自已公布的报告" in text
    assert "不是第三方评价" in text


@pytest.mark.parametrize(
    ("more", "mode", "subtitle", "said"),
    [
        ({}, "部门评价", "绩效评价报告", "本次评价为部门评价，由第三方对示例县"),
        ({"mode": "财政评价"}, "财政评价", "绩效评价报告", "本次评价为财政评价，由第三方对示例县"),
        ({"mode": "单位自评"}, "单位自评", "绩效自评报告", "由示例县组织，第三方承担具体工作"),
        ({"mode": None, "evaluation_done_by": "本单位"}, "单位自评", "绩效自评报告", "不是第三方评价"),
        ({"mode": None, "evaluation_done_by": "县府", "department": "县府"}, "部门评价", "绩效评价报告", "为部门评价"),
        ({"mode": None, "evaluation_done_by": "县财政局"}, "财政评价", "绩效评价报告", "为财政评价"),
        ({"mode": None}, None, "绩效评价报告", "本次评价由第三方对示例县"),
    ],
)
def test_the_cover_says_on_whose_behalf_is_evaluated(
    more: dict[str, str | None], mode: str | None, subtitle: str, said: str
) -> None:
    report = compose(evaluation(facts([assessed("a", 100)], **more)))
    assert (dict(report.cover).get("评价方式"), report.subtitle) == (mode, subtitle)
    assert any(said in block.text for block in report.blocks if isinstance(block, Paragraph))


def test_points_of_satisfaction_have_their_unit() -> None:
    values = YAML(typ="safe").load(facts_file("county", 2026))
    (line,) = [one for one in values["index_tree"] if one["id"] == "citizens"]
    assert line["unit"] == "个百分点"
    measured = quantitative("citizens", 10, target=5, actual=3, unit=line["unit"])
    tables = [one for one in compose(evaluation(facts([measured, assessed("b", 90)]))).blocks if isinstance(one, Table)]
    assert any("目标 ≥5 个百分点" in cell for one in tables for row in one.rows for cell in row)


def test_a_line_that_names_an_indicator_prints_its_formula() -> None:
    line = quantitative("主动发现率", 60, target=0.9, actual=0.918, kpi="active_finding_rate")
    told = as_json(evaluation(facts([line | {"id": "discovery"}, assessed("b", 40)])), Language.CHINESE)
    evidence = told["indicators"][0]["evidence"]
    assert evidence.startswith("指标 active_finding_rate（主动发现率 = ")
    assert evidence.endswith("：0.918，取自事实文件 index_tree[0].actual")


def test_a_chart_of_many_lines_shows_those_that_got_least_and_fits_a_page() -> None:
    tree = [assessed(f"l{at}", 1, given=0.5 if at in {3, 70} else 0.9) for at in range(100)]
    chart = [block for block in compose(evaluation(facts(tree))).blocks if isinstance(block, Chart)][-1]
    assert (chart.caption, len(chart.names), chart.names[:2]) == ("图2　得分率最低的 30 项指标", 30, ("l3", "l70"))
