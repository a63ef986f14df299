"""History that cannot be edited unseen: each line of a case seals the one before it, and the case keeps the last seal.

A seal is SHA-256 over the seal before and the line's canonical JSON, which holds the digest of the case's state after
the step. Whoever rewrites a whole chain and its case row lies unseen here; a backup, which keeps the seals, shows it.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache

from pydantic import JsonValue

FIRST = "0" * 64
"""The seal before the first line."""


class AuditFault(StrEnum):
    """What is wrong with a history."""

    CHANGED = "changed"
    LINE_MISSING = "line_missing"
    END_MISSING = "end_missing"
    STATE_CHANGED = "state_changed"
    CASE_MISSING = "case_missing"
    CASE_REMOVED = "case_removed"


@dataclass(frozen=True, slots=True)
class Line:
    """A stored line: its number in the case from 1, what it says, and its seal."""

    number: int
    content: Mapping[str, JsonValue]
    seal: str


@dataclass(frozen=True, slots=True)
class Head:
    """What the case row keeps: how many lines there are, the last seal, and the digest of the state as stored now."""

    lines: int
    seal: str
    state: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault with the number of the line where it shows."""

    fault: AuditFault
    line: int


def plain(value: object) -> JsonValue:
    """A frozen value as JSON.

    Fields at their default are left out, so that a later release may add some; so no default may ever change.
    """
    match value:
        case None | bool() | int() | float():
            return value
        case str() | Decimal():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case tuple() | list():
            return [plain(item) for item in value]
        case _:
            known = _fields_of(type(value))  # type: ignore[arg-type]  # a class is hashable
            found = ((name, getattr(value, name), default) for name, default in known)
            return {name: plain(item) for name, item, default in found if default is MISSING or item != default}


@cache
def _fields_of(kind: type) -> tuple[tuple[str, object], ...]:
    """Names of a dataclass's fields, each with its default, `MISSING` where it has none."""
    return tuple(
        (field.name, field.default if field.default_factory is MISSING else field.default_factory())
        for field in fields(kind)
    )


def canonical(content: object) -> bytes:
    """JSON that the same values always give; text stays text, keys are sorted."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(content: object) -> str:
    """SHA-256 of the canonical JSON."""
    return hashlib.sha256(canonical(content)).hexdigest()


def sealed(previous: str, content: Mapping[str, JsonValue]) -> str:
    """The seal of a line after the line with the seal `previous`."""
    return hashlib.sha256(previous.encode() + b"\n" + canonical(content)).hexdigest()


def findings(lines: Iterable[Line], head: Head) -> Iterator[Finding]:
    """Everything that is wrong with one case; `lines` in the order of their numbers.

    After a changed line the chain goes on from the seal as stored, so that each fault is named once, where it is.
    """
    previous, expected, state = FIRST, 1, None
    for line in lines:
        if line.number != expected:
            yield Finding(AuditFault.LINE_MISSING, expected)
        elif sealed(previous, line.content) != line.seal:
            yield Finding(AuditFault.CHANGED, line.number)
        previous, expected, state = line.seal, line.number + 1, line.content.get("state")
    if expected - 1 != head.lines or previous != head.seal:
        yield Finding(AuditFault.END_MISSING, max(expected, head.lines))
    elif state is not None and state != head.state:
        yield Finding(AuditFault.STATE_CHANGED, head.lines)
