"""Cases, their history and numbers, and pictures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from central.core.camera_check import CameraCheck
from central.core.cases.casefile import Case, CaseStep, Episode, Report
from central.core.cases.intake import Near
from central.core.values import EvidenceItem, Page
from central.stores.ports.records import CaseAudit, CaseFilter, EvidenceLink, EvidenceRecord, PageRequest

NEAR_MAX = 500
"""Open cases near by that are looked at; where there are more the oldest are not."""


class CaseStore(Protocol):
    """Cases with their episodes."""

    def open_at(self, spots: Sequence[str]) -> Sequence[str]:
        """Ids of open cases of these spots, oldest first; nothing is locked."""
        ...

    def last_closed(self, spots: Sequence[str]) -> Sequence[str]:
        """Ids of the newest closed case of each of these spots; nothing is locked."""
        ...

    def open_near(self, scenes: Sequence[str], near: Sequence[Near], *, of_people: bool) -> Sequence[str]:
        """Ids of open cases of these scenes near by, `NEAR_MAX` at most, the newest; no case is locked.

        Writing units that ask for the same scene wait for each other: the second sees what the first has opened.
        `of_people`: only those that people reported. Tasks that were split off are left out.
        """
        ...

    def add_reports(self, reports: Sequence[Report]) -> None:
        """Append what people told."""
        ...

    def reports(self, cases: Sequence[str]) -> Mapping[str, tuple[Report, ...]]:
        """What people told, by case id, oldest first."""
        ...

    def known_episodes(self, ids: Sequence[str]) -> Mapping[str, Episode]:
        """Those of `ids` that belong to a case already."""
        ...

    def staying(self, cases: Sequence[str]) -> Mapping[str, int]:
        """By case id, how many of its episodes did not end by leaving; cases without such are left out."""
        ...

    def get(self, ids: Sequence[str]) -> Mapping[str, Case]:
        """Cases by id, locked until a writing unit ends; in the order of ids, so that no two units wait for each other.

        That holds for units that ask once.
        """
        ...

    def related(self, case: str) -> frozenset[str]:
        """The case that it was split off from and the one that it is merged into, if any; nothing is locked."""
        ...

    def merged_into(self, survivors: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """By surviving case, the ids of those that are merged into it, oldest first."""
        ...

    def resumable(self, now: datetime, limit: int) -> Sequence[str]:
        """Ids of suspended cases whose suspension has ended by `now`, the longest overdue first; nothing is locked."""
        ...

    def episodes(self, cases: Sequence[str]) -> Mapping[str, tuple[Episode, ...]]:
        """Episodes by case id, oldest first."""
        ...

    def save(self, opened: Sequence[Case], changed: Sequence[Case], episodes: Sequence[Episode]) -> None:
        """Insert `opened`, update `changed`, insert or overwrite `episodes`; an episode never changes its case.

        Only state, runs, version and times of a case ever change: who reported it, where and what is written once.
        """
        ...

    def find(self, wanted: CaseFilter, page: PageRequest) -> Page[Case]:
        """Newest first; what arrives meanwhile moves nothing on later pages."""
        ...

    def count(self, wanted: CaseFilter, limit: int) -> int:
        """How many there are, counted up to `limit`."""
        ...


class HistoryStore(Protocol):
    """What was done with cases; lines are appended, numbered and sealed, never changed."""

    def append(self, steps: Sequence[CaseStep]) -> None:
        """Append to histories of cases that this unit opened or has locked, and let each case keep its last seal."""
        ...

    def of_case(self, case: str, page: PageRequest) -> Page[CaseStep]:
        """Oldest first."""
        ...

    def count(self) -> int:
        """How many cases have a history."""
        ...

    def audits(self, after: int, limit: int) -> Sequence[CaseAudit]:
        """Cases behind position `after`, oldest first, as the database has them, whether or not they can be read."""
        ...

    def orphans(self, limit: int) -> Sequence[str]:
        """Ids of cases that have lines and no row."""
        ...


class CheckStore(Protocol):
    """Checks by camera of what handlers say."""

    def add(self, check: CameraCheck) -> None:
        """Insert."""
        ...

    def save(self, check: CameraCheck) -> None:
        """Overwrite."""
        ...

    def of_cases(self, cases: Sequence[str]) -> Mapping[str, tuple[CameraCheck, ...]]:
        """By case id, oldest first, locked until a writing unit ends; cases without any are left out."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """Ids of cases with a check to go on with: its time has come, or its box has answered. Nothing is locked."""
        ...


class CaseNumbers(Protocol):
    """Display numbers."""

    def take(self, day: date, count: int) -> int:
        """Reserve `count` consecutive numbers of `day`; returns the first (they start at 1)."""
        ...

    def taken(self) -> Mapping[date, int]:
        """How many numbers were taken on each day."""
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
        """Pictures of `box` referred to before `before` whose bytes are not there, newest first.

        The oldest may be lost for ever: asked for first, they would take the places of all others.
        """
        ...

    def of_cases(self, cases: Sequence[str]) -> Mapping[str, tuple[EvidenceItem, ...]]:
        """Pictures by case id, oldest first, each once."""
        ...

    def total_bytes(self) -> int:
        """Size of all stored pictures."""
        ...


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
