"""Connections, transactions and whose fault an error is, for SQLite and PostgreSQL."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.engine import URL, make_url

from central.stores.ports import StoreRejected, StoreUnavailable
from protocol.camera_url import redact
from protocol.texts import BadValue, Words

_OTHER_ADDRESS = Words(
    "应为 sqlite:///路径（一个文件）或 postgresql+psycopg://…",
    "must be sqlite:///PATH (a file) or postgresql+psycopg://...",
)
_NO_TIMEOUT = Words(
    "connect_timeout 应为秒数，例如 connect_timeout=10",
    "connect_timeout is a number of seconds, such as connect_timeout=10",
)
_SECONDS = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_PORT = re.compile(r"[0-9]{0,5}", re.ASCII)
POSTGRESQL = frozenset({"postgresql", "postgresql+psycopg"})
BUSY_S = 5.0
WRITING = "gridwarden_writing"
"""Execution option of connections that may write."""
CONNECTIONS_MAX = 20
WAL_BYTES_MAX = 64 * 1024 * 1024


class Database:
    """One database; thread-safe. SQLite has one writer at a time, PostgreSQL as many as it likes."""

    def __init__(self, url: str, sqlite_pages_max: int | None = None) -> None:
        parsed = _parse(url)
        self.engine = create_engine(
            parsed, pool_size=CONNECTIONS_MAX // 2, max_overflow=CONNECTIONS_MAX // 2, pool_timeout=BUSY_S
        )
        self._write_lock = Lock() if parsed.get_backend_name() == "sqlite" else None
        self._snapshot: dict[str, Any] = {} if self._write_lock is not None else {"isolation_level": "REPEATABLE READ"}
        if self._write_lock is not None:
            _prepare_sqlite(self.engine, sqlite_pages_max)
        else:
            _prepare_postgresql(self.engine)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view; undone at the end."""
        with blamed(), self.engine.connect() as connection:
            view = connection.execution_options(**self._snapshot)
            with view.begin() as transaction:
                yield view
                transaction.rollback()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction; committed at the end unless the block raises."""
        with blamed(), self._one_writer(), self.engine.connect() as connection:
            writer = connection.execution_options(**{WRITING: True})
            with writer.begin():
                yield writer

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        lock = self._write_lock
        if lock is None:
            yield
            return
        if not lock.acquire(timeout=BUSY_S):
            raise StoreUnavailable(f"the database was busy for {BUSY_S:g} s")
        try:
            yield
        finally:
            lock.release()


@contextmanager
def blamed() -> Iterator[None]:
    """Turn the driver's errors into `StoreUnavailable` and `StoreRejected`, without statements or their values."""
    try:
        yield
    except (exc.IntegrityError, exc.DataError) as error:
        raise StoreRejected(reason_of(error.orig)) from None
    except (exc.OperationalError, exc.InterfaceError, exc.InternalError) as error:
        raise StoreUnavailable(reason_of(error.orig)) from None
    except (exc.ProgrammingError, exc.NotSupportedError):
        raise
    except exc.DatabaseError as error:  # SQLite: the file is damaged, or none of its own
        raise StoreUnavailable(reason_of(error.orig)) from None
    except exc.TimeoutError:
        raise StoreUnavailable(f"no free database connection within {BUSY_S:g} s") from None


def reason_of(error: BaseException | None) -> str:
    """What a driver says, on one line and without passwords."""
    lines = str(error).splitlines()
    return redact(f"{type(error).__name__}: {lines[0] if lines else ''}")


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (exc.ArgumentError, ValueError):  # no URL, no port
        raise BadValue(_OTHER_ADDRESS) from None
    if parsed.drivername in POSTGRESQL:
        _check_options(parsed)
        return parsed.set(drivername="postgresql+psycopg")
    names_a_file = parsed.database not in {None, "", ":memory:"} and "\x00" not in str(parsed.database)
    if parsed.drivername == "sqlite" and names_a_file and not parsed.host and not parsed.query:
        return parsed
    raise BadValue(_OTHER_ADDRESS)


def _check_options(address: URL) -> None:
    from psycopg import ProgrammingError  # noqa: PLC0415 - an extra that SQLite does not need
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415

    try:
        make_conninfo(**{name: str(value) for name, value in address.query.items()})
    except ProgrammingError:  # an option that there is not
        raise BadValue(_OTHER_ADDRESS) from None
    if not _PORT.fullmatch(str(address.query.get("port", "0"))):
        raise BadValue(_OTHER_ADDRESS)
    if not _SECONDS.fullmatch(str(address.query.get("connect_timeout", "0"))):
        raise BadValue(_NO_TIMEOUT)


def _prepare_sqlite(engine: Engine, pages_max: int | None) -> None:
    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's connection
        connection.isolation_level = None
        # FULL: a watermark lets boxes delete their only copy, so a commit must survive a power cut; NORMAL would not.
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            f"busy_timeout = {BUSY_S * 1000:.0f}",
            f"journal_size_limit = {WAL_BYTES_MAX}",
            *([f"max_page_count = {pages_max}"] if pages_max is not None else []),
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        writing = connection.get_execution_options().get(WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _prepare_postgresql(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's connection
        # Compiling takes longer than counting a month. No start-up option: poolers between refuse those.
        connection.autocommit = True
        connection.execute("SET jit = off")
        connection.autocommit = False
