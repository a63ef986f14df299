"""A report as .docx: a cover, headings, tables whose header comes again on each page, charts, page numbers."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from central.core.evaluation.reporting.report import Bullets, Chart, Heading, Paragraph, Report, Table
from central.reports.charts import draw

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table as DocxTable
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph as DocxParagraph

BODY_FONT, HEADING_FONT, LATIN_FONT = "仿宋", "黑体", "Times New Roman"
BODY_PT, CELL_PT, NOTE_PT = 12, 9.5, 9
HEADING_PT = {1: 16, 2: 14, 3: 12}
MARGIN_CM, TEXT_CM = 2.6, 15.8
HEADER_FILL, LINE_COLOUR = "E8EEF5", "8A98A8"
SHORT_CHARS = 10


def docx_report(report: Report, font: Path | None) -> bytes:
    """The document; charts are drawn with `font`, or with codes and a legend where it is None."""
    import docx  # noqa: PLC0415 - loaded where a report is written

    document = docx.Document()
    _set_up(document, report)
    _cover(document, report)
    for block in report.blocks:
        match block:
            case Heading():
                document.add_heading(block.text, block.level)
            case Paragraph():
                _indented(document.add_paragraph(block.text))
            case Bullets():
                for number, text in enumerate(block.texts, 1):
                    _indented(document.add_paragraph(f"{number}．{text}"))
            case Table():
                _table(document, block)
            case Chart():
                _chart(document, block, font)
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def _set_up(document: "Document", report: Report) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Cm, Pt, RGBColor  # noqa: PLC0415

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(MARGIN_CM)
    section.different_first_page_header_footer = True
    document.core_properties.title = f"{report.title}{report.subtitle}"
    document.core_properties.author = dict(report.cover).get("评价单位", "")
    document.core_properties.comments = ""
    _speaks_chinese(document)
    normal = document.styles["Normal"]
    _fonts(normal, BODY_FONT)
    normal.font.size = Pt(BODY_PT)
    normal.paragraph_format.line_spacing = 1.5
    normal.paragraph_format.space_after = Pt(4)
    for level, size in HEADING_PT.items():
        style = document.styles[f"Heading {level}"]
        _fonts(style, HEADING_FONT)
        style.font.size, style.font.bold, style.font.color.rgb = Pt(size), level > 1, RGBColor(0, 0, 0)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(14 if level == 1 else 8), Pt(6)
        style.paragraph_format.keep_with_next = True
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _field(footer, "PAGE")


def _cover(document: "Document", report: Report) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    for text, size, before in ((report.title, 24, 130), (report.subtitle, 30, 12)):
        line = document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.space_before = Pt(before)
        run = line.add_run(text)
        _fonts(run, HEADING_FONT)
        run.font.size = Pt(size)
    document.add_paragraph().paragraph_format.space_after = Pt(150)
    table = document.add_table(rows=len(report.cover), cols=2)
    _layout(table, (2, 5))
    for row, (name, value) in zip(table.rows, report.cover, strict=True):
        for cell, text in zip(row.cells, (f"{name}：", value), strict=True):
            cell.paragraphs[0].add_run(text).font.size = Pt(14)
        row.cells[0].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _table(document: "Document", block: Table) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    _caption(document, block.caption, before=True)
    table = document.add_table(rows=1 + len(block.rows), cols=len(block.header))
    _layout(table, block.widths)
    _borders(table)
    for at, (row, texts) in enumerate(zip(table.rows, (block.header, *block.rows), strict=True)):
        _keep_whole(row._tr, header=at == 0)  # noqa: SLF001 - python-docx has no words for these two marks
        for cell, text in zip(row.cells, texts, strict=True):
            _fill(cell, text, header=at == 0, centred=len(text) <= SHORT_CHARS)
    grid = [row.cells for row in table.rows[1:]] if block.merged else []
    for column in range(block.merged):
        _merge([cells[column] for cells in grid], [texts[: column + 1] for texts in block.rows])
    note = document.add_paragraph(f"来源：{block.source}")
    note.runs[0].font.size = Pt(NOTE_PT)
    note.alignment = WD_ALIGN_PARAGRAPH.LEFT
    note.paragraph_format.space_before, note.paragraph_format.space_after = Pt(3), Pt(8)


def _chart(document: "Document", block: Chart, font: Path | None) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Cm, Pt  # noqa: PLC0415

    drawing = draw(block, font)
    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.keep_with_next = True
    line.paragraph_format.line_spacing = 1
    line.add_run().add_picture(BytesIO(drawing.png), width=Cm(TEXT_CM))
    _caption(document, block.caption, before=False)
    notes = [f"来源：{block.source}", *(f"{code}：{name}" for code, name in drawing.legend)]
    note = document.add_paragraph("；".join(notes))
    note.runs[0].font.size = Pt(NOTE_PT)


def _caption(document: "Document", text: str, *, before: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.keep_with_next = before
    line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(6), Pt(3)
    run = line.add_run(text)
    _fonts(run, HEADING_FONT)
    run.font.size = Pt(10.5)


def _indented(paragraph: "DocxParagraph") -> None:
    from docx.shared import Pt  # noqa: PLC0415

    paragraph.paragraph_format.first_line_indent = Pt(BODY_PT * 2)


def _layout(table: "DocxTable", widths: Sequence[int]) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT  # noqa: PLC0415
    from docx.shared import Cm  # noqa: PLC0415

    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    sizes = [Cm(TEXT_CM * width / sum(widths)) for width in widths]
    for column, size in zip(table.columns, sizes, strict=True):
        column.width = size
    for row in table.rows:
        for cell, size in zip(row.cells, sizes, strict=True):
            cell.width = size


def _fill(cell: "_Cell", text: str, *, header: bool, centred: bool) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT  # noqa: PLC0415
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    line = cell.paragraphs[0]
    line.paragraph_format.line_spacing, line.paragraph_format.space_after = 1.1, Pt(2)
    line.paragraph_format.space_before = Pt(2)
    run = line.add_run(text)
    run.font.size = Pt(CELL_PT)
    if centred:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if header:
        _fonts(run, HEADING_FONT)
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", HEADER_FILL)):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001


def _merge(cells: "Sequence[_Cell]", shared: Sequence[Sequence[str]]) -> None:
    """Merge the cells of a column over rows that share the texts up to it."""
    first = 0
    for at in range(1, len(cells) + 1):
        if at < len(cells) and shared[at] == shared[first]:
            continue
        if at - first > 1:
            for below in cells[first + 1 : at]:
                below.paragraphs[0].clear()
            merged = cells[first].merge(cells[at - 1])
            for empty in merged.paragraphs[1:]:
                empty._p.getparent().remove(empty._p)  # noqa: SLF001
        first = at


def _borders(table: "DocxTable") -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", LINE_COLOUR)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)  # noqa: SLF001


def _keep_whole(row: "object", *, header: bool) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415

    properties = row.get_or_add_trPr()  # type: ignore[attr-defined]
    properties.append(OxmlElement("w:cantSplit"))
    if header:
        properties.append(OxmlElement("w:tblHeader"))


def _field(paragraph: "DocxParagraph", code: str) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    paragraph._p.append(field)  # noqa: SLF001


def _fonts(styled: "object", chinese: str) -> None:
    from docx.oxml.ns import qn  # noqa: PLC0415

    styled.font.name = LATIN_FONT  # type: ignore[attr-defined]
    fonts = styled.element.rPr.rFonts  # type: ignore[attr-defined]
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    fonts.set(qn("w:eastAsia"), chinese)


def _speaks_chinese(document: "Document") -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    properties = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if properties is None:
        return
    for known in properties.findall(qn("w:lang")):
        properties.remove(known)
    language = OxmlElement("w:lang")
    for name, value in (("val", "en-US"), ("eastAsia", "zh-CN"), ("bidi", "ar-SA")):
        language.set(qn(f"w:{name}"), value)
    properties.append(language)
