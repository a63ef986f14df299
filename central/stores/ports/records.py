"""What goes in and out of stores besides the core's own values, and what can go wrong."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from central.core.case_machine import CaseStatus
from central.core.case_machine.audit import Head, Line
from central.core.places import Bounds
from central.core.values import CaseSource, Event
from protocol.messages import EvidenceRef


class StoreUnavailable(Exception):
    """Storage cannot be used now (full, locked, away): nothing was written, the same call may succeed later."""


class SeriesUnavailable(StoreUnavailable):
    """The store of series cannot be used now; everything else can."""


class StoreRejected(Exception):
    """Storage refuses this very content: nothing was written, trying again is no use."""


class BadCursor(ValueError):
    """The cursor is none that a list of this release gave."""


class WrongContent(Exception):
    """The bytes are not those that the hash promises, or not as many."""


class BlobTooLarge(Exception):
    """More bytes than allowed."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """How much of a list, and after what."""

    limit: int
    cursor: str | None = None


class Stream(NamedTuple):
    """All messages of one outbox of one box."""

    box: str
    epoch: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The place of one message in a box's stream."""

    box: str
    epoch: str
    seq: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """A claim that has been dealt with, and the id of the message that had it (None: it could not be read)."""

    claim: Claim
    message: str | None


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event with the bytes it came in."""

    event: Event
    payload: bytes


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events; None means all."""

    box: str | None = None
    camera: str | None = None
    type: str | None = None
    episode: str | None = None


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases; None means all.

    `status`: one, or any of several. `text`: all of its terms (`central.core.cases.search`) must be there; one without
    any finds nothing. `bounds`: where it is, WGS84; cases without a position are in none. `grid`: code of its unit
    grid. `component`: id of the one that it was registered for. `assignee`: the unit that has it, or the person who
    works on it at that time. `opened_after` is only later than, `opened_before` only earlier than, and so are the other
    times.
    """

    status: CaseStatus | frozenset[CaseStatus] | None = None
    camera: str | None = None
    source: CaseSource | None = None
    unit: str | None = None
    box: str | None = None
    scene: str | None = None
    text: str | None = None
    bounds: Bounds | None = None
    grid: str | None = None
    component: str | None = None
    assignee: tuple[str, datetime] | None = None
    opened_after: datetime | None = None
    opened_before: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    due_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseAudit:
    """What proves a case's history: its lines, and what its row says about them."""

    position: int
    number: str
    head: Head
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class JoinCodeRecord:
    """A join code by its hash."""

    code_hash: str
    box: str
    issued_by: str
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """A picture that was referred to or uploaded; `bytes` is None until one of both told it."""

    sha256: str
    bytes: int | None
    media_type: str
    box: str | None
    first_seen_at: datetime
    stored_at: datetime | None = None
    stored_by: str | None = None


@dataclass(frozen=True, slots=True)
class EvidenceLink:
    """That something refers to a picture."""

    ref: EvidenceRef
    box: str | None = None
    event: str | None = None
    case: str | None = None
    command: str | None = None
