"""Brings the tables of a database up to date."""

from importlib.resources import files
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.sql import column, table

from central.stores.database.connections import Database
from central.stores.ports import StoreUnavailable

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0032_report_times"
"""The newest migration; a test keeps it true."""

MIGRATIONS = "central.stores.database.migrations"

_LOCK = 7_205_759_403
_VERSION = table("alembic_version", column("version_num"))


def migrate(database: Database) -> None:
    """Run what is missing, in one transaction; two processes that start together do it once."""
    with database.reading() as connection:
        if schema_of(connection) == HEAD:
            return
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if schema_of(connection) != HEAD:
            upgrade(connection)


def schema_of(connection: Connection) -> str | None:
    """The revision that the tables are of; None where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(select(_VERSION.c.version_num)).scalar_one_or_none()
    return version


def known_schemas() -> frozenset[str]:
    """Every revision that this release can bring up to date."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see `upgrade`

    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def upgrade(connection: Connection, schema: str = "head") -> None:
    """Bring the tables to a revision. Raises `StoreUnavailable` for tables of a later release."""
    # Imported here: half a second that only a new or old database has to pay.
    from alembic import command  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = _config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, schema)
    except CommandError as error:
        raise StoreUnavailable(
            f"the database is of another release ({error}); start the release that made it"
        ) from None


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - see `upgrade`

    config = Config()
    config.set_main_option("script_location", str(files(MIGRATIONS)).replace("%", "%%"))
    return config
