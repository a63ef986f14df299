"""A city's table of standards as frozen values, and how to look something up in it."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from central.core.clocks import Limit
from protocol.scenes import CodeLayout, Scene, Surface, class_codes

_INITIALS = {"component": "C", "event": "E"}
_BLANKS = re.compile(r"\s+")


class ClassKind(StrEnum):
    """Whether a class is of things that stand in the street (部件) or of what happens there (事件).

    Both are numbered from 01-01, so a code means nothing without its kind.
    """

    COMPONENT = "component"
    EVENT = "event"


class Recurrence(StrEnum):
    """What a camera that sees the same spot again soon after the close means: a new violation, or the old problem."""

    NEW_CASE = "new_case"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class ClassNode:
    """A class of the tree: `04` is a 大类, `04-01` a 小类 of it. `local`: no national standard knows it."""

    layout: CodeLayout
    kind: ClassKind
    code: str
    name: str
    local: bool = False


@dataclass(frozen=True, slots=True)
class Standard:
    """One condition of one class. `id` follows from layout, kind, code and condition, so versions share it.

    `condition` 立案条件, `closing` 结案条件, `units` 处置单位, `department` 主管部门, `group` the name of the 大类,
    `system` the name of the time system that counts `limit`.
    """

    id: str
    layout: CodeLayout
    kind: ClassKind
    code: str
    group: str
    name: str
    condition: str
    closing: str
    limit: Limit
    system: str
    recurrence: Recurrence
    units: tuple[str, ...] = ()
    department: str = ""
    local: bool = False


@dataclass(frozen=True, slots=True)
class StandardBook:
    """One imported version, in the layout of all its rows. `imported_by` and `file` say where it came from."""

    version: int
    imported_at: datetime
    imported_by: str
    file: str
    layout: CodeLayout
    standards: tuple[Standard, ...]

    @property
    def classes(self) -> tuple[ClassNode, ...]:
        """The class tree: each 大类 and 小类 once, in the order of kind and code."""
        nodes = {}
        for row in self.standards:
            group = row.code[:2]
            nodes[row.kind, group] = ClassNode(row.layout, row.kind, group, row.group)
            nodes[row.kind, row.code] = ClassNode(row.layout, row.kind, row.code, row.name, row.local)
        return tuple(node for _, node in sorted(nodes.items()))

    def of_class(self, code: str, kind: ClassKind = ClassKind.EVENT) -> tuple[Standard, ...]:
        """The standards of a 小类 (`04-01`) or of all those of a 大类 (`04`), in the table's order."""
        return tuple(row for row in self.standards if row.kind is kind and code in {row.code, row.code[:2]})


def codes_of_scene(scene: str, layout: CodeLayout, surface: Surface | None = None) -> frozenset[str]:
    """Class codes of a scene in a layout; none for a scene that the layout does not know, or that is no scene."""
    if scene not in set(Scene):
        return frozenset()
    grounds = (None, *Surface) if surface is None else (surface,)
    known = (code for ground in grounds for code in class_codes(Scene(scene), ground))
    return frozenset(code.code for code in known if code.layout is layout)


def standard_id(layout: CodeLayout, kind: ClassKind, code: str, condition: str) -> str:
    """The same for the same condition of the same class, whatever its limit, its spaces and the version."""
    words = _BLANKS.sub("", unicodedata.normalize("NFKC", condition))
    told = hashlib.sha256(f"{layout}\n{kind}\n{code}\n{words}".encode()).hexdigest()
    return f"{_INITIALS[kind]}-{code}-{told[:10]}"
