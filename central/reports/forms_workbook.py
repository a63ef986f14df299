"""The yearly forms as one .xlsx, a sheet for each, ready to be printed on A4."""

from io import BytesIO
from typing import TYPE_CHECKING

from central.core.evaluation.reporting.forms import Form

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HEADER_FILL, LINE_COLOUR, FONT = "E8EEF5", "8A98A8", "宋体"
LINE_PT, LINES_MAX = 16, 6


def forms_workbook(forms: tuple[Form, ...]) -> bytes:
    """The workbook; every cell is text, so that nothing in it is ever calculated or executed."""
    from openpyxl import Workbook  # noqa: PLC0415 - loaded where a workbook is written

    book = Workbook()
    book.remove(book.active)
    for form in forms:
        _sheet(book.create_sheet(form.title.partition("项目支出")[2]), form)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _sheet(sheet: "Worksheet", form: Form) -> None:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    width = len(form.header)
    for at, chars in enumerate(form.widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = chars
    _wide(sheet, 1, 1, width, form.title, size=16)
    sheet.row_dimensions[1].height = 34
    row = 2
    for name, value in form.head:
        _cell(sheet, row, 1, name, shaded=True)
        _wide(sheet, row, 2, width, value, lined=True)
        _height(sheet, row, [value], [sum(form.widths[1:])])
        row += 1
    top = row
    for texts in (form.header, *form.rows):
        for column, text in enumerate(texts, 1):
            _cell(sheet, row, column, text, shaded=row == top)
        _height(sheet, row, texts, form.widths)
        row += 1
    for note in form.notes:
        _wide(sheet, row, 1, width, note, centred=False)
        row += 1
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{top}:{top}"
    sheet.print_options.horizontalCentered = True


def _cell(sheet: "Worksheet", row: int, column: int, text: str, *, shaded: bool = False) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # noqa: PLC0415

    cell = sheet.cell(row, column)
    cell.value, cell.data_type = text, "s"
    side = Side(style="thin", color=LINE_COLOUR)
    cell.border = Border(left=side, right=side, top=side, bottom=side)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.font = Font(name=FONT, size=10.5, bold=shaded)
    if shaded:
        cell.fill = PatternFill("solid", start_color=HEADER_FILL)


def _wide(  # noqa: PLR0913 - where, how wide, what, how
    sheet: "Worksheet",
    row: int,
    first: int,
    last: int,
    text: str,
    *,
    size: float = 10.5,
    lined: bool = False,
    centred: bool = True,
) -> None:
    from openpyxl.styles import Alignment, Border, Font  # noqa: PLC0415

    for column in range(first, last + 1):
        _cell(sheet, row, column, "")
        if not lined:
            sheet.cell(row, column).border = Border()
    cell = sheet.cell(row, first)
    cell.value, cell.data_type = text, "s"
    cell.font = Font(name=FONT, size=size, bold=size > LINE_PT - 1)
    cell.alignment = Alignment(horizontal="center" if centred else "left", vertical="center", wrap_text=True)
    sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)


def _height(
    sheet: "Worksheet", row: int, texts: "tuple[str, ...] | list[str]", widths: "tuple[int, ...] | list[int]"
) -> None:
    lines = max(-(-2 * len(text) // chars) for text, chars in zip(texts, widths, strict=True))
    sheet.row_dimensions[row].height = LINE_PT * min(max(lines, 1), LINES_MAX) + 6
