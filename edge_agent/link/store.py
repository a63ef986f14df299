"""The agent's SQLite file: one connection, short transactions, every commit synced to the disk."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import RLock

STORE_FILE = "outbox.db"
BALLAST_FILE = "ballast"
BALLAST_BYTES = 4_000_000
"""Kept so that a full disk still has room for the transaction that makes room."""
WAL_BYTES_MAX = 8_000_000
BUSY_S = 10.0
_FULL_CODES = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})
_HELD_CODES = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY})
_DAMAGED_CODES = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_PRIMARY = 0xFF
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL,
    severity INTEGER NOT NULL, gap INTEGER NOT NULL, bytes INTEGER NOT NULL, payload BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS outbox_gaps ON outbox (seq) WHERE gap;
CREATE TABLE IF NOT EXISTS journal (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS evidence (
    sha256 TEXT PRIMARY KEY, bytes INTEGER NOT NULL, path TEXT NOT NULL, state TEXT NOT NULL,
    priority INTEGER NOT NULL, added INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS evidence_order ON evidence (state, priority DESC, added);
CREATE TABLE IF NOT EXISTS commands (command TEXT PRIMARY KEY, added INTEGER NOT NULL, result TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS judgements (
    episode TEXT PRIMARY KEY, added INTEGER NOT NULL, camera TEXT NOT NULL, command TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS judgements_camera ON judgements (camera, added);
CREATE TABLE IF NOT EXISTS episodes (
    episode TEXT PRIMARY KEY, camera TEXT NOT NULL, event TEXT NOT NULL) WITHOUT ROWID;
"""


class StoreFull(Exception):
    """Nothing can be written: the disk, or the file's own limit, is full. Try again after making room."""


class StoreHeld(StoreFull):
    """Nothing can be written, and room would not help: another program holds the file, or it may only be read."""


class EdgeStore:
    """Connection, epoch and boot number. Safe to use from several threads."""

    def __init__(self, folder: Path, new_epoch: str, busy_s: float = BUSY_S) -> None:
        """Open or make the file in `folder`; `new_epoch` (16 hex digits) becomes its epoch when it is new.

        A program that holds the file, as one that looks into it can, is waited for `busy_s` seconds.

        A damaged file is put aside (`outbox.db.damaged-N`) and a new one begins: a box in a street must run.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.set_aside: Path | None = None
        self._lock = RLock()
        self._ballast = folder / BALLAST_FILE
        try:
            self._connection = _connect(folder / STORE_FILE, busy_s)
        except sqlite3.DatabaseError as error:
            if _code(error) not in _DAMAGED_CODES:
                raise
            self.set_aside = _put_aside(folder / STORE_FILE)
            self._connection = _connect(folder / STORE_FILE, busy_s)
        self.epoch, self.boot = self._begin(new_epoch)
        self.keep_ballast()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One transaction, synced to disk when the block ends; raises `StoreFull` and rolls back."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except sqlite3.OperationalError as error:
                self._roll_back()
                if _code(error) in _FULL_CODES:
                    raise StoreFull(str(error)) from None
                if _code(error) in _HELD_CODES:
                    raise StoreHeld(str(error)) from None
                raise
            except BaseException:
                self._roll_back()
                raise

    def read(self, statement: str, *parameters: object) -> list[tuple[object, ...]]:
        """Rows of a SELECT."""
        with self._lock:
            return self._connection.execute(statement, parameters).fetchall()

    def number(self, statement: str, *parameters: object) -> int:
        """The one integer of a SELECT; 0 for NULL."""
        value = self.read(statement, *parameters)[0][0]
        return value if isinstance(value, int) else 0

    def disk_free_bytes(self) -> int:
        """Free bytes of the disk under the folder."""
        return shutil.disk_usage(self.folder).free

    def spend_ballast(self) -> None:
        """Give the reserve back to a full disk, and let the log shrink."""
        with self._lock:
            self._ballast.unlink(missing_ok=True)
            try:
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            except sqlite3.OperationalError:
                return

    def keep_ballast(self) -> None:
        """Make the reserve again where the disk has plenty of room."""
        if self._ballast.exists() or self.disk_free_bytes() < 4 * BALLAST_BYTES:
            return
        try:
            self._ballast.write_bytes(b"\0" * BALLAST_BYTES)
        except OSError:
            self._ballast.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file; safe to call twice."""
        with self._lock:
            self._connection.close()

    def _begin(self, new_epoch: str) -> tuple[str, int]:
        with self.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO meta VALUES ('epoch', ?), ('boot', '0')", (new_epoch,))
            connection.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'boot'")
            meta = dict(connection.execute("SELECT key, value FROM meta").fetchall())
        return meta["epoch"], int(meta["boot"])

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


def _connect(path: Path, busy_s: float) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=busy_s, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA journal_size_limit = {WAL_BYTES_MAX}").fetchall()
        connection.executescript(_SCHEMA)
        with closing(connection.execute("PRAGMA quick_check(1)")) as check:
            if check.fetchone() != ("ok",):
                raise _damaged()
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _damaged() -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _code(error: sqlite3.Error) -> int:
    """Primary result code of SQLite; 0 when the error did not come from SQLite itself."""
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY


def _put_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    path.rename(aside)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return aside
