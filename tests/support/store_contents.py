"""What stands in a central's tables, read and changed past the ports: for tests that count, or tamper, by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import create_engine, select, text

from central.core.values import Event
from central.stores import tables
from central.stores.open_stores import SqlStores
from central.stores.ports import EventFilter, PageRequest, Stores


def rows(stores: Stores, table: str) -> list[dict[str, Any]]:
    """All rows of a table, in order of its primary key."""
    chosen = tables.metadata.tables[table]
    with cast("SqlStores", stores).database.reading() as connection:
        found = connection.execute(select(chosen).order_by(*chosen.primary_key.columns)).mappings()
        return [dict(row) for row in found]


def change(stores: Stores, *statements: str, **values: object) -> int:
    """Run SQL past all of central, and past foreign keys; how many rows the last statement touched."""
    engine = create_engine(cast("SqlStores", stores).database.engine.url)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        touched = [connection.execute(text(statement), values).rowcount for statement in statements]
    engine.dispose()
    return touched[-1]


@contextmanager
def crashing(stores: Stores, when: str, table: str) -> Iterator[None]:
    """Let the database break off whenever it comes to, say, `INSERT` into a table."""
    if cast("SqlStores", stores).database.engine.dialect.name == "sqlite":
        change(stores, f"CREATE TRIGGER crash BEFORE {when} ON {table} BEGIN SELECT RAISE(ABORT, 'injected'); END")
        yield
        change(stores, "DROP TRIGGER crash")
        return
    change(
        stores,
        "CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''injected''; END'",
        f"CREATE TRIGGER crash BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION crash()",
    )
    yield
    change(stores, f"DROP TRIGGER crash ON {table}", "DROP FUNCTION crash()")


def dead_letters(stores: Stores) -> list[str]:
    """Reasons of all dead letters, oldest first."""
    return [row["reason"] for row in rows(stores, "dead_letters")]


def events(stores: Stores) -> list[Event]:
    """All events (at most one page), oldest first."""
    with stores.reading() as unit:
        return list(unit.inbox.events(EventFilter(), PageRequest(500)).items)[::-1]


def case_of_episode(stores: Stores) -> dict[str | None, str]:
    """Case id by episode id."""
    return {row["id"]: row["case_id"] for row in rows(stores, "case_episodes")}
