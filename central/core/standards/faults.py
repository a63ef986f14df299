"""What can be wrong with a table of standards, named by row and column, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from protocol.texts import Language, Said, Words

SHOWN_CHARS = 40

NO_HEADER = Words(
    zh="前 {rows} 行里没有表头；表头要有：{columns}", en="no header in the first {rows} rows; it names: {columns}"
)
COLUMN_MISSING = Words(zh="缺少这一列", en="this column is missing")
COLUMN_TWICE = Words(zh="这一列出现了两次", en="this column is there twice")
COLUMN_UNKNOWN = Words(
    zh="不认识这一列；请改名或删除，可用的列：{columns}",
    en="this column is not known; rename or delete it; there are: {columns}",
)
NO_ROWS = Words(zh="表头下面没有任何标准", en="there is no standard below the header")
TOO_MANY_ROWS = Words(zh="超过 {rows} 行；一张表最多 {rows} 行", en="more than {rows} rows; a table has {rows} at most")
NEEDED = Words(zh="不能为空，上方也没有可沿用的值", en="it is empty, and nothing above it can be taken over")
NAME_NEEDED = Words(
    zh="新的代码 {code} 要写自己的名称，不沿用上一类的名称",
    en="the new code {code} needs its own name; that above belongs to another class",
)
CODE_NEEDED = Words(zh="新的大类 {code} 要写自己的小类代码", en="the new 大类 {code} needs a 小类代码 of its own")
TOO_LONG = Words(zh="超过 {most} 个字", en="longer than {most} characters")
FORMULA = Words(
    zh="是公式；公式不会被计算，请粘贴为数值", en="it is a formula; formulas are not evaluated, paste it as a value"
)
NO_CODE = Words(zh="“{text}”不是代码；写两位数字，如 04", en="{text!r} is no code; write two digits, such as 04")
GROUP_UNKNOWN = Words(
    zh="{layout} 的{kind_zh}没有大类 {code}；有：{known}", en="{layout} has no {kind} group {code}; it has: {known}"
)
NAMED_TWICE = Words(
    zh="代码 {code} 在第 {first} 行叫“{name}”，这里叫“{text}”",
    en="{code} is {name!r} in row {first}, and {text!r} here",
)
DOUBLED = Words(
    zh="与第 {first} 行重复：同一小类的同一立案条件只写一次",
    en="the same as in row {first}: a condition of a class is written once",
)
NO_LIMIT = Words(
    zh="“{text}”不是时限；写数字和单位，如 2紧急工作时、4工作时、1工作日、2紧急工作日、5自然日",
    en="{text!r} is no limit; write a number and a unit: 2紧急工作时, 4工作时, 1工作日, 2紧急工作日, 5自然日",
)
NOT_ONE_OF = Words(zh="“{text}”不在可选值中：{known}", en="{text!r} is none of: {known}")
OTHER_LAYOUT = Words(
    zh="与第 {first} 行的编码版本不同；一张表只用一种编码版本",
    en="another layout than in row {first}; a table keeps to one",
)

PLACE = Words(zh="第 {row} 行，{column}：{what}", en="row {row}, {column}: {what}")
OF_FILE = Words(zh="{what}", en="{what}")


@dataclass(frozen=True, slots=True)
class Fault(Said):
    """One thing that is wrong. `row` counts from 1 as the file does, 0 is the whole file; `column`: header, letter.

    `place` says where that is, if a file has no rows and columns.
    """

    row: int
    column: str
    words: Words
    values: Mapping[str, object] = field(default_factory=dict)
    place: Words = PLACE

    def say(self, language: Language) -> str:
        """Where it is, what is wrong, and what would be right."""
        what = Said.say(self, language)
        return (self.place if self.row else OF_FILE).say(language, row=self.row, column=self.column, what=what)
