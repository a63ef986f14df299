"""Records of one kind as a table: columns, and rows to plain values that validation then judges."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from central.core.project_records.kinds import RecordKind
from central.core.standards.sheet import SheetRow
from protocol.texts import Said, Words

_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_WHOLE = re.compile(r"[0-9]{1,12}|-[1-9][0-9]{0,11}")
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?( 00:00:00)?")
_BROKEN = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")
_YES_NO = {"是": True, "否": False, "合格": True, "不合格": False, "true": True, "false": False, "1": True, "0": False}
_WORDS = {"内部": "internal", "市民": "citizen", "本年": "current", "基期": "baseline"}
CELL_CHARS_MAX = 2_000

FORMULA = Words(
    zh="单元格是公式；请改为数值（选择性粘贴 → 数值）",
    en="the cell is a formula; put its value there (paste as values)",
)
BROKEN = Words(zh="单元格是错误值 {text}", en="the cell holds the error {text}")
NO_HEADER = Words(zh="没有表头；第一行应为：{columns}", en="there is no header; the first row should be: {columns}")
NO_COLUMN = Words(zh="没有列 {name}；可用：{columns}", en="there is no column {name}; there are: {columns}")
COLUMN_TWICE = Words(zh="列 {name} 出现两次", en="the column {name} stands twice")
NO_OWNER = Words(
    zh="编号为空：只有上一行之后的明细行可以不写编号",
    en="the id is missing; only further rows of the record above have none",
)
OWNER_REPEATED = Words(
    zh="明细行只写明细；这一列只写在第一行", en="a further row holds its part alone; this column is for the first row"
)
SIGNS = Words(zh="单元格超过 {most} 个字", en="the cell has more than {most} characters")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The columns of a kind by key; `parts` is the list that further rows add to, with its own columns."""

    columns: Mapping[str, str]
    parts: str = ""
    part_columns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Column key: its key within the part, and its Chinese header."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Every column key with its Chinese header."""
        return {**self.columns, **{key: zh for key, (_, zh) in self.part_columns.items()}}


SHEETS: Mapping[RecordKind, Sheet] = {
    RecordKind.BUDGET_LINES: Sheet({"id": "编号", "name": "名称", "planned_cny": "预算金额", "year": "年度"}),
    RecordKind.CONTRACTS: Sheet(
        {
            "id": "编号", "name": "名称", "budget_line": "预算项", "amount_cny": "合同金额", "supplier": "供应商",
            "signed": "签订日期", "year": "年度",
        },
        "items",
        {"item_id": ("id", "合同项编号"), "item_name": ("name", "合同项"), "item_quantity": ("quantity", "数量")},
    ),
    RecordKind.PAYMENTS: Sheet(
        {"id": "编号", "contract": "合同", "paid": "支付日期", "amount_cny": "支付金额", "voucher": "凭证号"}
    ),
    RecordKind.ACCEPTANCES: Sheet(
        {"id": "编号", "item": "合同项", "on": "验收日期", "passed": "结论", "by": "验收人"}
    ),
    RecordKind.DEVICES: Sheet(
        {"id": "编号", "item": "合同项", "device": "设备", "serial": "序列号", "what": "类型", "on": "交付日期"}
    ),
    RecordKind.TRAININGS: Sheet({"id": "编号", "on": "日期", "subject": "内容", "attended": "人次"}),
    RecordKind.SURVEYS: Sheet(
        {"id": "编号", "asked": "对象", "round": "期次", "on": "日期", "question": "问题"},
        "strata",
        {
            "stratum": ("name", "层"), "population": ("population", "总体"), "answered": ("answered", "答卷"),
            "satisfied": ("satisfied", "满意"),
        },
    ),
    RecordKind.MILESTONES: Sheet({"id": "编号", "name": "名称", "due": "计划日期", "done": "完成日期"}),
    RecordKind.INTERVIEWS: Sheet({"id": "编号", "on": "日期", "who": "对象", "said": "内容"}),
}  # fmt: skip
WHOLE = frozenset({"year", "item_quantity", "attended", "population", "answered", "satisfied"})
DAYS = frozenset({"signed", "paid", "on", "due", "done"})


@dataclass(frozen=True, slots=True)
class CellFault(Said):
    """What is wrong with a cell: row from 1, column from 0."""

    row: int
    column: int
    words: Words
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Placed:
    """The plain values of one record, and in which cell each of them stands."""

    row: int
    values: dict[str, Any]
    cells: dict[tuple[str | int, ...], tuple[int, int]]

    def cell(self, loc: Sequence[str | int]) -> tuple[int, int]:
        """Row and column of the deepest part of `loc` that has a cell; else the first cell of the record."""
        for length in range(len(loc), 0, -1):
            if tuple(loc[:length]) in self.cells:
                return self.cells[tuple(loc[:length])]
        return self.row, 0


def read_table(kind: RecordKind, rows: Sequence[SheetRow]) -> tuple[list[Placed], list[CellFault]]:
    """Rows of a sheet as plain values of records, and what is wrong with its cells."""
    sheet = SHEETS[kind]
    filled = [row for row in rows if any(cell.strip() for cell in row.cells)]
    told = ", ".join(sheet.headers)
    if not filled:
        return [], [CellFault(1, 0, NO_HEADER, {"columns": told})]
    keys, faults = _header(sheet, filled[0])
    if faults or not keys:
        return [], faults or [CellFault(filled[0].number, 0, NO_HEADER, {"columns": told})]
    records: list[Placed] = []
    for row in filled[1:]:
        cells = {keys[at]: (at, text.strip()) for at, text in enumerate(row.cells) if at in keys and text.strip()}
        faults += _spoiled(row.number, cells)
        faults += _take(kind, sheet, row.number, cells, records)
    return records, faults


def _header(sheet: Sheet, row: SheetRow) -> tuple[dict[int, str], list[CellFault]]:
    known = {**{key: key for key in sheet.headers}, **{zh: key for key, zh in sheet.headers.items()}}
    keys: dict[int, str] = {}
    faults = []
    for at, cell in enumerate(row.cells):
        name = cell.strip()
        if not name:
            continue
        if name not in known:
            told = {"name": name[:40], "columns": ", ".join(sheet.headers)}
            faults.append(CellFault(row.number, at, NO_COLUMN, told))
        elif known[name] in keys.values():
            faults.append(CellFault(row.number, at, COLUMN_TWICE, {"name": name}))
        else:
            keys[at] = known[name]
    return keys, faults


def _spoiled(number: int, cells: Mapping[str, tuple[int, str]]) -> Iterator[CellFault]:
    for at, text in cells.values():
        if text.startswith("="):
            yield CellFault(number, at, FORMULA)
        elif text in _BROKEN:
            yield CellFault(number, at, BROKEN, {"text": text})
        elif len(text) > CELL_CHARS_MAX:
            yield CellFault(number, at, SIGNS, {"most": CELL_CHARS_MAX})


def _take(
    kind: RecordKind, sheet: Sheet, number: int, cells: Mapping[str, tuple[int, str]], records: list[Placed]
) -> Iterator[CellFault]:
    own = {key: cell for key, cell in cells.items() if key in sheet.columns}
    part = {sheet.part_columns[key][0]: (key, *cells[key]) for key in cells if key in sheet.part_columns}
    continues = "id" not in own and bool(part)
    if continues and not records:
        yield CellFault(number, 0, NO_OWNER)
        return
    if continues:
        for at, _ in own.values():
            yield CellFault(number, at, OWNER_REPEATED)
    elif "id" in own or kind is RecordKind.INTERVIEWS:
        values = {key: _value(key, text) for key, (_, text) in own.items()}
        records.append(Placed(number, values, {(key,): (number, at) for key, (at, _) in own.items()}))
    else:
        yield CellFault(number, next(iter(own.values()))[0], NO_OWNER)
        return
    if part:
        record = records[-1]
        parts: list[dict[str, Any]] = record.values.setdefault(sheet.parts, [])
        place = len(parts)
        parts.append({key: _value(column, text) for key, (column, _, text) in part.items()})
        record.cells |= {(sheet.parts, place, key): (number, at) for key, (_, at, _) in part.items()}
        record.cells[sheet.parts, place] = (number, min(at for _, at, _ in part.values()))


def _value(key: str, text: str) -> Any:  # noqa: ANN401 - what validation then judges
    """What a cell means; a text that is none of it stays as it is, and validation says what would be right."""
    if key in WHOLE:
        plain = text.replace(",", "") if _GROUPED.fullmatch(text) else text
        return int(plain) if _WHOLE.fullmatch(plain) else text
    if key in DAYS:
        found = _DAY.fullmatch(text)
        return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else text
    if key.endswith("_cny"):
        return text.replace(",", "") if _GROUPED.fullmatch(text) else text
    if key == "passed":
        return _YES_NO.get(text.lower(), text)
    if key in {"asked", "round"}:
        return _WORDS.get(text, text)
    return text
