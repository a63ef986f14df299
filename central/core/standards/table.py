"""Any table that a city brings: its header, where each column stands, the cells below, and what is wrong with both."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from central.core.standards import faults
from central.core.standards.cells import squeezed
from central.core.standards.faults import SHOWN_CHARS, Fault
from central.core.standards.sheet import PASSED_OVER, Column, SheetRow, letter
from protocol.texts import Words

HEADER_ROWS_MAX = 10


class Table:
    """Rows that are empty or start with # are passed over; the header is the first row that names `needed[0]`.

    `columns` are known, `needed` must be there, `named` are told where there is no header. Where `faults` holds any
    after the header was read, the rows below mean nothing.
    """

    def __init__(
        self, rows: Iterable[SheetRow], columns: Sequence[Column], needed: Sequence[Column], named: Sequence[Column]
    ) -> None:
        self.faults: list[Fault] = []
        self.places: dict[Column, int] = {}
        self.header_row = 0
        told = (row for row in rows if any(map(str.strip, row.cells)) and not _is_remark(row))
        tried = zip(range(HEADER_ROWS_MAX), told, strict=False)
        header = next((row for _, row in tried if _names(row, needed[0])), None)
        self.rows: Iterator[SheetRow] = told
        if header is None:
            self.faults.append(Fault(0, "", faults.NO_HEADER, {"rows": HEADER_ROWS_MAX, "columns": _joined(named)}))
            return
        self.header_row = header.number
        self._read_header(header, columns)
        missing = [column for column in needed if column not in self.places]
        self.faults += [Fault(header.number, column.name, faults.COLUMN_MISSING) for column in missing]

    def fault(self, row: int, column: Column, words: Words, /, **values: object) -> None:
        """Note what is wrong with a cell."""
        at = f"{column.name} ({letter(self.places[column])})" if column in self.places else column.name
        self.faults.append(Fault(row, at, words, values))

    def texts(self, row: SheetRow) -> dict[Column, str]:
        """A row's cells by column, without blanks around them; empty where there is none."""
        return {column: row.cells[at].strip() if at < len(row.cells) else "" for column, at in self.places.items()}

    def check(self, row: int, texts: Mapping[Column, str]) -> None:
        """Note formulas and texts that are too long."""
        for column, text in texts.items():
            if text.startswith("="):
                self.fault(row, column, faults.FORMULA)
            elif len(text) > column.chars_max:
                self.fault(row, column, faults.TOO_LONG, most=column.chars_max)

    def _read_header(self, header: SheetRow, columns: Sequence[Column]) -> None:
        spellings = {spelling: column for column in columns for spelling in (column.name, *column.also)}
        for index, cell in enumerate(header.cells):
            name = squeezed(cell)
            column = spellings.get(name) or spellings.get(name.lower())
            at = f"{name[:SHOWN_CHARS]} ({letter(index)})"
            if column is None:
                if name and name not in PASSED_OVER:
                    self.faults.append(Fault(header.number, at, faults.COLUMN_UNKNOWN, {"columns": _joined(columns)}))
            elif column in self.places:
                self.faults.append(Fault(header.number, at, faults.COLUMN_TWICE))
            else:
                self.places[column] = index


def _joined(columns: Iterable[Column]) -> str:
    return "、".join(column.name for column in columns)


def _names(row: SheetRow, column: Column) -> bool:
    return bool({column.name, *column.also} & set(map(squeezed, row.cells)))


def _is_remark(row: SheetRow) -> bool:
    return next(cell for cell in row.cells if cell.strip()).lstrip().startswith("#")
