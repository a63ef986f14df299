"""A backup of PostgreSQL: COPY of every table within one snapshot."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import psycopg
from psycopg import sql
from sqlalchemy import Connection, inspect, text

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
from central.stores.backup.files import CHUNK_BYTES
from central.stores.backup.folder import require_sum
from central.stores.backup.pictures import LISTED, write_list
from central.stores.backup.postgresql_indexes import without_indexes
from central.stores.database.connections import Database, reason_of
from central.stores.database.migrate import HEAD, known_schemas, schema_of, upgrade
from central.stores.ports import StoreUnavailable

VERSION_TABLE = "alembic_version"
# What the text of a value, and the order of rows, depend on besides the table.
_PLAIN = (
    "SET LOCAL datestyle = 'ISO'",
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL extra_float_digits = 3",
    "SET LOCAL synchronize_seqscans = off",
)
_COPY_OUT, _COPY_IN = (
    sql.SQL("COPY {} TO STDOUT (ENCODING 'UTF8')"),
    sql.SQL("COPY {} FROM STDIN (FREEZE, ENCODING 'UTF8')"),
)
_COUNTERS = text(
    "SELECT sequencename, last_value FROM pg_sequences "
    "WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY sequencename"
)


class PostgresqlCopy:
    """`DatabaseCopy` of the database that `url` names."""

    kind = DatabaseKind.POSTGRESQL

    def __init__(self, url: str) -> None:
        self._url = url

    def size_bytes(self) -> int:
        """See the port."""
        with self._opened() as database, database.reading() as connection:
            return sum(_sizes(connection, _tables(connection)).values())

    def copy(self, folder: Path, progress: Progress) -> tuple[CopiedDatabase, int]:
        """See the port."""
        with self._opened() as database, database.reading() as connection, _blamed():
            schema = schema_of(connection)
            if schema is None:
                raise StoreUnavailable("there are no tables in the database")
            raw = _raw(connection)
            tables = _tables(connection)
            sizes = _sizes(connection, tables)
            rows, done, total = {}, 0, max(1, sum(sizes.values()))
            for table in tables:
                with raw.cursor() as cursor, _file(folder, table).open("xb") as file:
                    with cursor.copy(_COPY_OUT.format(sql.Identifier(table))) as source:
                        for written in _written(source, file):
                            progress(BackupStage.DATABASE, done + min(sizes[table], written), total)
                    rows[table] = cursor.rowcount
                done += sizes[table]
                progress(BackupStage.DATABASE, done, total)
            counters = {name: int(value) for name, value in connection.execute(_COUNTERS)}
            listed = write_list(folder, ((row.sha256, row.bytes) for row in connection.execute(text(LISTED))))
            return CopiedDatabase(self.kind, schema, rows, counters), listed

    def schemas(self) -> frozenset[str]:
        """See the port."""
        return known_schemas()

    def require_empty(self) -> None:
        """See the port."""
        with self._opened() as database, database.reading() as connection:
            _require_empty(connection)

    @contextmanager
    def restoring(
        self, folder: Path, facts: BackupFacts, sums: Mapping[str, str], progress: Progress
    ) -> Iterator[None]:
        """See the port."""
        with self._opened() as database:
            with database.writing() as connection, _blamed():
                _require_empty(connection)
                upgrade(connection, facts.database.schema)
                found = _fill(connection, folder, sums, progress)
                require_same_rows(facts.database.rows, found)
                for name, value in facts.database.counters.items():
                    connection.execute(text("SELECT setval(CAST(:name AS regclass), :value)"), _counter(name, value))
                if facts.database.schema != HEAD:
                    upgrade(connection)
                yield
            with database.writing() as connection:
                connection.execute(text("ANALYZE"))

    @contextmanager
    def _opened(self) -> Iterator[Database]:
        database = Database(self._url)
        try:
            yield database
        finally:
            database.close()


def _written(source: Iterable[bytes | bytearray | memoryview], file: BinaryIO) -> Iterator[int]:
    """Write everything; the bytes so far, told now and then, for each row comes on its own."""
    written = told = 0
    for row in source:
        written += file.write(row)
        if written - told >= CHUNK_BYTES:
            told = written
            yield written


def _fill(connection: Connection, folder: Path, sums: Mapping[str, str], progress: Progress) -> dict[str, int]:
    """Fill every table; rows by table."""
    raw, tables = _raw(connection), _tables(connection)
    if tables:
        # A migration may have put rows in.
        raw.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, tables))))
    found, filled = {}, len(tables)
    with without_indexes(raw, lambda made, total: progress(BackupStage.DATABASE, filled + made, filled + total)):
        for number, table in enumerate(tables, 1):
            path = _file(folder, table)
            require_sum(folder, path.name, sums.get(path.name, ""))
            with raw.cursor() as cursor, path.open("rb") as file:
                with cursor.copy(_COPY_IN.format(sql.Identifier(table))) as target:
                    while chunk := file.read(CHUNK_BYTES):
                        target.write(chunk)
                found[table] = cursor.rowcount
            progress(BackupStage.DATABASE, number, 2 * filled)
    return found


def _counter(name: str, value: int) -> dict[str, object]:
    return {"name": '"' + name.replace('"', '""') + '"', "value": value}


def _raw(connection: Connection) -> "psycopg.Connection[Any]":
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)  # noqa: S101 - `Database` uses no other driver
    for statement in _PLAIN:
        connection.execute(text(statement))
    return raw


def _tables(connection: Connection) -> Sequence[str]:
    """Every table but that of the schema's version, each after those that it refers to."""
    ordered = inspect(connection).get_sorted_table_and_fkc_names()
    return [name for name, _ in ordered if name is not None and name != VERSION_TABLE]


def _sizes(connection: Connection, tables: Sequence[str]) -> dict[str, int]:
    statement = text("SELECT pg_table_size(CAST(:name AS regclass))")
    return {
        name: int(connection.execute(statement, {"name": _counter(name, 0)["name"]}).scalar_one()) for name in tables
    }


def _require_empty(connection: Connection) -> None:
    if inspect(connection).get_table_names():
        raise BackupRefused(BackupProblem.DATABASE_NOT_EMPTY, database=connection.engine.url.database)


def _file(folder: Path, table: str) -> Path:
    return folder / f"{table}.copy"


@contextmanager
def _blamed() -> Iterator[None]:
    """Turn the driver's own errors into `StoreUnavailable`; SQLAlchemy's are turned by `Database`."""
    try:
        yield
    except psycopg.Error as error:
        raise StoreUnavailable(reason_of(error)) from None
