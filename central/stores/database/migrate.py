"""Brings the tables of a database up to date."""

from importlib.resources import files

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.sql import column, table

from central.stores.database.connections import Database
from central.stores.ports import StoreUnavailable

HEAD = "0007_concurrency"
"""The newest migration; a test keeps it true."""

MIGRATIONS = "central.stores.database.migrations"

_LOCK = 7_205_759_403
_VERSION = table("alembic_version", column("version_num"))


def migrate(database: Database) -> None:
    """Run what is missing, in one transaction; two processes that start together do it once."""
    with database.reading() as connection:
        if _version(connection) == HEAD:
            return
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if _version(connection) != HEAD:
            _upgrade(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(select(_VERSION.c.version_num)).scalar_one_or_none()
    return version


def _upgrade(connection: Connection) -> None:
    # Imported here: half a second that only a new or old database has to pay.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(files(MIGRATIONS)).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreUnavailable(
            f"the database is of another release ({error}); start the release that made it"
        ) from None
