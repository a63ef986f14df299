"""The time before the project as YAML: `period` with `from` and `to`, `values` from the city's books, or both."""

from datetime import tzinfo

from ruamel.yaml.nodes import Node

from central.core.kpis.baseline import Baseline, BookValue
from central.core.kpis.files.marked_yaml import Fault, at, composed, each, fields_of, items_of, text_of
from central.core.kpis.files.target_file import indicator_and_value
from central.core.kpis.periods import ZONE, BadPeriod, Period, period_between
from central.core.kpis.targets import REASON_CHARS_MAX


def baseline_in(text: str, zone: tzinfo = ZONE) -> Baseline:
    """What a text says of it. Raises `BadFile`: one line `line:column: mistake` for each entry that has one."""
    root = composed(text, "period: {from: 2025-01-01, to: 2026-01-01}")
    fields = each([root], lambda node: fields_of(node, (), ("period", "values")))[0]
    period = each([fields["period"]], lambda node: _period(node, zone))[0] if "period" in fields else None
    items = each([fields["values"]], lambda node: items_of(node, "values"))[0] if "values" in fields else ()
    known: set[str] = set()

    def once(node: Node) -> BookValue:
        value = _value(node)
        if value.indicator in known:
            raise Fault(node, f"{value.indicator} stands twice; keep one")
        known.add(value.indicator)
        return value

    return Baseline(period, each(items, once))


def _period(node: Node, zone: tzinfo) -> Period:
    fields = fields_of(node, ("from", "to"))
    return at(node, lambda: period_between(text_of(fields["from"]), text_of(fields["to"]), zone), BadPeriod)


def _value(node: Node) -> BookValue:
    fields = fields_of(node, ("indicator", "value", "source", "reason"))
    told = indicator_and_value(fields["indicator"], fields["value"])
    return BookValue(*told, text_of(fields["source"]), text_of(fields["reason"], REASON_CHARS_MAX))
