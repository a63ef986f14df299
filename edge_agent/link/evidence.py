"""Pictures and clips on disk: which wait, which is next, which may go when the disk or the line needs room."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from threading import Event

import structlog

from edge_agent.core.evidence.daily_budget import Day, Rank, Waiting, given_up, next_to_send, on_day
from edge_agent.link.outbox import EVIDENCE_LOST, add_evidence, count_lost
from edge_agent.link.store import EdgeStore
from protocol.messages import EvidenceRef

EVIDENCE_FOLDER = "evidence"
EVICTED_AT_ONCE_MAX = 100
GIVEN_UP_AT_ONCE_MAX = 500
DAY = "evidence_day"
"""Key of `meta`."""
ROUNDS_MAX = 1_000

_log = structlog.get_logger(__name__)


class EvidenceState(StrEnum):
    """Where a picture is.

    `refused`: central will not take it, or its file is damaged or gone. `given_up`: the line cannot carry it.
    """

    PENDING = "pending"
    STORED = "stored"
    REFUSED = "refused"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture or clip on disk."""

    sha256: str
    size_bytes: int
    path: Path


@dataclass(frozen=True, slots=True)
class Evicted:
    """How many pictures were deleted, and how many of them central will never have."""

    deleted: int = 0
    lost: int = 0


def sent_on(store: EdgeStore, today: date) -> int:
    """Bytes of evidence that were sent today, whichever start of the agent sent them."""
    return _day(store, today).sent_bytes


def _day(store: EdgeStore, today: date) -> Day:
    for (value,) in store.read("SELECT value FROM meta WHERE key = ?", DAY):
        on, _, sent_bytes = str(value).partition(" ")
        try:
            return on_day(Day(date.fromisoformat(on), int(sent_bytes)), today)
        except ValueError:
            _log.warning("evidence_day_not_read", taken_as=today.isoformat())
    return Day(today)


class EvidenceShelf:
    """The pictures of one agent, below `data_dir/evidence`. `pending` is set when one more may wait.

    `today` tells the day of the site's calendar, by which `bytes_per_day` are counted.
    """

    def __init__(self, store: EdgeStore, today: Callable[[], date], bytes_per_day: int | None = None) -> None:
        self._store, self._today, self._bytes_per_day = store, today, bytes_per_day
        self.pending = Event()
        self.folder = store.folder / EVIDENCE_FOLDER
        self.folder.mkdir(parents=True, exist_ok=True)

    def add(self, ref: EvidenceRef, rank: Rank) -> None:
        """A picture that belongs to no report waits for its upload."""
        with self._store.transaction() as connection:
            add_evidence(connection, ref, rank)
            connection.execute("UPDATE evidence SET state = 'pending' WHERE sha256 = ?", (ref.sha256,))
        self.pending.set()

    def next_pending(self) -> Picture | None:
        """The most important, then oldest that central does not have and that today's bytes still allow."""
        firsts = [piece for rank in Rank for piece in self._waiting("priority = ?", rank, count_max=1)]
        chosen = next_to_send(firsts, sent_on(self._store, self._today()), self._bytes_per_day)
        if chosen is None:
            return None
        ((path,),) = self._store.read("SELECT path FROM evidence WHERE sha256 = ?", chosen.sha256)
        return Picture(chosen.sha256, chosen.size_bytes, self.folder / str(path))

    def spend(self, sent_bytes: int) -> None:
        """Count bytes that went over the line, whether they were of use or not."""
        day = _day(self._store, self._today())
        with self._store.transaction() as connection:
            value = f"{day.on.isoformat()} {day.sent_bytes + sent_bytes}"
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (DAY, value))

    def give_up(self) -> int:
        """Let go of what the line will never carry; how many that are. Their files stay until the disk needs room."""
        if self._bytes_per_day is None:
            return 0
        waiting_bytes = self._store.number("SELECT SUM(bytes) FROM evidence WHERE state = ?", EvidenceState.PENDING)
        least = self._waiting("true", count_max=GIVEN_UP_AT_ONCE_MAX)
        lost = given_up(least, waiting_bytes, self._bytes_per_day)
        if lost:
            with self._store.transaction() as connection:
                statement = "UPDATE evidence SET state = ? WHERE sha256 = ?"
                connection.executemany(statement, [(EvidenceState.GIVEN_UP, piece.sha256) for piece in lost])
                count_lost(connection, EVIDENCE_LOST, len(lost))
        return len(lost)

    def mark(self, sha256: str, state: EvidenceState) -> None:
        """Remember how an upload ended."""
        with self._store.transaction() as connection:
            connection.execute("UPDATE evidence SET state = ? WHERE sha256 = ?", (state, sha256))

    def want_again(self, wanted: tuple[str, ...]) -> None:
        """Central misses these: they wait again where their file is still here."""
        with self._store.transaction() as connection:
            for sha256 in wanted:
                found = connection.execute("SELECT path FROM evidence WHERE sha256 = ?", (sha256,)).fetchone()
                if found is not None and (self.folder / found[0]).exists():
                    statement = "UPDATE evidence SET state = 'pending' WHERE sha256 = ? AND state != ?"
                    connection.execute(statement, (sha256, EvidenceState.GIVEN_UP))
        if wanted:
            self.pending.set()

    def keep_within(self, bytes_max: int, disk_free_bytes_min: int) -> Evicted:
        """Delete pictures until both limits hold: uploaded ones first, oldest first; the lost ones are counted."""
        total = Evicted()
        for _ in range(ROUNDS_MAX):
            excess = self._store.number("SELECT SUM(bytes) FROM evidence") - bytes_max
            excess = max(excess, disk_free_bytes_min - self._store.disk_free_bytes())
            part = self._delete_oldest(excess) if excess > 0 else Evicted()
            if not part.deleted:
                return total
            total = Evicted(total.deleted + part.deleted, total.lost + part.lost)
        return total

    def sweep_orphans(self) -> int:
        """Delete files that no report mentions (the agent died between file and report); how many.

        A folder that lets nobody do that is told in the log: the reports go on without pictures.
        """
        known = {str(path) for (path,) in self._store.read("SELECT path FROM evidence")}
        deleted = 0
        try:
            for path in list(self.folder.iterdir()):
                if path.is_file() and path.name not in known:
                    path.unlink(missing_ok=True)
                    deleted += 1
        except OSError as error:
            _log.error("evidence_folder_not_swept", folder=str(self.folder), reason=error.strerror)
        return deleted

    def _waiting(self, which: str, *parameters: object, count_max: int) -> tuple[Waiting, ...]:
        """The least important, then oldest of those that wait."""
        statement = (
            f"SELECT sha256, bytes, priority FROM evidence WHERE state = ? AND {which} "  # noqa: S608 - constants
            "ORDER BY priority, added LIMIT ?"
        )
        found = self._store.read(statement, EvidenceState.PENDING, *parameters, count_max)
        return tuple(
            Waiting(str(sha256), size if isinstance(size, int) else 0, Rank(priority))
            for sha256, size, priority in found
            if isinstance(priority, int)
        )

    def _delete_oldest(self, excess_bytes: int) -> Evicted:
        order = "ORDER BY state = 'pending', priority, added LIMIT ?"
        statement = f"SELECT sha256, bytes, path, state FROM evidence {order}"  # noqa: S608 - a constant
        chosen: list[str] = []
        freed = lost = 0
        for sha256, size, path, state in self._store.read(statement, EVICTED_AT_ONCE_MAX):
            if freed >= excess_bytes:
                break
            (self.folder / str(path)).unlink(missing_ok=True)
            freed += size if isinstance(size, int) else 0
            lost += state == EvidenceState.PENDING
            chosen.append(str(sha256))
        with self._store.transaction() as connection:
            connection.executemany("DELETE FROM evidence WHERE sha256 = ?", [(sha256,) for sha256 in chosen])
            count_lost(connection, EVIDENCE_LOST, lost)
        return Evicted(len(chosen), lost)
