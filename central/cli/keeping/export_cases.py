"""`gridwarden central export-cases`: cases as a CSV or XLSX file, whole or not at all."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rich.console import Console
from rich.progress import track

from central.core.cases.casefile import Case
from central.services.cases.case_query import CaseQuery
from central.services.cases.case_sheet import csv_chunks, header, row
from central.services.cases.casework import Casework
from central.settings.texts import Texts
from central.stores.ports import CaseFilter
from protocol.texts import Words, language_of

CSV, XLSX = ".csv", ".xlsx"
XLSX_ROWS_MAX = 1_048_575
"""A sheet's, less the header."""
ROWS_MAX = 100_000_000
DONE = Words(zh="{file}：{count} 个案件", en="{file}: {count} cases")


class CannotExport(Exception):
    """The file cannot be written; the text says why. `environment`: something is missing here, nobody's mistake."""

    def __init__(self, sentence: str, *, environment: bool = False) -> None:
        super().__init__(sentence)
        self.environment = environment


@dataclass(frozen=True, slots=True)
class Sheet:
    """How cases are written."""

    texts: Texts
    zone: tzinfo


def asked(options: Mapping[str, object]) -> CaseQuery:
    """What options ask for, by the names of `CaseQuery`; None is left out. Raises `CannotExport`."""
    try:
        return CaseQuery.model_validate({name: told for name, told in options.items() if told is not None})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        option = str(first["loc"][0]).replace("_", "-")
        raise CannotExport(f"--{option}: {first['msg'].removeprefix('Value error, ')}") from None


def check(file: Path, *, force: bool) -> None:
    """Refuse what cannot work before anything is read. Raises `CannotExport`."""
    if file.suffix.lower() not in {CSV, XLSX}:
        raise CannotExport(f"{file}: name a file that ends in {CSV} or {XLSX}")
    if file.suffix.lower() == XLSX and find_spec("openpyxl") is None:
        raise CannotExport(
            "writing .xlsx needs openpyxl: pip install 'gridwarden[central]', or write a .csv file", environment=True
        )
    if file.exists() and not force:
        raise CannotExport(f"{file} is there already; choose another name, or --force to replace it")


def export(casework: Casework, wanted: CaseFilter, file: Path, sheet: Sheet) -> None:
    """Write the cases and print how many. Raises `CannotExport`, `StoreUnavailable`; then `file` is as it was."""
    is_xlsx = file.suffix.lower() == XLSX
    total = casework.count(wanted, ROWS_MAX)
    if is_xlsx and total > XLSX_ROWS_MAX:
        raise CannotExport(f"{total} cases do not fit on a sheet of {XLSX_ROWS_MAX}: narrow it down, or write .csv")
    console = Console(stderr=True)
    # What arrives meanwhile is not in it: a table has the cases that there were at its beginning, newest first.
    cases = track(casework.each(wanted, total), "export-cases", total, console=console, disable=not console.is_terminal)
    count = Counted(cases)
    try:
        with _replacing(file) as part:
            (_write_xlsx if is_xlsx else _write_csv)(part, count, sheet)
    except OSError as error:
        raise CannotExport(f"{file} cannot be written: {error.strerror}", environment=True) from None
    sys.stdout.write(f"{DONE.say(language_of(os.environ), file=file, count=count.seen)}\n")


class Counted:
    """Cases, and how many went by."""

    def __init__(self, cases: Iterable[Case]) -> None:
        self._cases = cases
        self.seen = 0

    def __iter__(self) -> Iterator[Case]:
        """Each in turn."""
        for case in self._cases:
            self.seen += 1
            yield case


def _write_csv(file: Path, cases: Iterable[Case], sheet: Sheet) -> None:
    with file.open("wb") as opened:
        for chunk in csv_chunks(cases, sheet.texts, sheet.zone):
            opened.write(chunk)


def _write_xlsx(file: Path, cases: Iterable[Case], sheet: Sheet) -> None:
    from openpyxl import Workbook  # noqa: PLC0415 - only who writes such a file loads it
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415

    book = Workbook(write_only=True)
    page = book.create_sheet(sheet.texts.say("sheet.title"))

    def cell(text: str) -> Any:  # noqa: ANN401 - a cell of openpyxl
        made = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("", text))
        made.data_type = "s"  # whatever it begins with, it is text and no formula
        return made

    page.append([cell(name) for name in header(sheet.texts)])
    for case in cases:
        page.append([cell(text) for text in row(case, sheet.texts, sheet.zone)])
    book.save(file)


@contextmanager
def _replacing(file: Path) -> Iterator[Path]:
    """A file beside `file` that takes its place at the end, and is gone when the block raises."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
