"""A city's own composite tables as YAML; every mistake is told by line and column, and none is half taken."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from ruamel.yaml.nodes import MappingNode, Node

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
from central.core.kpis.files.marked_yaml import (
    ITEMS_MAX,
    BadFile,
    Fault,
    at,
    composed,
    each,
    fields_of,
    items_of,
    matched,
    text_of,
    words_of,
)
from central.core.kpis.registry.indicators import Confidence

_NUMBER = re.compile(r"[0-9]{1,7}(\.[0-9]{1,6})?")
_WHOLE = re.compile(r"[0-9]{1,9}")
_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")

Kept = TypeVar("Kept")


def tables_in(text: str) -> tuple[CompositeTable, ...]:
    """The tables under `tables`. Raises `BadTable` with a line `line:column: mistake` for each table that has one."""
    try:
        root = composed(text, "tables:")
        items = each([root], lambda node: items_of(fields_of(node, ("tables",))["tables"], "tables"))[0]
        known: set[str] = set()

        def once(node: Node) -> CompositeTable:
            table = _table(node)
            if table.id in known:
                raise Fault(node, f"the id {table.id} stands twice; give each table its own")
            known.add(table.id)
            return table

        return each(items, once)
    except BadFile as error:
        raise BadTable(str(error)) from None


def _table(node: Node) -> CompositeTable:
    fields = fields_of(node, ("id", "names", "subject", "source", "parts"), ("bands", "note"))
    parts = tuple(_part(one) for one in items_of(fields["parts"], "parts"))
    bands = tuple(_band(one) for one in items_of(fields["bands"], "bands")) if "bands" in fields else BANDS
    subjects = [one.value for one in Subject]
    subject = matched(fields["subject"], re.compile("|".join(subjects)), f"one of {', '.join(subjects)}")
    name = matched(fields["id"], _ID, "an id of small letters, digits and _, such as department")
    names, source = words_of(fields["names"]), text_of(fields["source"])
    note = words_of(fields["note"]) if "note" in fields else None
    return _at(
        fields["parts"],
        lambda: CompositeTable(name, names, Subject(subject), parts, source, Confidence.VENDOR, bands, note),
    )


def _part(node: Node) -> Part:
    fields = fields_of(node, ("weight",), ("indicator", "counter", "steps"))
    of: Share | Steps
    if "indicator" in fields and not {"counter", "steps"} & fields.keys():
        indicator = fields["indicator"]
        of = _at(indicator, lambda: Share(text_of(indicator)))
    elif {"counter", "steps"} <= fields.keys() and "indicator" not in fields:
        counter, steps = text_of(fields["counter"]), _steps(fields["steps"])
        of = _at(fields["counter"], lambda: Steps(counter, steps))
    else:
        raise Fault(node, "a part names an indicator, or a counter with its steps")
    weight = _number(fields["weight"])
    return _at(fields["weight"], lambda: Part(of, weight))


def _steps(node: Node) -> tuple[Step, ...]:
    if not isinstance(node, MappingNode) or len(node.value) > ITEMS_MAX:
        raise Fault(node, "steps are lines `cases: points`, such as 51: 90")
    whole = "a whole number of cases, such as 51"
    return tuple(Step(int(matched(key, _WHOLE, whole)), _number(value)) for key, value in node.value)


def _band(node: Node) -> Band:
    fields = fields_of(node, ("grade", "at_least", "colour"))
    return Band(text_of(fields["grade"]), _number(fields["at_least"]), words_of(fields["colour"]))


def _number(node: Node) -> Decimal:
    return Decimal(matched(node, _NUMBER, "a number, such as 0.30 or 90"))


def _at(node: Node, make: Callable[[], Kept]) -> Kept:
    return at(node, make, BadTable)
