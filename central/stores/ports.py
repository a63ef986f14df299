"""What services need of storage, and nothing of how it is done.

A `Unit` is one transaction: what is written inside it is there together or not at all. Ports fetch for many keys at
once, so that a batch of messages costs few statements. Lists are paged by opaque cursors.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from central.core.access import BrokerCredential
from central.core.alerts import Alert
from central.core.clock_skew import BootClock
from central.core.devices import Box, Camera, CameraFact, CommandRecord, SeriesPoint
from central.core.notices import Notice
from central.core.values import (
    Actor,
    AlertState,
    Case,
    CaseSource,
    CaseStatus,
    CaseStep,
    DeadLetter,
    Episode,
    Event,
    EvidenceItem,
    Page,
)
from central.core.watermark import StreamHead, StreamWindow
from protocol.messages import EvidenceRef, GapRecord


class StoreUnavailable(Exception):
    """Storage cannot be used now (full, locked, away): nothing was written, the same call may succeed later."""


class StoreRejected(Exception):
    """Storage refuses this very content: nothing was written, trying again is no use."""


class BadCursor(ValueError):
    """The cursor is none that a list of this release gave."""


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
    """Which cases; None means all."""

    status: CaseStatus | None = None
    camera: str | None = None
    source: CaseSource | None = None


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


class StreamStore(Protocol):
    """How far each stream is complete."""

    def add_gaps(self, gaps: Sequence[tuple[Stream, GapRecord]], now: datetime) -> None:
        """Append: these numbers will never come."""
        ...

    def heads(self, streams: Sequence[Stream]) -> Mapping[Stream, StreamHead]:
        """Where each stream stands; those that do not exist are left out."""
        ...

    def windows(self, streams: Sequence[Stream]) -> Mapping[Stream, StreamWindow]:
        """What is stored above the watermark of each existing stream."""
        ...

    def newest(self, boxes: Sequence[str]) -> Mapping[str, Stream]:
        """By box, the stream that moved last; boxes without any are left out."""
        ...

    def move(self, heads: Mapping[Stream, StreamHead], now: datetime) -> None:
        """Note where each stream stands (creates streams)."""
        ...


class InboxStore(Protocol):
    """What boxes sent: receipts, events, dead letters."""

    def receipts(self, claims: Sequence[Claim]) -> Mapping[Claim, Receipt]:
        """Those of `claims` that were dealt with before."""
        ...

    def event_boxes(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Box by event id, for those of `ids` that are stored."""
        ...

    def add(self, events: Sequence[StoredEvent], receipts: Sequence[Receipt]) -> None:
        """Append; each claim and each event id is new, else `StoreRejected`."""
        ...

    def add_dead_letters(self, letters: Sequence[DeadLetter]) -> None:
        """Append."""
        ...

    def events(self, wanted: EventFilter, page: PageRequest) -> Page[Event]:
        """Newest first."""
        ...


class CaseStore(Protocol):
    """Cases with their episodes."""

    def open_at(self, spots: Sequence[str]) -> Sequence[Case]:
        """Candidate and accepted cases of these spots, locked until the unit ends."""
        ...

    def known_episodes(self, ids: Sequence[str]) -> Mapping[str, Episode]:
        """Those of `ids` that belong to a case already."""
        ...

    def staying(self, cases: Sequence[str]) -> Mapping[str, int]:
        """By case id, how many of its episodes did not end by leaving; cases without such are left out."""
        ...

    def get(self, ids: Sequence[str]) -> Mapping[str, Case]:
        """Cases by id, locked until a writing unit ends."""
        ...

    def episodes(self, cases: Sequence[str]) -> Mapping[str, tuple[Episode, ...]]:
        """Episodes by case id, oldest first."""
        ...

    def save(self, opened: Sequence[Case], changed: Sequence[Case], episodes: Sequence[Episode]) -> None:
        """Insert `opened`, update `changed`, insert or overwrite `episodes`; an episode never changes its case.

        Only status, version and times of a case ever change: who reported it, where and what is written once.
        """
        ...

    def find(self, wanted: CaseFilter, page: PageRequest) -> Page[Case]:
        """Newest first."""
        ...


class HistoryStore(Protocol):
    """What was done with cases; lines are appended, never changed."""

    def append(self, steps: Sequence[CaseStep]) -> None:
        """Append to histories."""
        ...

    def of_case(self, case: str, page: PageRequest) -> Page[CaseStep]:
        """Oldest first."""
        ...


class CaseNumbers(Protocol):
    """Display numbers."""

    def take(self, day: date, count: int) -> int:
        """Reserve `count` consecutive numbers of `day`; returns the first (they start at 1)."""
        ...


class BoxStore(Protocol):
    """Boxes and their clocks."""

    def get(self, ids: Sequence[str]) -> Mapping[str, Box]:
        """Boxes by id, locked until a writing unit ends (in order of ids)."""
        ...

    def add(self, box: Box) -> None:
        """Insert; `StoreRejected` when the id is taken."""
        ...

    def save(self, boxes: Sequence[Box]) -> None:
        """Overwrite."""
        ...

    def find(self, page: PageRequest) -> Page[Box]:
        """By id."""
        ...

    def clocks(self, boots: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], BootClock]:
        """What is known of the clocks of (box, boot)."""
        ...

    def save_clocks(self, clocks: Mapping[tuple[str, int], BootClock]) -> None:
        """Insert or overwrite."""
        ...


class CameraStore(Protocol):
    """Cameras and the facts about them."""

    def get(self, keys: Sequence[str]) -> Mapping[str, Camera]:
        """Cameras by key."""
        ...

    def of_boxes(self, boxes: Sequence[str]) -> Sequence[Camera]:
        """All cameras of these boxes that are not retired, by key."""
        ...

    def save(self, cameras: Sequence[Camera]) -> None:
        """Insert or overwrite."""
        ...

    def add_facts(self, facts: Sequence[CameraFact]) -> None:
        """Append."""
        ...

    def find(self, page: PageRequest) -> Page[Camera]:
        """Not retired, by key."""
        ...

    def facts(self, camera: str, page: PageRequest, start: datetime | None, end: datetime | None) -> Page[CameraFact]:
        """Newest recorded first; those recorded at or after `start` and before `end`."""
        ...


class AlertStore(Protocol):
    """Alerts."""

    def open_of(self, subjects: Sequence[str]) -> Sequence[Alert]:
        """Open alerts of these cameras and boxes."""
        ...

    def add(self, alerts: Sequence[Alert]) -> None:
        """Insert."""
        ...

    def save(self, alerts: Sequence[Alert]) -> None:
        """Overwrite."""
        ...

    def find(self, state: AlertState | None, page: PageRequest) -> Page[Alert]:
        """Newest first."""
        ...

    def get(self, ids: Sequence[str]) -> Sequence[Alert]:
        """By id."""
        ...


class NoticeStore(Protocol):
    """The outbox of notices."""

    def add(self, notices: Sequence[Notice]) -> None:
        """Insert."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[Notice]:
        """Pending ones whose next attempt has come, oldest first; a recovery waits for its problem's delivery."""
        ...

    def of_alerts(self, alerts: Sequence[str]) -> Sequence[Notice]:
        """Notices of these alerts, oldest first."""
        ...

    def get(self, notice: str) -> Notice | None:
        """One notice, locked until a writing unit ends."""
        ...

    def save(self, notices: Sequence[Notice]) -> None:
        """Overwrite."""
        ...


class AccessStore(Protocol):
    """Persons. Hashes of tokens only."""

    def add_actor(self, actor: Actor, token_hash: str, now: datetime) -> None:
        """Insert; `StoreRejected` when the name is taken."""
        ...

    def actor_by_token(self, token_hash: str) -> Actor | None:
        """The person whose token it is."""
        ...

    def actor(self, name: str) -> Actor | None:
        """The person of this name."""
        ...

    def actors(self) -> Sequence[Actor]:
        """All persons, by name."""
        ...

    def remove_actor(self, name: str) -> bool:
        """Forget a person and their token; whether there was one. History keeps the name."""
        ...


class JoinStore(Protocol):
    """Join codes and box secrets. Hashes only."""

    def set_join_code(self, code: JoinCodeRecord) -> None:
        """Insert, instead of every unused code of the same box."""
        ...

    def join_code(self, code_hash: str) -> JoinCodeRecord | None:
        """One code, locked until a writing unit ends."""
        ...

    def use_join_code(self, code_hash: str, now: datetime) -> None:
        """Mark it used."""
        ...

    def guesses(self, peer: str, since: datetime) -> int:
        """How many wrong codes `peer` tried since then."""
        ...

    def add_guess(self, peer: str, now: datetime, since: datetime) -> None:
        """Note a wrong code of `peer`; forget those of everybody before `since`."""
        ...

    def set_secret(self, box: str, password_hash: str, now: datetime) -> None:
        """Insert or overwrite the hash of a box's secret."""
        ...

    def credentials(self, box: str | None) -> Sequence[BrokerCredential]:
        """Of one box, or of all that have joined, by id."""
        ...


class CommandStore(Protocol):
    """Commands."""

    def add(self, record: CommandRecord) -> None:
        """Insert."""
        ...

    def get(self, ids: Sequence[str]) -> Mapping[str, CommandRecord]:
        """By id."""
        ...

    def save(self, records: Sequence[CommandRecord]) -> None:
        """Overwrite."""
        ...

    def unfinished(self, limit: int) -> Sequence[CommandRecord]:
        """Requested and accepted ones, oldest first."""
        ...


class EvidenceStore(Protocol):
    """What is known about pictures; their bytes are in the `BlobStore`."""

    def refer(self, links: Sequence[EvidenceLink], now: datetime) -> None:
        """Append references; pictures not heard of before become pending."""
        ...

    def get(self, sha256: str) -> EvidenceRecord | None:
        """One picture, locked until a writing unit ends."""
        ...

    def stored(self, record: EvidenceRecord) -> None:
        """Insert or overwrite a picture whose bytes are there."""
        ...

    def pending(self, box: str, before: datetime, limit: int) -> Sequence[str]:
        """Pictures of `box` referred to before `before` whose bytes are not there, oldest first."""
        ...

    def of_cases(self, cases: Sequence[str]) -> Mapping[str, tuple[EvidenceItem, ...]]:
        """Pictures by case id, oldest first, each once."""
        ...

    def total_bytes(self) -> int:
        """Size of all stored pictures."""
        ...


class Unit(Protocol):
    """One transaction over everything."""

    @property
    def inbox(self) -> InboxStore:
        """What boxes sent."""
        ...

    @property
    def streams(self) -> StreamStore:
        """How far each stream is complete."""
        ...

    @property
    def cases(self) -> CaseStore:
        """Cases."""
        ...

    @property
    def history(self) -> HistoryStore:
        """What was done with cases."""
        ...

    @property
    def case_numbers(self) -> CaseNumbers:
        """Display numbers."""
        ...

    @property
    def boxes(self) -> BoxStore:
        """Boxes."""
        ...

    @property
    def cameras(self) -> CameraStore:
        """Cameras."""
        ...

    @property
    def alerts(self) -> AlertStore:
        """Alerts."""
        ...

    @property
    def notices(self) -> NoticeStore:
        """Notices."""
        ...

    @property
    def access(self) -> AccessStore:
        """Persons."""
        ...

    @property
    def joining(self) -> JoinStore:
        """Join codes and box secrets."""
        ...

    @property
    def commands(self) -> CommandStore:
        """Commands."""
        ...

    @property
    def evidence(self) -> EvidenceStore:
        """What is known about pictures."""
        ...


class SeriesStore(Protocol):
    """Figures over time; writing the same point again overwrites it."""

    def write(self, points: Sequence[SeriesPoint]) -> None:
        """Store; `StoreUnavailable` when it cannot be done now."""
        ...

    def read(
        self, metric: str, entity: str, start: datetime | None, end: datetime | None, limit: int
    ) -> Sequence[SeriesPoint]:
        """Newest `limit` points at or after `start` and before `end`, oldest first."""
        ...


class WrongContent(Exception):
    """The bytes are not those that the hash promises, or not as many."""


class BlobTooLarge(Exception):
    """More bytes than allowed."""


class BlobStore(Protocol):
    """Pictures by their SHA-256 (64 lower-case hex digits)."""

    def put(self, sha256: str, chunks: Iterable[bytes], bytes_max: int) -> int:
        """Store durably and return the size; the same content again is no error.

        Raises `WrongContent`, `BlobTooLarge`, or `StoreUnavailable` (disk full); then nothing stays behind.
        """
        ...

    def size(self, sha256: str) -> int | None:
        """Bytes, or None when it is not there."""
        ...

    def read(self, sha256: str) -> Iterator[bytes]:
        """Its bytes in chunks; `KeyError` when it is not there."""
        ...

    def delete(self, sha256: str) -> None:
        """Remove it if it is there."""
        ...

    def free_bytes(self) -> int:
        """Free space where the pictures are."""
        ...


class Stores(Protocol):
    """All storage of one central."""

    @property
    def series(self) -> SeriesStore:
        """Figures over time."""
        ...

    @property
    def blobs(self) -> BlobStore:
        """Pictures."""
        ...

    def reading(self) -> AbstractContextManager[Unit]:
        """A consistent view; nothing may be written."""
        ...

    def writing(self) -> AbstractContextManager[Unit]:
        """A transaction: committed at the end of the block, undone when the block raises.

        `StoreUnavailable` and `StoreRejected` come out of the block's statements or of the commit; never nest.
        """
        ...

    def healthy(self) -> bool:
        """Whether the database answers."""
        ...

    def close(self) -> None:
        """Let go of all connections."""
        ...
