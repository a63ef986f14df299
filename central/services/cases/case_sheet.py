"""Cases as a table for offices: one row a case, in words, times in the city's zone. Who reported is left out."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from central.core.cases.casefile import Case
from central.settings.texts import Texts

ROWS_A_CHUNK = 200
BYTE_ORDER_MARK = "\ufeff"
"""By it spreadsheets see that a file is UTF-8."""
FORMULA_SIGNS = "=+-@\t\r\n＝＋－＠"

_CELLS: Mapping[str, Callable[[Case, Texts, tzinfo], str]] = {
    "number": lambda case, _texts, _zone: case.number,
    "status": lambda case, texts, _zone: texts.word("status", case.status),
    "source": lambda case, texts, _zone: texts.word("source", case.source),
    "scene": lambda case, texts, _zone: texts.word("scene", case.scene),
    "label": lambda case, texts, _zone: texts.word("label", case.label),
    "place": lambda case, _texts, _zone: case.place,
    "description": lambda case, _texts, _zone: case.description,
    "camera": lambda case, _texts, _zone: case.camera or "",
    "unit": lambda case, _texts, _zone: case.state.unit,
    "component": lambda case, _texts, _zone: case.state.component.id if case.state.component is not None else "",
    "component_name": lambda case, _texts, _zone: case.state.component.name if case.state.component is not None else "",
    "opened_at": lambda case, _texts, zone: local_time(case.opened_at, zone),
    "updated_at": lambda case, _texts, zone: local_time(case.updated_at, zone),
    "due_at": lambda case, _texts, zone: local_time(case.state.due_at, zone),
    "id": lambda case, _texts, _zone: case.id,
}


def header(texts: Texts) -> list[str]:
    """What the columns are called."""
    return [texts.say(f"sheet.{name}") for name in _CELLS]


def row(case: Case, texts: Texts, zone: tzinfo) -> list[str]:
    """The cells of a case."""
    return [cell(case, texts, zone) for cell in _CELLS.values()]


def csv_chunks(cases: Iterable[Case], texts: Texts, zone: tzinfo) -> Iterator[bytes]:
    """Cases as a CSV file."""
    return table_chunks(header(texts), (row(case, texts, zone) for case in cases))


def table_chunks(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """A CSV file that spreadsheets open as it is; what they would take for a formula starts with an apostrophe."""
    kept = io.StringIO()
    write = csv.writer(kept).writerow
    kept.write(BYTE_ORDER_MARK)
    write(head)
    for number, cells in enumerate(rows, 1):
        write([_neutral(cell) for cell in cells])
        if number % ROWS_A_CHUNK == 0:
            yield _taken(kept)
    yield _taken(kept)


def _taken(kept: io.StringIO) -> bytes:
    data = kept.getvalue().encode()
    kept.seek(0)
    kept.truncate()
    return data


def _neutral(cell: str) -> str:
    return f"'{cell}" if cell[:1] and cell[0] in FORMULA_SIGNS else cell


def local_time(at: datetime | None, zone: tzinfo) -> str:
    """A moment in the city's zone to the second; nothing where there is none."""
    return "" if at is None else at.astimezone(zone).isoformat(sep=" ", timespec="seconds")
