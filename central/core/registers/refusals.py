"""What is said of entries that cannot be taken: where, why, and what would be right."""

from protocol.texts import Told, Words

TOLD_CHARS_MAX = 40

IN_ROW = Words("第 {row} 行，{fault}", "row {row}, {fault}")
IN_COLUMN = Words("{column}：{fault}", "{column}: {fault}")
SAME_ROW = Words("第 {row} 行：与第 {other} 行相同；请只留一行", "row {row}: the same as row {other}; keep one of them")
NO_ROW = Words("表头以下没有行（{columns}）", "there is no row below the header ({columns})")
NO_HEAD = Words("第一行应是列名：{columns}（{titles}）", "the first row names the columns: {columns} ({titles})")
OTHER_COLUMNS = Words("{register} 的条目应有 {columns}", "an entry of {register} names {columns}")
SHIFT_ENDS = Words(
    "班次的结束应晚于开始；跨午夜的班次在次日结束",
    "a shift ends after it begins; one over midnight ends on the next day",
)
SHIFT_LENGTH = Words(
    "一个班次最长 {hours} 小时；请每班写一行", "a shift has {hours} hours at most; write one row for each"
)
NO_MONTH = Words("“{told}”不是月份；请写 2026-03", "'{told}' is no month; write 2026-03")
BAD_MONTH = Words("“{told}”：{why}", "'{told}': {why}")
NO_YEAR = Words("“{told}”不是年份；请写 2026", "'{told}' is no year; write 2026")
NO_COMMUNITY = Words("“{told}”不是社区代码；应为 12 位数字", "'{told}' is no code of a community; it has 12 digits")
NOBODY = Words(
    "人口不能为 0；无人居住的社区请不要写", "0 people are no population; leave the community out where nobody lives"
)
NO_CLASS = Words(
    "“{told}”不是类别；请写 04-01，整个大类写 04", "'{told}' is no class; write 04-01, or 04 for all of it"
)
NO_GRID = Words(
    "“{told}”不是网格代码，也不是其开头（6 至 16 位数字）",
    "'{told}' is no code of a grid, nor what one begins with (6 to 16 digits)",
)
DUTY_ENDS = Words("不再计入的第一天应晚于开始", "the first day that does not count any more lies after `from`")
DUTY_LENGTH = Words("一项职责最长 {years} 年；之后请重新写", "a duty lasts {years} years at most; write it anew then")
NO_NAME = Words("请写明，一行，最多 {most} 个字", "name it, in one line of {most} characters at most")
NO_COUNT = Words("“{told}”不是 0 至 {most} 的数", "'{told}' is no number from 0 to {most}")
NO_TIME = Words(
    "“{told}”不是时间；请写 2026-11-01 或 2026-11-01 08:00", "'{told}' is no time; write 2026-11-01 or 2026-11-01 08:00"
)
OTHER_YEARS = Words("“{told}”不在 {first} 至 {last} 年之间", "'{told}' lies outside the years {first} to {last}")
MEETS = Words(
    "一个坐席同时只有一人，一人同时只在一个坐席；与此冲突：{told}",
    "a seat has one person at a time and a person one seat; it meets {told}",
)
NOT_IMPORTED = Words(
    "城市导入的数据中没有“{told}”；请核对代码", "'{told}' is not in what the city imported; look at its code"
)


class EntryRefused(Told, ValueError):
    """This cannot be entered; the text says where, why, and what would be right."""


def refused_in(column: str, fault: Words, **values: object) -> EntryRefused:
    """A fault of one column; `values` are those that its words name."""
    return EntryRefused(IN_COLUMN, column=column, fault=fault.filled(**values))


def in_row(row: int, refusal: EntryRefused) -> EntryRefused:
    """The same with the row of the table; row 0 is of no table."""
    return EntryRefused(IN_ROW, row=row, fault=refusal.words) if row else refusal
