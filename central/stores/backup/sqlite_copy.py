"""A backup of SQLite: its file, copied by SQLite itself within one read transaction."""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import make_url

from central.core.backups import (
    BackupFacts,
    BackupProblem,
    BackupRefused,
    BackupStage,
    CopiedDatabase,
    DatabaseKind,
    Progress,
    require_same_rows,
)
from central.stores.backup.files import Unreadable, copied, require_space
from central.stores.backup.pictures import LISTED, write_list
from central.stores.database.connections import BUSY_S, Database
from central.stores.database.migrate import HEAD, known_schemas, migrate
from central.stores.ports import StoreUnavailable

FILE = "central.db"
PAGES_A_STEP = 2_048
_BESIDE = ("", "-wal", "-shm", "-journal")


class SqliteCopy:
    """`DatabaseCopy` of the file that `url` names."""

    kind = DatabaseKind.SQLITE

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._file = Path(self._url.database or "")

    def size_bytes(self) -> int:
        """See the port."""
        return sum(path.stat().st_size for path in self._files() if path.exists())

    def copy(self, folder: Path, progress: Progress) -> tuple[CopiedDatabase, int]:
        """See the port."""
        target = folder / FILE
        with _blamed(folder), closing(self._connect()) as source, closing(sqlite3.connect(target)) as copy:
            copy.execute("PRAGMA synchronous = OFF")  # whoever finishes the backup waits for the disk
            # The read transaction keeps this moment for all steps; without it each change would begin the copy anew.
            source.execute("BEGIN")
            source.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
            source.backup(
                copy,
                pages=PAGES_A_STEP,
                progress=lambda _, left, total: progress(BackupStage.DATABASE, total - left, total),
            )
        with _blamed(folder), closing(_look(target)) as copy:
            if copy.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise BackupRefused(BackupProblem.SOURCE_DAMAGED, database=self._file)
            listed = write_list(folder, copy.execute(LISTED))
            return CopiedDatabase(self.kind, _schema(copy), _rows(copy), {}), listed

    def schemas(self) -> frozenset[str]:
        """See the port."""
        return known_schemas()

    def require_empty(self) -> None:
        """See the port."""
        if any(path.exists() for path in self._files()):
            raise BackupRefused(BackupProblem.DATABASE_NOT_EMPTY, database=self._file)

    @contextmanager
    def restoring(
        self, folder: Path, facts: BackupFacts, sums: Mapping[str, str], progress: Progress
    ) -> Iterator[None]:
        """See the port."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        staged = self._file.with_name(f".{self._file.name}.restoring")
        _remove(staged)
        try:
            self._stage(folder, staged, facts, sums)
            progress(BackupStage.DATABASE, 1, 1)
            yield
            self.require_empty()
            staged.rename(self._file)
        finally:
            _remove(staged)
        os.sync()

    def _stage(self, folder: Path, staged: Path, facts: BackupFacts, sums: Mapping[str, str]) -> None:
        source = folder / FILE
        if FILE not in sums or not source.is_file():
            raise BackupRefused(BackupProblem.FILE_MISSING, name=FILE)
        require_space(staged.parent, source.stat().st_size)
        try:
            sha256 = copied(source, staged)
        except Unreadable:
            sha256 = ""
        if sha256 != sums[FILE]:
            raise BackupRefused(BackupProblem.FILE_DAMAGED, name=FILE)
        with _blamed(staged.parent), closing(_look(staged)) as copy:
            if _schema(copy) != facts.database.schema:
                raise BackupRefused(BackupProblem.FILE_DAMAGED, name=FILE)
            require_same_rows(facts.database.rows, _rows(copy))
        if facts.database.schema != HEAD:
            self._migrate(staged)

    def _migrate(self, staged: Path) -> None:
        database = Database(self._url.set(database=str(staged)).render_as_string(hide_password=False))
        try:
            migrate(database)
        finally:
            database.close()

    def _connect(self) -> sqlite3.Connection:
        if not self._file.is_file():
            raise StoreUnavailable(f"there is no database {self._file}")
        address = f"file:{quote(str(self._file.absolute()))}?mode=rw"
        return sqlite3.connect(address, uri=True, timeout=BUSY_S, isolation_level=None)

    def _files(self) -> list[Path]:
        return [self._file.with_name(self._file.name + end) for end in _BESIDE]


def _look(file: Path) -> sqlite3.Connection:
    """A file that nobody writes; nothing is made beside it."""
    return sqlite3.connect(f"file:{quote(str(file.absolute()))}?immutable=1", uri=True)


def _schema(copy: sqlite3.Connection) -> str:
    found = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(found[0]) if found else ""


def _rows(copy: sqlite3.Connection) -> dict[str, int]:
    kinds = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') ORDER BY name"
    names = [str(name) for (name,) in copy.execute(kinds) if not str(name).startswith("sqlite_")]
    return {name: copy.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608 - its own tables


def _remove(staged: Path) -> None:
    for end in _BESIDE:
        staged.with_name(staged.name + end).unlink(missing_ok=True)


@contextmanager
def _blamed(folder: Path) -> Iterator[None]:
    """Turn SQLite's errors into a full disk, a damaged database, or one that cannot be used now."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "")
        if name == "SQLITE_FULL" or name.startswith("SQLITE_IOERR"):
            raise BackupRefused(BackupProblem.NOT_WRITTEN, folder=folder, reason=str(error)) from None
        if name in {"SQLITE_CORRUPT", "SQLITE_NOTADB"}:
            raise BackupRefused(BackupProblem.SOURCE_DAMAGED, database=FILE) from None
        raise StoreUnavailable(f"{type(error).__name__}: {error}") from None
