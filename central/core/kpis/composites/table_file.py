"""A city's own composite tables as YAML; every mistake is told by line and column, and none is half taken."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from io import StringIO
from typing import TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.composer import MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from central.core.kpis.composites.scoring import (
    BANDS,
    BadTable,
    Band,
    CompositeTable,
    Part,
    Share,
    Step,
    Steps,
    Subject,
)
from central.core.kpis.indicators import Confidence
from protocol.texts import Words

TEXT_CHARS_MAX = 200_000
DEPTH_MAX = 12
ITEMS_MAX = 100
"""Tables of a file, parts of a table, steps of a part."""
WORDS_CHARS_MAX = 200
FAULTS_SHOWN_MAX = 10
_NUMBER = re.compile(r"[0-9]{1,7}(\.[0-9]{1,6})?")
_WHOLE = re.compile(r"[0-9]{1,9}")
_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")

Kept = TypeVar("Kept")
_Fields = Mapping[str, Node]


class _Fault(Exception):
    """One mistake and where it stands."""

    def __init__(self, node: Node, text: str) -> None:
        mark = node.start_mark
        super().__init__(f"{mark.line + 1}:{mark.column + 1}: {text}")


def tables_in(text: str) -> tuple[CompositeTable, ...]:
    """The tables under `tables`. Raises `BadTable` with a line `line:column: mistake` for each table that has one."""
    root = _composed(text)
    try:
        items = _items(_fields(root, ("tables",))["tables"], "tables")
    except _Fault as fault:
        raise BadTable(str(fault)) from None
    tables: list[CompositeTable] = []
    faults: list[str] = []
    for item in items:
        try:
            table = _table(item)
        except _Fault as fault:
            faults.append(str(fault))
            continue
        if any(one.id == table.id for one in tables):
            faults.append(str(_Fault(item, f"the id {table.id} stands twice; give each table its own")))
        tables.append(table)
    if faults:
        more = [f"and {len(faults) - FAULTS_SHOWN_MAX} more"] if len(faults) > FAULTS_SHOWN_MAX else []
        raise BadTable("\n".join([*faults[:FAULTS_SHOWN_MAX], *more]))
    return tuple(tables)


def _composed(text: str) -> Node:
    if len(text) > TEXT_CHARS_MAX:
        raise BadTable(f"1:1: longer than {TEXT_CHARS_MAX} characters; composite tables are a small text")
    yaml = YAML(typ="rt")
    yaml.max_depth = DEPTH_MAX
    try:
        root = yaml.compose(StringIO(text))
    except MaxDepthExceededError:
        raise BadTable(f"1:1: nested deeper than {DEPTH_MAX}; these are no composite tables") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = "1:1" if mark is None else f"{mark.line + 1}:{mark.column + 1}"
        raise BadTable(f"{at}: not YAML: {error.problem or 'cannot be read'}") from None
    except (YAMLError, RecursionError, ValueError) as error:
        raise BadTable(f"1:1: not YAML: {str(error).splitlines()[0][:80]}") from None
    if not isinstance(root, Node):
        raise BadTable("1:1: the text is empty; it begins with `tables:`")
    return root


def _table(node: Node) -> CompositeTable:
    fields = _fields(node, ("id", "names", "subject", "source", "parts"), ("bands", "note"))
    parts = tuple(_part(one) for one in _items(fields["parts"], "parts"))
    bands = tuple(_band(one) for one in _items(fields["bands"], "bands")) if "bands" in fields else BANDS
    subjects = [one.value for one in Subject]
    subject = _matched(fields["subject"], re.compile("|".join(subjects)), f"one of {', '.join(subjects)}")
    name = _matched(fields["id"], _ID, "an id of small letters, digits and _, such as department")
    names, source = _words(fields["names"]), _text(fields["source"])
    note = _words(fields["note"]) if "note" in fields else None
    return _at(
        fields["parts"],
        lambda: CompositeTable(name, names, Subject(subject), parts, source, Confidence.VENDOR, bands, note),
    )


def _part(node: Node) -> Part:
    fields = _fields(node, ("weight",), ("indicator", "counter", "steps"))
    of: Share | Steps
    if "indicator" in fields and not {"counter", "steps"} & fields.keys():
        indicator = fields["indicator"]
        of = _at(indicator, lambda: Share(_text(indicator)))
    elif {"counter", "steps"} <= fields.keys() and "indicator" not in fields:
        counter, steps = _text(fields["counter"]), _steps(fields["steps"])
        of = _at(fields["counter"], lambda: Steps(counter, steps))
    else:
        raise _Fault(node, "a part names an indicator, or a counter with its steps")
    weight = _number(fields["weight"])
    return _at(fields["weight"], lambda: Part(of, weight))


def _steps(node: Node) -> tuple[Step, ...]:
    if not isinstance(node, MappingNode) or len(node.value) > ITEMS_MAX:
        raise _Fault(node, "steps are lines `cases: points`, such as 51: 90")
    whole = "a whole number of cases, such as 51"
    return tuple(Step(int(_matched(key, _WHOLE, whole)), _number(value)) for key, value in node.value)


def _band(node: Node) -> Band:
    fields = _fields(node, ("grade", "at_least", "colour"))
    return Band(_text(fields["grade"]), _number(fields["at_least"]), _words(fields["colour"]))


def _words(node: Node) -> Words:
    fields = _fields(node, ("zh", "en"))
    return Words(zh=_text(fields["zh"]), en=_text(fields["en"]))


def _fields(node: Node, needed: Sequence[str], allowed: Sequence[str] = ()) -> _Fields:
    if not isinstance(node, MappingNode):
        raise _Fault(node, f"expected lines with {', '.join(needed)}")
    fields: dict[str, Node] = {}
    for key, value in node.value:
        name = _text(key)
        if name not in {*needed, *allowed}:
            raise _Fault(key, f"{name[:40]!r} is not known here; known are {', '.join([*needed, *allowed])}")
        if name in fields:
            raise _Fault(key, f"{name} stands twice; keep one")
        fields[name] = value
    missing = [name for name in needed if name not in fields]
    if missing:
        raise _Fault(node, f"{', '.join(missing)} missing")
    return fields


def _items(node: Node, what: str) -> Sequence[Node]:
    if not isinstance(node, SequenceNode) or not 0 < len(node.value) <= ITEMS_MAX:
        raise _Fault(node, f"{what} is a list of 1 to {ITEMS_MAX}, each begun with a dash")
    items: Sequence[Node] = node.value
    return items


def _text(node: Node) -> str:
    if not isinstance(node, ScalarNode) or not 0 < len(node.value.strip()) <= WORDS_CHARS_MAX:
        raise _Fault(node, f"expected a text of 1 to {WORDS_CHARS_MAX} characters")
    return str(node.value).strip()


def _number(node: Node) -> Decimal:
    return Decimal(_matched(node, _NUMBER, "a number, such as 0.30 or 90"))


def _matched(node: Node, pattern: re.Pattern[str], expected: str) -> str:
    text = _text(node)
    if pattern.fullmatch(text) is None:
        raise _Fault(node, f"{text[:40]!r} is not {expected}")
    return text


def _at(node: Node, make: Callable[[], Kept]) -> Kept:
    try:
        return make()
    except BadTable as error:
        raise _Fault(node, str(error)) from None
