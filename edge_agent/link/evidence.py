"""Pictures and clips on disk: which wait for their upload, which may go when the disk needs room."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Event

from edge_agent.link.outbox import EVIDENCE_LOST, add_evidence, count_lost
from edge_agent.link.store import EdgeStore
from protocol.messages import EvidenceRef

EVIDENCE_FOLDER = "evidence"
PRIORITY_SNAPSHOT = 10
EVICTED_AT_ONCE_MAX = 100
ROUNDS_MAX = 1_000


class EvidenceState(StrEnum):
    """Where a picture is: `refused` means that central will not take it, or that its file is damaged or gone."""

    PENDING = "pending"
    STORED = "stored"
    REFUSED = "refused"


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


class EvidenceShelf:
    """The pictures of one agent, below `data_dir/evidence`. `pending` is set when one more may wait."""

    def __init__(self, store: EdgeStore) -> None:
        self._store = store
        self.pending = Event()
        self.folder = store.folder / EVIDENCE_FOLDER
        self.folder.mkdir(parents=True, exist_ok=True)

    def add(self, ref: EvidenceRef, priority: int = 0) -> None:
        """A picture that belongs to no report waits for its upload."""
        with self._store.transaction() as connection:
            add_evidence(connection, ref, priority)
            connection.execute("UPDATE evidence SET state = 'pending' WHERE sha256 = ?", (ref.sha256,))
        self.pending.set()

    def next_pending(self) -> Picture | None:
        """The most urgent, then oldest picture that central does not have."""
        statement = "SELECT sha256, bytes, path FROM evidence WHERE state = ? ORDER BY priority DESC, added LIMIT 1"
        for sha256, size, path in self._store.read(statement, EvidenceState.PENDING):
            return Picture(str(sha256), size if isinstance(size, int) else 0, self.folder / str(path))
        return None

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
                    connection.execute("UPDATE evidence SET state = 'pending' WHERE sha256 = ?", (sha256,))
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
        """Delete files that no report mentions (the agent died between file and report); how many."""
        known = {str(path) for (path,) in self._store.read("SELECT path FROM evidence")}
        orphans = [path for path in self.folder.iterdir() if path.is_file() and path.name not in known]
        for path in orphans:
            path.unlink(missing_ok=True)
        return len(orphans)

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
