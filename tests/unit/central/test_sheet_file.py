"""Tables come from XLSX and CSV as rows of text, bounded, nothing evaluated."""

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from central.core.standards.sheet import COLUMNS_MAX, ROWS_MAX, SheetRow
from central.settings import SettingsError
from central.settings.sheet_file import FILE_BYTES_MAX, MERGES_MAX, PARTS_MAX, UNPACKED_BYTES_MAX, read_sheet


def workbook(folder: Path, write: Callable[[Worksheet], object]) -> Path:
    file = folder / "table.xlsx"
    book = Workbook()
    assert isinstance(book.active, Worksheet)
    write(book.active)
    book.save(file)
    return file


def cells(file: Path) -> list[tuple[str, ...]]:
    return [row.cells for row in read_sheet(file)]


def test_numbers_dates_and_formulas_are_text(tmp_path: Path) -> None:
    def write(sheet: Worksheet) -> None:
        sheet.append(["04", 4, 4.0, 0.5, date(2026, 3, 1), None, "=1+1"])

    assert cells(workbook(tmp_path, write)) == [("04", "4", "4", "0.5", "2026-03-01 00:00:00", "", "=1+1")]


def test_merged_cells_have_their_text_in_every_cell(tmp_path: Path) -> None:
    def write(sheet: Worksheet) -> None:
        for row in (["a", "b", "c"], ["x", "y", "z"], ["", "", "w"], ["", "", "v"]):
            sheet.append(row)
        sheet.merge_cells("A2:A5")
        sheet.merge_cells("B2:B3")
        sheet.merge_cells("D1:E2")

    assert cells(workbook(tmp_path, write)) == [
        ("a", "b", "c", "", ""),
        ("x", "y", "z", "", ""),
        ("x", "y", "w"),
        ("x", "", "v"),
        ("x",),
    ]


def test_the_first_visible_sheet_is_read(tmp_path: Path) -> None:
    file = tmp_path / "table.xlsx"
    book = Workbook()
    assert isinstance(book.active, Worksheet)
    book.active.sheet_state = "hidden"
    book.create_sheet("标准").append(["seen"])
    book.save(file)
    assert cells(file) == [("seen",)]


def test_rows_keep_the_numbers_of_the_file(tmp_path: Path) -> None:
    def write(sheet: Worksheet) -> None:
        sheet["A3"] = "third"

    assert [(row.number, row.cells) for row in read_sheet(workbook(tmp_path, write))][-1] == (3, ("third",))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_both_encodings_with_lines_within_cells(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes('大类,"两\n行"\n\n末,行\n'.encode(encoding))
    assert read_sheet(file) == [SheetRow(1, ("大类", "两\n行")), SheetRow(3, ()), SheetRow(4, ("末", "行"))]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old .xls"),
        (b"\xff\xff\xff", "UTF-8 or GB18030"),
        (b"a\x00b", "UTF-8 or GB18030"),
        (b"x" * (FILE_BYTES_MAX + 1), "8 MiB"),
        (b"a\n" * (ROWS_MAX + 1), "rows"),
        (b"a," * (COLUMNS_MAX + 1), "columns"),
        (b"x" * 200_000, "no CSV"),
        (b"PK\x03\x04 no archive", "damaged"),
    ],
)
def test_what_is_no_table_is_refused_by_name(content: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(content)
    with pytest.raises(SettingsError, match=said) as refusal:
        read_sheet(file)
    assert str(refusal.value).startswith(str(file))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no such file"):
        read_sheet(tmp_path / "none.xlsx")
    with pytest.raises(SettingsError, match="it is a folder"):
        read_sheet(tmp_path)


def test_a_bomb_is_refused_unopened(tmp_path: Path) -> None:
    file = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/a.xml", "w") as part:
        for _ in range((UNPACKED_BYTES_MAX >> 20) + 1):
            part.write(b" " * (1 << 20))
    assert file.stat().st_size < 1 << 20
    with pytest.raises(SettingsError, match="unpacks to more than"):
        read_sheet(file)
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(PARTS_MAX + 1):
            archive.writestr(str(number), b"")
    with pytest.raises(SettingsError, match="unpacks to more than"):
        read_sheet(file)


def test_cells_and_merges_far_out_are_refused(tmp_path: Path) -> None:
    def far_right(sheet: Worksheet) -> None:
        sheet["XFD2"] = "far"

    def far_down(sheet: Worksheet) -> None:
        sheet["A1048576"] = "far"

    def wide(sheet: Worksheet) -> None:
        for row in range(1, 70):
            sheet.cell(row, 16_384).number_format = "0.00"

    for write, said in ((far_right, "columns"), (far_down, "rows"), (wide, "formatted empty columns")):
        with pytest.raises(SettingsError, match=said):
            read_sheet(workbook(tmp_path, write))
    file = workbook(tmp_path, lambda sheet: sheet.append(["a"]))
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    part = "xl/worksheets/sheet1.xml"
    parts[part] = parts[part].replace(
        b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    )
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(SettingsError, match=f"more than {MERGES_MAX} cells"):
        read_sheet(file)
    assert parts[part].count(b"mergeCell ") == 1


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "table.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    with pytest.raises(SettingsError, match="damaged"):
        read_sheet(file)
