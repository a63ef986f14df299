"""What stands in a central's tables, read past the ports: for tests that count by hand."""

from typing import Any, cast

from sqlalchemy import select

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
