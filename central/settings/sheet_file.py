"""A table from an XLSX or CSV file as rows of text: bounded, nothing in it evaluated."""

import csv
import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, Protocol

from central.core.standards.sheet import COLUMNS_MAX, ROWS_MAX, SheetRow
from central.settings.load import SettingsError
from protocol.file_faults import why_not
from protocol.texts import Told, Words

FILE_BYTES_MAX = 8 * 1024 * 1024
UNPACKED_BYTES_MAX = 32 * 1024 * 1024
PARTS_MAX = 500
MERGES_MAX = 20_000
CELL_CHARS_MAX = 4_000
CELLS_MAX = 1_000_000
_MERGE = re.compile(
    rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=[\"']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})[\"']"
)
_ENCODINGS = ("utf-8-sig", "gb18030")
_UNREADABLE = Words("{path}：{why}；请给出 .xlsx 或 .csv 文件", "{path}: {why}; name an .xlsx or .csv file")
_LARGE = Words(
    "{path}：大于 {most} MiB；要导入的表远没有这么大",
    "{path}: larger than {most} MiB; a table that is imported is far smaller",
)
_UNFIT = Words("{path}：{why}", "{path}: {why}")
_OLD = Words("是旧的 .xls 文件；请另存为 .xlsx 或 CSV（UTF-8）", "an old .xls file; save it as .xlsx or as CSV (UTF-8)")
_NO_CSV = Words("第 {line} 行不是 CSV：{why}", "line {line} is no CSV: {why}")
_NEITHER = Words(
    "既不是 .xlsx，也不是 UTF-8 或 GB18030 的 CSV；请另存为其中一种",
    "neither .xlsx nor CSV in UTF-8 or GB18030; save it as one of these",
)
_ROWS = Words("多于 {most} 行；请删去表格下面的空行", "more than {most} rows; delete the empty rows below the table")
_COLUMNS = Words("多于 {most} 列；请删去表格右边的列", "more than {most} columns; delete those right of the table")
_DAMAGED = Words(
    ".xlsx 文件已损坏（{why}）；请打开后重新存为 .xlsx",
    "a damaged .xlsx file ({why}); open it, save it again as .xlsx",
)
_UNPACKED = Words(
    "解开后大于 {most} MiB；请只留要导入的工作表，去掉图片和带格式的空行",
    "unpacks to more than {most} MiB; keep the imported sheet alone, without pictures and formatted empty rows",
)
_CELLS = Words(
    "多于 {most} 个单元格；请删去表格右边带格式的空列",
    "more than {most} cells; delete the formatted empty columns right of the table",
)
_MERGED = Words(
    "合并单元格多于 {most} 格；请只在表格内合并",
    "merged cells cover more than {most} cells; merge only within the table",
)

Merges = Mapping[int, Mapping[int, tuple[int, int]]]
"""By row, then column, of a covered cell: the cell at the upper left (row, column), which has the text."""


class _Sheet(Protocol):
    """What is used of a worksheet."""

    title: str
    _worksheet_path: str

    def reset_dimensions(self) -> None: ...

    def iter_rows(self, *, max_row: int, values_only: bool) -> Iterator[tuple[Any, ...]]: ...


def read_sheet(path: Path) -> list[SheetRow]:
    """The first visible sheet of an XLSX file, or a CSV file in UTF-8 or GB18030. Raises `SettingsError`."""
    try:
        with path.open("rb") as file:
            content = file.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise SettingsError(_UNREADABLE, path=path, why=why_not(error)) from None
    if len(content) > FILE_BYTES_MAX:
        raise SettingsError(_LARGE, path=path, most=FILE_BYTES_MAX >> 20)
    try:
        return _xlsx(content) if content.startswith(b"PK") else _csv(content)
    except _Unfit as reason:
        raise SettingsError(_UNFIT, path=path, why=reason.words) from None


class _Unfit(Told):
    """The file is no table that is read; the text says why, and what would be."""


def _csv(content: bytes) -> list[SheetRow]:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _Unfit(_OLD)
    reader = csv.reader(StringIO(_decoded(content), newline=""))
    rows, begins = [], 1
    try:
        for cells in reader:
            rows.append(SheetRow(begins, tuple(cells)))
            begins = reader.line_num + 1
            _bound(len(rows), len(cells))
    except csv.Error as error:
        raise _Unfit(_NO_CSV, line=begins, why=error) from None
    return rows


def _decoded(content: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _Unfit(_NEITHER)


def _bound(rows: int, columns: int) -> None:
    if rows > ROWS_MAX:
        raise _Unfit(_ROWS, most=ROWS_MAX)
    if columns > COLUMNS_MAX:
        raise _Unfit(_COLUMNS, most=COLUMNS_MAX)


def _xlsx(content: bytes) -> list[SheetRow]:
    from openpyxl import load_workbook  # noqa: PLC0415 - only who imports a table loads it

    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_parts(archive)
            book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
            sheet: _Sheet = next(one for one in book.worksheets if one.sheet_state == "visible")
            merges = _merges(archive.read(sheet._worksheet_path))  # noqa: SLF001 - read-only sheets tell no merges
            return _rows(sheet, merges)
    except _Unfit:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged file fails in many ways; none is central's fault
        raise _Unfit(_DAMAGED, why=type(error).__name__) from None


def _check_parts(archive: zipfile.ZipFile) -> None:
    """Refuse what would unpack to too much; nothing is unpacked for that, and no more than is declared later."""
    parts = archive.infolist()
    if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > UNPACKED_BYTES_MAX:
        raise _Unfit(_UNPACKED, most=UNPACKED_BYTES_MAX >> 20)


def _rows(sheet: _Sheet, merges: Merges) -> list[SheetRow]:
    sheet.reset_dimensions()
    rows: list[SheetRow] = []
    texts: dict[tuple[int, int], str] = {}
    looked_at = 0
    for number, values in enumerate(sheet.iter_rows(max_row=ROWS_MAX + 1, values_only=True), 1):
        looked_at += len(values)
        if looked_at > CELLS_MAX:
            raise _Unfit(_CELLS, most=CELLS_MAX)
        cells = [_text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        _bound(number, len(cells))
        covered = merges.get(number, {})
        cells += [""] * (max(covered, default=0) - len(cells))
        for column, anchor in sorted(covered.items()):
            cells[column - 1] = texts.setdefault(anchor, cells[column - 1])
        rows.append(SheetRow(number, tuple(cells)))
    return rows


def _merges(part: bytes) -> Merges:
    rows: dict[int, dict[int, tuple[int, int]]] = {}
    count = 0
    for found in _MERGE.finditer(part):
        left, top, right, bottom = _number(found[1]), int(found[2]), _number(found[3]), int(found[4])
        bottom, right = min(bottom, ROWS_MAX), min(right, COLUMNS_MAX)
        count += max(0, bottom - top + 1) * max(0, right - left + 1)
        if count > MERGES_MAX:
            raise _Unfit(_MERGED, most=MERGES_MAX)
        for row in range(top, bottom + 1):
            rows.setdefault(row, {}).update(dict.fromkeys(range(left, right + 1), (top, left)))
    return rows


def _number(letters: bytes) -> int:
    number = 0
    for one in letters:
        number = number * 26 + one - ord("A") + 1
    return number


def _text(value: object) -> str:
    if value is None:
        return ""
    if hasattr(value, "ref"):
        return "="  # an array formula
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:CELL_CHARS_MAX]
