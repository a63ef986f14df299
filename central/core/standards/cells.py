"""What single cells of a table of standards mean."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import TypeVar

from central.core.clocks import OFFICE, Limit, LimitProblem, parse_limit
from central.core.standards import faults
from central.core.standards.book import ClassKind, Recurrence
from central.core.standards.codes import GBT, GROUPS, LAYOUT_NAMES, LAYOUT_SPELLINGS
from central.core.standards.faults import SHOWN_CHARS
from protocol.scenes import CodeLayout
from protocol.texts import Words

UNIT_CHARS_MAX = 64
KINDS = {"事件": ClassKind.EVENT, "部件": ClassKind.COMPONENT} | {str(kind): kind for kind in ClassKind}
RECURRENCES = {"新案": Recurrence.NEW_CASE, "重开": Recurrence.REOPEN} | {str(one): one for one in Recurrence}
YES_NO = {"是": True, "否": False, "yes": True, "no": False}
_UNIT_SEPARATORS = re.compile(r"[、，,；;/\n]+")
_CODE = re.compile(r"([0-9]{1,2})(?:\.0)?")
_FULL_CODE = re.compile(r"([0-9]{2})-?([0-9]{2})")

T = TypeVar("T")


class Unreadable(Exception):
    """A cell is not what its column promises."""

    def __init__(self, words: Words, **values: object) -> None:
        super().__init__(words.en)
        self.words, self.values = words, values


def plain(text: str) -> str:
    """Without blanks around it, full-width digits and letters as plain ones."""
    return unicodedata.normalize("NFKC", text).strip()


def squeezed(text: str) -> str:
    """Plain, without any blank."""
    return re.sub(r"\s+", "", plain(text))


def layout_of(text: str) -> CodeLayout:
    """`GB/T 30428.2-2013`, `CJ/T 214-2007` or the year; empty means the newer one."""
    return _chosen(text.upper(), LAYOUT_SPELLINGS, GBT, tuple(LAYOUT_NAMES.values()))


def kind_of(text: str) -> ClassKind:
    """事件 unless it says 部件."""
    return _chosen(text, KINDS, ClassKind.EVENT)


def recurrence_of(text: str, default: Recurrence) -> Recurrence:
    """新案 or 重开."""
    return _chosen(text, RECURRENCES, default)


def is_own(text: str, default: bool) -> bool:  # noqa: FBT001 - what holds where the cell is empty
    """Whether the class is a city's own."""
    return _chosen(text, YES_NO, default)


def system_of(text: str, systems: Collection[str]) -> str:
    """The name of a time system; 办公 where the cell is empty."""
    return _chosen(text, {name: name for name in systems}, OFFICE.name)


def group_of(text: str, layout: CodeLayout, kind: ClassKind) -> str:
    """Two digits of a 大类 that the layout has."""
    written = _CODE.fullmatch(squeezed(text))
    if written is None:
        raise Unreadable(faults.NO_CODE, text=text[:SHOWN_CHARS])
    code = f"{int(written[1]):02d}"
    known = GROUPS[layout, kind]
    if code not in known:
        named, zh = "、".join(sorted(known)), next(zh for zh, one in KINDS.items() if one is kind)
        raise Unreadable(
            faults.GROUP_UNKNOWN, layout=LAYOUT_NAMES[layout], kind=kind, kind_zh=zh, code=code, known=named
        )
    return code


def class_of(text: str, group: str) -> str:
    """`04-01` from the 小类代码 `01`, `0401` or `04-01` of the 大类 `04`."""
    written, whole = _CODE.fullmatch(squeezed(text)), _FULL_CODE.fullmatch(squeezed(text))
    if whole is not None and whole[1] == group and int(whole[2]):
        return f"{group}-{whole[2]}"
    if written is None or not int(written[1]):
        raise Unreadable(faults.NO_CODE, text=text[:SHOWN_CHARS])
    return f"{group}-{int(written[1]):02d}"


def limit_of(text: str) -> Limit:
    """As the trade writes it; plain 小时 and 天 are working time."""
    try:
        return parse_limit(squeezed(text))
    except LimitProblem:
        raise Unreadable(faults.NO_LIMIT, text=text[:SHOWN_CHARS]) from None


def units_of(text: str) -> tuple[str, ...]:
    """Units with 、 or other marks between them."""
    units = tuple(dict.fromkeys(one for part in _UNIT_SEPARATORS.split(text) if (one := part.strip())))
    if any(len(unit) > UNIT_CHARS_MAX for unit in units):
        raise Unreadable(faults.TOO_LONG, most=UNIT_CHARS_MAX)
    return units


def _chosen(text: str, choices: Mapping[str, T], default: T, shown: Collection[str] = ()) -> T:
    name = squeezed(text)
    if not name:
        return default
    found = next((value for spelling, value in choices.items() if squeezed(spelling).lower() == name.lower()), None)
    if found is None:
        raise Unreadable(faults.NOT_ONE_OF, text=text[:SHOWN_CHARS], known="、".join(shown or choices))
    return found
