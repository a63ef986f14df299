"""How long what is kept is kept, and what may go: decided without looking at anything stored."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import JsonValue

from central.core.case_machine import OPEN, CaseStatus

DEAD_LETTERS_BYTES_MAX = 256 * 1024 * 1024
REASON_LENGTH_MAX = 500


class Kept(StrEnum):
    """Classes of what is kept, each with a limit of its own."""

    CASES = "cases"
    EVENTS = "events"
    NOTICES = "notices"
    DEAD_LETTERS = "dead_letters"


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """Days by class, None: for ever; of dead letters how many rows and bytes of all boxes together.

    `cases_days` count from the last change of an ended case, and take its history, reports and pictures with it;
    `events_days` are for reports that belong to no case.
    """

    cases_days: int | None = None
    events_days: int | None = None
    notices_days: int = 90
    dead_letters_rows: int = 10_000
    dead_letters_bytes: int = DEAD_LETTERS_BYTES_MAX
    changes_days: int = 90
    witness_days: int = 1_100


@dataclass(frozen=True, slots=True)
class Rule:
    """What goes by a limit: what is older than `before`; `text` is what a tombstone names."""

    text: str
    before: datetime


def rule_of(policy: RetentionPolicy, kept: Kept, now: datetime) -> Rule | None:
    """The rule of a class that goes by age; None where it is kept for ever."""
    name = f"{kept}_days"
    days: int | None = getattr(policy, name)
    return None if days is None else Rule(f"{name}={days}", now - timedelta(days=days))


@dataclass(frozen=True, slots=True)
class CaseAge:
    """What retention looks at of a case; `kin` are the cases that it was merged into or split off, both ways."""

    id: str
    number: str
    status: CaseStatus
    updated_at: datetime
    held: bool
    kin: frozenset[str] = frozenset()


def may_go(family: Collection[CaseAge], before: datetime) -> bool:
    """Whether cases that belong together may go: all have ended, none changed since `before`, none is held."""
    return all(case.status not in OPEN and case.updated_at < before and not case.held for case in family)


def families(cases: Mapping[str, CaseAge]) -> list[tuple[str, ...]]:
    """Cases that belong together, each id once; kin that are not among `cases` make a family that is left out."""
    seen: set[str] = set()
    found: list[tuple[str, ...]] = []
    for first in cases:
        if first in seen:
            continue
        family, waiting, whole = set[str](), [first], True
        while waiting:
            one = waiting.pop()
            if one in family:
                continue
            if one not in cases:
                whole = False
                continue
            family.add(one)
            waiting.extend(cases[one].kin)
        seen |= family
        if whole:
            found.append(tuple(sorted(family)))
    return found


class TombstoneKind(StrEnum):
    """What lies under a tombstone."""

    CASE = "case"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What was deleted, when and by which rule. `subject` is a case id or a box; `details` count, and name nobody."""

    kind: TombstoneKind
    subject: str
    rule: str
    deleted_at: datetime
    details: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LegalHold:
    """That a case must be kept, whatever the rules; over when it was lifted."""

    case: str
    reason: str
    set_by: str
    set_at: datetime
    lifted_by: str = ""
    lifted_at: datetime | None = None
