"""What boxes sent, in SQL."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import Connection, RowMapping, select, tuple_

from central.core.values import DeadLetter, Event, Page
from central.core.watermark import StreamWindow
from central.stores import tables
from central.stores.database.rows import Order, Rows, insert_rows, page_of, upsert_rows
from central.stores.ports import Claim, EventFilter, PageRequest, Receipt, StoredEvent
from protocol.messages import GapRecord

WINDOW_MAX = 4096
"""Numbers above the watermark that are looked at in one go."""

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

    def add_gaps(self, box: str, epoch: str, gaps: Sequence[GapRecord], now: datetime) -> None:
        """See the port."""
        place = {"box": box, "epoch": epoch, "recorded_at": now}
        insert_rows(self._connection, tables.gaps, [gap.model_dump() | place for gap in gaps])

    def stream(self, box: str, epoch: str | None) -> StreamWindow | None:
        """See the port."""
        stream = tables.streams.c
        statement = select(stream.epoch, stream.upto).where(stream.box == box)
        if epoch is not None:
            statement = statement.where(stream.epoch == epoch)
        row = self._connection.execute(statement.order_by(stream.moved_at.desc()).limit(1)).one_or_none()
        if row is not None:
            return self._window(box, row.epoch, row.upto)
        return None if epoch is None else self._window(box, epoch, 0)

    def move_stream(self, box: str, epoch: str, upto: int, now: datetime) -> None:
        """See the port."""
        row = {"box": box, "epoch": epoch, "upto": upto, "moved_at": now}
        upsert_rows(self._connection, tables.streams, [row], ("box", "epoch"))

    def events(self, wanted: EventFilter, page: PageRequest) -> Page[Event]:
        """See the port."""
        statement = select(tables.events)
        for name in ("box", "camera", "type", "episode"):
            value = getattr(wanted, name)
            if value is not None:
                statement = statement.where(tables.events.c[name] == value)
        return page_of(self._connection, statement, _NEWEST_FIRST, page, _event)

    def _window(self, box: str, epoch: str, upto: int) -> StreamWindow:
        receipt, gap = tables.receipts.c, tables.gaps.c
        seqs = (
            select(receipt.seq)
            .where(receipt.box == box, receipt.epoch == epoch, receipt.seq > upto)
            .order_by(receipt.seq)
            .limit(WINDOW_MAX)
        )
        holes = (
            select(gap.first, gap.last)
            .where(gap.box == box, gap.epoch == epoch, gap.last > upto)
            .order_by(gap.first)
            .limit(WINDOW_MAX)
        )
        return _bounded_window(
            epoch,
            upto,
            list(self._connection.execute(seqs).scalars()),
            [(row.first, row.last) for row in self._connection.execute(holes)],
        )


def _bounded_window(epoch: str, upto: int, seqs: list[int], holes: list[tuple[int, int]]) -> StreamWindow:
    """Leave out what lies above the end of a list that was cut: below it, everything is known."""
    ends = [seqs[-1]] if len(seqs) == WINDOW_MAX else []
    ends += [holes[-1][0]] if len(holes) == WINDOW_MAX else []
    if not ends:
        return StreamWindow(epoch, upto, tuple(seqs), tuple(holes))
    end = min(ends)
    return StreamWindow(
        epoch,
        upto,
        tuple(seq for seq in seqs if seq <= end),
        tuple(hole for hole in holes if hole[0] <= end),
        more=True,
    )


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
