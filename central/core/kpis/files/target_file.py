"""A city's targets as YAML: a list under `targets`."""

import re
from datetime import date

from ruamel.yaml.nodes import Node

from central.core.kpis.files.marked_yaml import (
    BadFile,
    Fault,
    at,
    composed,
    each,
    fields_of,
    items_of,
    matched,
    text_of,
)
from central.core.kpis.targets import (
    OWNER_CHARS_MAX,
    REASON_CHARS_MAX,
    BadTarget,
    Target,
    require_group,
    require_value,
    written_value,
)

TARGETS_MAX = 500
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NEEDED = ("indicator", "value", "owner", "since", "reason")


def targets_in(text: str) -> tuple[Target, ...]:
    """All targets of a text. Raises `BadFile`: one line `line:column: mistake` for each target that has one."""
    root = composed(text, "targets:")
    items = each([root], lambda node: items_of(fields_of(node, ("targets",))["targets"], "targets", TARGETS_MAX))[0]
    known: set[tuple[str, str, date]] = set()

    def once(node: Node) -> Target:
        target = _target(node)
        key = (target.indicator, target.group, target.since)
        if key in known:
            raise Fault(node, f"{target.indicator} has two targets for {target.since}; keep one")
        known.add(key)
        return target

    return each(items, once)


def _target(node: Node) -> Target:
    fields = fields_of(node, _NEEDED, ("group",))
    indicator, value = indicator_and_value(fields["indicator"], fields["value"])
    owner, reason = text_of(fields["owner"], OWNER_CHARS_MAX), text_of(fields["reason"], REASON_CHARS_MAX)
    since, group = day_of(fields["since"]), ""
    if "group" in fields:
        group = text_of(fields["group"])
        at(fields["group"], lambda: require_group(indicator, group), BadTarget)
    return at(node, lambda: Target(indicator, value, owner, since, reason, group), BadTarget)


def indicator_and_value(name: Node, value: Node) -> tuple[str, float]:
    """A figure and a value that it can have. Raises `Fault`."""
    indicator = text_of(name)
    at(name, lambda: require_value(indicator, 0), BadTarget)
    return indicator, at(value, lambda: written_value(indicator, text_of(value)), BadTarget)


def day_of(node: Node) -> date:
    """A day. Raises `Fault`."""
    told = matched(node, DAY, "a day, such as 2026-03-01")
    try:
        return date.fromisoformat(told)
    except ValueError:
        raise Fault(node, f"{told} is no day of the calendar") from None


__all__ = ["BadFile", "day_of", "indicator_and_value", "targets_in"]
