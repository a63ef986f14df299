"""What boxes sent, in SQL."""

import json
from collections.abc import Mapping, Sequence

from pydantic import JsonValue
from sqlalchemy import Connection, RowMapping, select, tuple_

from central.core.values import DeadLetter, Event, Page
from central.stores import tables
from central.stores.database.rows import Order, Rows, insert_rows, page_of
from central.stores.ports import Claim, EventFilter, PageRequest, Receipt, StoredEvent

_EVENTS = Rows(tables.events, Event, {"case": "case_id"})
_DEAD_LETTERS = Rows(tables.dead_letters, DeadLetter)
_NEWEST_FIRST = Order(tables.events.c.position, newest_first=True)


class SqlInbox:
    """`InboxStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def receipts(self, claims: Sequence[Claim]) -> Mapping[Claim, Receipt]:
        """See the port."""
        if not claims:
            return {}
        place = tuple_(*tables.receipts.primary_key.columns)
        wanted = [(claim.box, claim.epoch, claim.seq) for claim in claims]
        found = self._connection.execute(select(tables.receipts).where(place.in_(wanted))).all()
        return {(claim := Claim(row.box, row.epoch, row.seq)): Receipt(claim, row.message) for row in found}

    def event_boxes(self, ids: Sequence[str]) -> Mapping[str, str]:
        """See the port."""
        if not ids:
            return {}
        statement = select(tables.events.c.id, tables.events.c.box).where(tables.events.c.id.in_(ids))
        return {row.id: row.box for row in self._connection.execute(statement)}

    def add(self, events: Sequence[StoredEvent], receipts: Sequence[Receipt]) -> None:
        """See the port."""
        rows = [_EVENTS.row(stored.event) | {"payload": stored.payload} for stored in events]
        insert_rows(self._connection, tables.events, rows)
        insert_rows(self._connection, tables.receipts, [_receipt_row(receipt) for receipt in receipts])

    def add_dead_letters(self, letters: Sequence[DeadLetter]) -> None:
        """See the port."""
        _DEAD_LETTERS.insert(self._connection, letters)

    def events(self, wanted: EventFilter, page: PageRequest) -> Page[Event]:
        """See the port."""
        statement = select(tables.events)
        for name in ("box", "camera", "type", "episode"):
            value = getattr(wanted, name)
            if value is not None:
                statement = statement.where(tables.events.c[name] == value)
        return page_of(self._connection, statement, _NEWEST_FIRST, page, _event)


def _receipt_row(receipt: Receipt) -> dict[str, object]:
    claim = receipt.claim
    return {"box": claim.box, "epoch": claim.epoch, "seq": claim.seq, "message": receipt.message}


def _event(row: RowMapping) -> Event:
    fields = {name: row[name] for name in ("id", "box", "epoch", "seq", "type", "time", "corrected_time")}
    data: JsonValue = json.loads(row["payload"]).get("data")
    return Event(
        **fields,
        received_at=row["received_at"],
        camera=row["camera"],
        episode=row["episode"],
        phase=row["phase"],
        case=row["case_id"],
        data=data,
    )
