"""What boxes sent, in SQL."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from pydantic import JsonValue
from sqlalchemy import Connection, RowMapping, func, select, tuple_

from central.core.values import DeadLetter, Event, Page, Tally
from central.stores import tables
from central.stores.database.rows import Order, Rows, insert_rows, page_of
from central.stores.ports import Claim, EventFilter, PageRequest, Receipt, StoredEvent
from central.stores.sql.tallies import SqlTallies

_EVENTS = Rows(tables.events, Event, {"case": "case_id"})
_DEAD_LETTERS = Rows(tables.dead_letters, DeadLetter)
_NEWEST_FIRST = Order(tables.events.c.position, newest_first=True)


class SqlInbox:
    """`InboxStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tallies = SqlTallies(connection)

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
        if not letters:
            return
        _DEAD_LETTERS.insert(self._connection, letters)
        named = {letter.box for letter in letters if letter.box is not None}
        known = set(self._connection.execute(select(tables.boxes.c.id).where(tables.boxes.c.id.in_(named))).scalars())
        counted = Counter(letter.box if letter.box in known else "" for letter in letters)
        self._tallies.add(Tally.DEAD_LETTERS, {box or "": count for box, count in counted.items()})
        self._keep_letters(len(letters), sum(len(letter.payload) for letter in letters))

    def drop_dead_letters(self, rows_max: int, bytes_max: int, limit: int) -> int:
        """See the port."""
        rows_over = self._tallies.read(Tally.DEAD_LETTERS_KEPT, [""])[""] - rows_max
        bytes_over = self._tallies.read(Tally.DEAD_LETTER_BYTES_KEPT, [""])[""] - bytes_max
        if rows_over <= 0 and bytes_over <= 0:
            return 0
        letter = tables.dead_letters.c
        oldest = select(letter.position, func.length(letter.payload)).order_by(letter.position).limit(limit)
        rows, freed, last = 0, 0, 0
        for position, size in self._connection.execute(oldest):
            if rows >= rows_over and freed >= bytes_over:
                break
            rows, freed, last = rows + 1, freed + size, position
        self._connection.execute(tables.dead_letters.delete().where(letter.position <= last))
        self._keep_letters(-rows, -freed)
        return rows

    def events(self, wanted: EventFilter, page: PageRequest) -> Page[Event]:
        """See the port."""
        statement = select(tables.events)
        for name in ("box", "camera", "type", "episode"):
            value = getattr(wanted, name)
            if value is not None:
                statement = statement.where(tables.events.c[name] == value)
        return page_of(self._connection, statement, _NEWEST_FIRST, page, _event)

    def _keep_letters(self, rows: int, payload_bytes: int) -> None:
        self._tallies.add(Tally.DEAD_LETTERS_KEPT, {"": rows})
        self._tallies.add(Tally.DEAD_LETTER_BYTES_KEPT, {"": payload_bytes})


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
