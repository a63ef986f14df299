"""Reports on disk: kept until central has committed them, or a gap record counts them as lost."""

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog
from pydantic import ValidationError

from edge_agent.core.evidence.daily_budget import Rank, rank_of
from edge_agent.core.outbox_policy import Run, Stored
from edge_agent.link.envelopes import Envelopes, Report
from edge_agent.link.store import EdgeStore, StoreFull
from protocol.codec import encode
from protocol.messages import (
    SEQ_MAX,
    CameraMessage,
    EvidenceRef,
    GapMessage,
    GapReason,
    GapRecord,
    OutboxFigures,
    SceneEvent,
    SceneMessage,
    ScenePhase,
    SeqRange,
)
from protocol.messages.wire import Wire

JOURNAL_ROWS_MAX = 200_000
JOURNAL_PRUNED_EVERY = 1_000
ROWS_LOOKED_AT_MAX = 50_000
"""Oldest rows an eviction chooses from."""
EPISODES_MAX = 10_000
REPORTS_LOST, EVIDENCE_LOST = "lost", "evidence_lost"
"""Keys of `meta`."""
FORGOTTEN_TOLD_MAX = 10
SEVERITY_CAMERA = 4
SEVERITY_GAP = 5

_Kept = TypeVar("_Kept", bound=Wire)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Row:
    """A report as it goes over the wire."""

    seq: int
    payload: bytes


class Outbox:
    """Append, read, acknowledge, evict. Every method is one transaction; raises `StoreFull`."""

    def __init__(self, store: EdgeStore, envelopes: Envelopes) -> None:
        self._store = store
        self._envelopes = envelopes
        self._bytes = store.number("SELECT SUM(bytes) FROM outbox")

    @property
    def epoch(self) -> str:
        """Identity of the file that counts `seq`."""
        return self._store.epoch

    @property
    def bytes(self) -> int:
        """Bytes of all reports that wait."""
        return self._bytes

    def append(self, report: Report) -> int | None:
        """Put a report on disk; its seq, or None when its id was written before."""
        with self._store.transaction() as connection:
            if _known(connection, report.id):
                return None
            seq, size = _insert(connection, self._store.epoch, report)
            _keep_consequences(connection, report)
        self._bytes += size
        return seq

    def append_lost(self, count: int) -> None:
        """Count `count` reports that could not be written: numbers of their own that one gap record covers."""
        with self._store.transaction() as connection:
            first = _last_seq(connection) + 1
            record = GapRecord(first=first, last=first + count - 1, count=count, reason=GapReason.DISK_FULL)
            _, size = _insert(connection, self._store.epoch, self._envelopes.gap(record), seq=first + count)
            count_lost(connection, REPORTS_LOST, count)
        self._bytes += size

    def knows(self, identity: str) -> bool:
        """Whether a report of this id was ever written (as far as the journal reaches back)."""
        return bool(self._store.read("SELECT 1 FROM journal WHERE id = ?", identity))

    def rows(self, after: int, upto: int, count_max: int) -> tuple[Row, ...]:
        """The oldest reports with `after` < seq <= `upto`."""
        statement = "SELECT seq, payload FROM outbox WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?"
        return tuple(_row(*found) for found in self._store.read(statement, after, upto, count_max))

    def gap_rows(self, after: int, count_max: int) -> tuple[Row, ...]:
        """The oldest gap records with seq > `after`."""
        statement = "SELECT seq, payload FROM outbox WHERE gap AND seq > ? ORDER BY seq LIMIT ?"
        return tuple(_row(*found) for found in self._store.read(statement, after, count_max))

    def gap_ranges(self) -> tuple[SeqRange, ...]:
        """What the gap records that wait here cover."""
        found = self._store.read("SELECT payload FROM outbox WHERE gap ORDER BY seq LIMIT ?", ROWS_LOOKED_AT_MAX)
        records = [_read(GapMessage, payload) for (payload,) in found]
        return tuple(SeqRange(first=one.data.first, last=one.data.last) for one in records if one is not None)

    def first_kept(self) -> int:
        """The lowest number that is still here; the next one to be given out when nothing is."""
        return self._store.number("SELECT MIN(seq) FROM outbox") or self.last_seq() + 1

    def last_seq(self) -> int:
        """The newest number ever given out; 0 in a new file."""
        return self._store.number("SELECT MAX(seq) FROM sqlite_sequence WHERE name = 'outbox'")

    def acknowledge(self, epoch: str, upto: int) -> bool:
        """Delete everything up to `upto`; False for another epoch, or numbers that this file never gave out."""
        if epoch != self._store.epoch or upto > self.last_seq():
            return False
        with self._store.transaction() as connection:
            size = connection.execute("SELECT COALESCE(SUM(bytes), 0) FROM outbox WHERE seq <= ?", (upto,)).fetchone()[
                0
            ]
            connection.execute("DELETE FROM outbox WHERE seq <= ?", (upto,))
        self._bytes -= size
        return True

    def stored(self) -> tuple[Stored, ...]:
        """The oldest reports as eviction sees them."""
        statement = "SELECT seq, severity, bytes, gap FROM outbox ORDER BY seq LIMIT ?"
        found = self._store.read(statement, ROWS_LOOKED_AT_MAX)
        return tuple(Stored(_int(seq), _int(severity), _int(size), bool(gap)) for seq, severity, size, gap in found)

    def give_up(self, runs: Iterable[Run], reason: GapReason) -> None:
        """Replace runs of reports by gap records."""
        with self._store.transaction() as connection:
            for run in runs:
                connection.execute("DELETE FROM outbox WHERE seq BETWEEN ? AND ?", (run.first, run.last))
                record = GapRecord(first=run.first, last=run.last, count=run.count, reason=reason)
                _insert(connection, self._store.epoch, self._envelopes.gap(record))
                count_lost(connection, REPORTS_LOST, run.count)
            size = connection.execute("SELECT COALESCE(SUM(bytes), 0) FROM outbox").fetchone()[0]
        self._bytes = size

    def open_episodes(self, camera: str | None = None) -> tuple[SceneEvent, ...]:
        """Raised reports of episodes that have not ended, of one camera or of all; what nobody can read is dropped."""
        statement = "SELECT episode, event FROM episodes WHERE camera = ? OR ? IS NULL ORDER BY episode LIMIT ?"
        found = self._store.read(statement, camera, camera, EPISODES_MAX)
        read = [(str(episode), _read(SceneEvent, event)) for episode, event in found]
        self._forget([episode for episode, event in read if event is None])
        return tuple(event for _, event in read if event is not None)

    def _forget(self, episodes: list[str]) -> None:
        """Let go of open episodes that nobody can read, as far as a full disk lets us."""
        if episodes:
            reason = "another release wrote them, or the disk is damaged; their ends are not told"
            _log.error("episodes_not_read", count=len(episodes), first=episodes[:FORGOTTEN_TOLD_MAX], reason=reason)
            with suppress(StoreFull), self._store.transaction() as connection:
                connection.executemany("DELETE FROM episodes WHERE episode = ?", [(one,) for one in episodes])

    def figures(self, now: datetime) -> OutboxFigures:
        """What waits, for the heartbeat."""
        depth, oldest = self._store.read("SELECT COUNT(*), MIN(created_at) FROM outbox")[0]
        age_s = (now - datetime.fromisoformat(str(oldest))).total_seconds() if oldest else 0.0
        count, size = self._store.read("SELECT COUNT(*), SUM(bytes) FROM evidence WHERE state = 'pending'")[0]
        return OutboxFigures(
            depth=_int(depth),
            bytes=self._bytes,
            oldest_age_s=max(0.0, age_s),
            evidence_pending=_int(count),
            evidence_bytes=_int(size),
            lost=self._lost(REPORTS_LOST),
            evidence_lost=self._lost(EVIDENCE_LOST),
        )

    def _lost(self, what: str) -> int:
        return self._store.number("SELECT SUM(CAST(value AS INTEGER)) FROM meta WHERE key = ?", what)


def _read(kind: type[_Kept], content: object) -> _Kept | None:
    """What a row holds; None for what another release wrote, or a damaged disk."""
    try:
        return kind.model_validate_json(content if isinstance(content, bytes) else str(content))
    except ValidationError:
        return None


def _known(connection: sqlite3.Connection, identity: str) -> bool:
    return connection.execute("SELECT 1 FROM journal WHERE id = ?", (identity,)).fetchone() is not None


def _last_seq(connection: sqlite3.Connection) -> int:
    found = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").fetchone()
    return int(found[0]) if found else 0


def _insert(connection: sqlite3.Connection, epoch: str, report: Report, *, seq: int | None = None) -> tuple[int, int]:
    """Write a report with the next seq, or with `seq`; its seq and size."""
    number = seq or _last_seq(connection) + 1
    if number > SEQ_MAX:
        raise OverflowError("the outbox has given out all its numbers: delete outbox.db to begin a new epoch")
    numbered = report.model_copy(update={"epoch": epoch, "seq": number})
    payload = encode(numbered)
    created = report.time.isoformat()
    gap = isinstance(report, GapMessage)
    connection.execute(
        "INSERT INTO outbox (seq, id, created_at, severity, gap, bytes, payload) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (number, report.id, created, _severity(report), gap, len(payload), payload),
    )
    connection.execute("INSERT INTO journal VALUES (?, ?, ?, ?)", (number, report.id, report.type, created))
    if number % JOURNAL_PRUNED_EVERY == 0:
        connection.execute("DELETE FROM journal WHERE seq <= ?", (number - JOURNAL_ROWS_MAX,))
    return number, len(payload)


def _severity(report: Report) -> int:
    match report:
        case SceneMessage():
            return report.data.severity
        case CameraMessage():
            return SEVERITY_CAMERA
        case GapMessage():
            return SEVERITY_GAP


def _keep_consequences(connection: sqlite3.Connection, report: Report) -> None:
    """What must become true together with the report: its pictures wait, its episode is open or closed."""
    match report:
        case SceneMessage(data=event):
            for ref in event.evidence:
                add_evidence(connection, ref, rank_of(ref.kind))
            if event.phase is ScenePhase.RAISED:
                values = (event.episode, event.camera, event.model_dump_json())
                connection.execute("INSERT OR REPLACE INTO episodes VALUES (?, ?, ?)", values)
            else:
                connection.execute("DELETE FROM episodes WHERE episode = ?", (event.episode,))
        case CameraMessage(data=transition):
            if transition.last_picture:
                add_evidence(connection, transition.last_picture, Rank.STARTED)
        case GapMessage():
            return


def add_evidence(connection: sqlite3.Connection, ref: EvidenceRef, rank: Rank) -> None:
    """A picture waits for its upload; known ones stay as they are, but may become more urgent."""
    connection.execute(
        "INSERT INTO evidence SELECT ?, ?, ?, 'pending', ?, COALESCE(MAX(added), 0) + 1 FROM evidence WHERE true "
        "ON CONFLICT (sha256) DO UPDATE SET priority = MAX(priority, excluded.priority)",
        (ref.sha256, ref.bytes, ref.file_name, rank),
    )


def count_lost(connection: sqlite3.Connection, what: str, count: int) -> None:
    """Add to a count of what is lost for ever, in the caller's transaction."""
    connection.execute(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + ?",
        (what, str(count), count),
    )


def _row(seq: object, payload: object) -> Row:
    return Row(_int(seq), payload if isinstance(payload, bytes) else b"")


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0
