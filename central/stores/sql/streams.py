"""How far each stream is complete, in SQL."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, case, func, select, tuple_

from central.core.fleet.watermark import StreamHead, StreamWindow, bounded_window
from central.stores import tables
from central.stores.database.rows import insert_rows, upsert_rows
from central.stores.ports import Stream
from protocol.messages import GapRecord

WINDOW_MAX = 4096
"""Numbers above the watermark that are looked at in one go, of one stream or of all streams of a batch."""


class SqlStreams:
    """`StreamStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_gaps(self, gaps: Sequence[tuple[Stream, GapRecord]], now: datetime) -> None:
        """See the port."""
        rows = [gap.model_dump() | stream._asdict() | {"recorded_at": now} for stream, gap in gaps]
        insert_rows(self._connection, tables.gaps, rows)

    def heads(self, streams: Sequence[Stream]) -> Mapping[Stream, StreamHead]:
        """See the port."""
        if not streams:
            return {}
        stream = tables.streams.c
        known = select(tables.streams).where(tuple_(stream.box, stream.epoch).in_(streams))
        return {
            Stream(row.box, row.epoch): StreamHead(row.upto, row.top, row.forgotten)
            for row in self._connection.execute(known)
        }

    def windows(self, streams: Sequence[Stream]) -> Mapping[Stream, StreamWindow]:
        """See the port."""
        reached = {stream: head.upto for stream, head in self.heads(streams).items()}
        seqs, holes = self._above(tables.receipts, "seq", reached), self._above(tables.gaps, "last", reached)
        if seqs is None or holes is None:
            return {place: self._window(place, upto) for place, upto in reached.items()}
        return {
            place: StreamWindow(
                place.epoch,
                upto,
                tuple(row.seq for row in seqs[place]),
                tuple((row.first, row.last) for row in holes[place]),
            )
            for place, upto in reached.items()
        }

    def newest(self, boxes: Sequence[str]) -> Mapping[str, Stream]:
        """See the port."""
        if not boxes:
            return {}
        stream, other = tables.streams.c, tables.streams.alias("other").c
        last = select(func.max(other.moved_at)).where(other.box == stream.box).scalar_subquery()
        newest = select(stream.box, stream.epoch).where(stream.box.in_(boxes), stream.moved_at == last)
        return {row.box: Stream(row.box, row.epoch) for row in self._connection.execute(newest)}

    def forget(self, kept: int, quiet_before: datetime, limit: int) -> int:
        """See the port."""
        stream, receipt = tables.streams.c, tables.receipts.c
        end = case((stream.moved_at < quiet_before, stream.upto), else_=stream.upto - kept)
        due = select(stream.box, stream.epoch, stream.forgotten, end.label("end")).where(end > stream.forgotten)
        gone = 0
        for row in self._connection.execute(due.order_by(stream.box, stream.epoch).limit(limit)).all():
            own = (receipt.box == row.box, receipt.epoch == row.epoch)
            old = select(receipt.seq).where(*own, receipt.seq > row.forgotten, receipt.seq <= row.end)
            seqs = self._connection.execute(old.order_by(receipt.seq).limit(limit - gone)).scalars().all()
            gone += len(seqs)
            reached = row.end if gone < limit else seqs[-1]
            self._connection.execute(tables.receipts.delete().where(*own, receipt.seq <= reached))
            mark = tables.streams.update().where(stream.box == row.box, stream.epoch == row.epoch)
            self._connection.execute(mark.values(forgotten=reached))
            if gone >= limit:
                break
        return gone

    def move(self, heads: Mapping[Stream, StreamHead], now: datetime) -> None:
        """See the port."""
        rows = [
            stream._asdict() | {"upto": head.upto, "top": head.top, "moved_at": now} for stream, head in heads.items()
        ]
        upsert_rows(self._connection, tables.streams, rows, ("box", "epoch"))

    def _above(
        self, table: Table, number: str, reached: Mapping[Stream, int]
    ) -> defaultdict[Stream, list[Row[Any]]] | None:
        """Rows of `table` above each stream's watermark, in order; None when there are more than `WINDOW_MAX`."""
        stream, row = tables.streams.c, table.c
        statement = (
            select(table)
            .join_from(tables.streams, table, and_(row.box == stream.box, row.epoch == stream.epoch))
            .where(tuple_(stream.box, stream.epoch).in_(list(reached)), row[number] > stream.upto)
            .order_by(row.box, row.epoch, row[number])
            .limit(WINDOW_MAX + 1)
        )
        rows = self._connection.execute(statement).all() if reached else []
        if len(rows) > WINDOW_MAX:
            return None
        found: defaultdict[Stream, list[Row[Any]]] = defaultdict(list)
        for one in rows:
            found[Stream(one.box, one.epoch)].append(one)
        return found

    def _window(self, place: Stream, upto: int) -> StreamWindow:
        receipt, gap = tables.receipts.c, tables.gaps.c
        seqs = (
            select(receipt.seq)
            .where(receipt.box == place.box, receipt.epoch == place.epoch, receipt.seq > upto)
            .order_by(receipt.seq)
            .limit(WINDOW_MAX)
        )
        holes = (
            select(gap.first, gap.last)
            .where(gap.box == place.box, gap.epoch == place.epoch, gap.last > upto)
            .order_by(gap.first)
            .limit(WINDOW_MAX)
        )
        return bounded_window(
            StreamWindow(
                place.epoch,
                upto,
                tuple(self._connection.execute(seqs).scalars()),
                tuple((row.first, row.last) for row in self._connection.execute(holes)),
            ),
            WINDOW_MAX,
        )
