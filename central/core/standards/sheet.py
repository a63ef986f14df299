"""A table as it was read from a file: rows of text by their numbers, and the columns that a table of standards has."""

from dataclasses import dataclass

ROWS_MAX, COLUMNS_MAX = 20_000, 64


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row by its number in the file, from 1. A merged cell has its text in every cell that it covers."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its header; `also` are other spellings of it."""

    name: str
    chars_max: int
    also: tuple[str, ...] = ()


GROUP_CODE = Column("大类代码", 8)
GROUP_NAME = Column("大类名称", 64)
CLASS_CODE = Column("小类代码", 8)
CLASS_NAME = Column("小类名称", 64)
UNITS = Column("处置单位", 400, ("责任单位",))
DEPARTMENT = Column("主管部门", 200)
CONDITION = Column("立案条件", 500)
CLOSING = Column("结案条件", 500)
LIMIT = Column("处置时限", 40, ("处置时限要求",))
SYSTEM = Column("计时标准", 40, ("计时制",))
RECURRENCE = Column("复发", 20, ("复发处理",))
KIND = Column("类别", 20, ("部件/事件",))
LAYOUT = Column("编码版本", 40, ("布局", "布局/编码版本"))
LOCAL = Column("本地扩展", 8)

TEMPLATE = (GROUP_CODE, GROUP_NAME, CLASS_CODE, CLASS_NAME, UNITS, DEPARTMENT, CONDITION, CLOSING, LIMIT)
"""The nine columns of city platforms' import template [YUNCHENG]; each must be there."""
OPTIONAL = (SYSTEM, RECURRENCE, KIND, LAYOUT, LOCAL)
PASSED_OVER = frozenset({"序号", "备注", "说明"})
"""Columns that people add for themselves."""


def letter(index: int) -> str:
    """What spreadsheets call the column with this index: A, B ... Z, AA."""
    name, rest = "", index + 1
    while rest:
        rest, at = divmod(rest - 1, 26)
        name = chr(ord("A") + at) + name
    return name
