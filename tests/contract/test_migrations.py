"""The migrations make exactly the tables that the stores use."""

import sqlite3
from importlib.resources import files
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from central.stores.database import migrate
from central.stores.database.connections import Database
from central.stores.open_stores import open_stores
from central.stores.ports import StoreUnavailable
from central.stores.tables import metadata
from tests.support.postgresql import database


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> object:
    """Return the address of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'deep' / 'central.db'}"
    else:
        with database(request.getfixturevalue("postgresql_url"), "migrations") as address:
            yield address


def test_tables_are_those_of_the_migrations(url: str, tmp_path: Path) -> None:
    open_stores(database_url=url, evidence_dir=tmp_path / "evidence").close()
    opened = Database(url)
    with opened.reading() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    opened.close()
    assert differences == []


def test_opening_again_changes_nothing(url: str, tmp_path: Path) -> None:
    for _ in range(2):
        stores = open_stores(database_url=url, evidence_dir=tmp_path / "evidence")
        assert stores.healthy()
        stores.close()


def test_the_newest_migration_is_known_by_name() -> None:
    config = Config()
    config.set_main_option("script_location", str(files(migrate.MIGRATIONS)))
    assert ScriptDirectory.from_config(config).get_heads() == [migrate.HEAD]


def test_a_database_of_a_later_release_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "central.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999_later')")
    connection.close()
    with pytest.raises(StoreUnavailable, match="another release"):
        open_stores(database_url=f"sqlite:///{file}", evidence_dir=tmp_path / "evidence")


@pytest.mark.parametrize("url", ["", "mysql://x/y", "sqlite://", "sqlite:///:memory:", "no url at all"])
def test_addresses_that_are_no_database(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="sqlite:///PATH"):
        open_stores(database_url=url, evidence_dir=tmp_path / "evidence")


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    address = "postgresql://user:hunter2@127.0.0.1:1/central"
    with pytest.raises(StoreUnavailable) as refusal:
        open_stores(database_url=address, evidence_dir=tmp_path / "evidence")
    assert "hunter2" not in str(refusal.value)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreUnavailable, match="cannot be made"):
        open_stores(database_url=f"sqlite:///{tmp_path}/file/c.db", evidence_dir=tmp_path / "evidence")
