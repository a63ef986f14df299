"""What is known about pictures, in SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select

from central.core.values import EvidenceItem, EvidenceState, Tally
from central.stores import tables
from central.stores.database.rows import Row, Rows, insert_new_rows, insert_rows
from central.stores.ports import EvidenceLink, EvidenceRecord
from central.stores.sql.tallies import SqlTallies

_PICTURES = Rows(tables.evidence, EvidenceRecord)


class SqlEvidence:
    """`EvidenceStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def refer(self, links: Sequence[EvidenceLink], now: datetime) -> None:
        """See the port."""
        pictures = [
            EvidenceRecord(link.ref.sha256, link.ref.bytes, link.ref.media_type, link.box, now) for link in links
        ]
        insert_new_rows(self._connection, tables.evidence, [_PICTURES.row(one) for one in pictures], ("sha256",))
        insert_rows(self._connection, tables.evidence_links, [_link_row(link) for link in links])

    def get(self, sha256: str) -> EvidenceRecord | None:
        """See the port."""
        return next(iter(_PICTURES.by(self._connection, "sha256", [sha256], lock=True)), None)

    def stored(self, record: EvidenceRecord) -> None:
        """See the port."""
        # Make the row first, so that of two uploads of one picture the second sees what the first has counted.
        awaited = replace(record, stored_at=None, stored_by=None)
        insert_new_rows(self._connection, tables.evidence, [_PICTURES.row(awaited)], ("sha256",))
        known = self.get(record.sha256)
        counted = known.bytes if known is not None and known.stored_at is not None else 0
        _PICTURES.upsert(self._connection, [record], ("sha256",))
        SqlTallies(self._connection).add(Tally.EVIDENCE_BYTES, {"": (record.bytes or 0) - (counted or 0)})

    def pending(self, box: str, before: datetime, limit: int) -> Sequence[str]:
        """See the port."""
        picture = tables.evidence.c
        statement = (
            select(picture.sha256)
            .where(picture.box == box, picture.stored_at.is_(None), picture.first_seen_at < before)
            .order_by(picture.first_seen_at.desc(), picture.sha256)
            .limit(limit)
        )
        return self._connection.execute(statement).scalars().all()

    def of_cases(self, cases: Sequence[str]) -> Mapping[str, tuple[EvidenceItem, ...]]:
        """See the port."""
        if not cases:
            return {}
        link, picture, event = tables.evidence_links, tables.evidence, tables.events
        statement = (
            select(link, picture.c.stored_at, event.c.episode)
            .join_from(link, picture)
            .outerjoin(event, event.c.id == link.c.event)
            .where(link.c.case_id.in_(cases))
            .order_by(link.c.at, link.c.position)
        )
        found: dict[str, dict[str, EvidenceItem]] = {}
        for row in self._connection.execute(statement).mappings():
            state = EvidenceState.PENDING if row["stored_at"] is None else EvidenceState.STORED
            known = {name: row[name] for name in ("sha256", "bytes", "at", "kind", "media_type", "episode")}
            found.setdefault(row["case_id"], {}).setdefault(row["sha256"], EvidenceItem(**known, state=state))
        return {case: tuple(items.values()) for case, items in found.items()}

    def total_bytes(self) -> int:
        """See the port."""
        return SqlTallies(self._connection).read(Tally.EVIDENCE_BYTES, [""])[""]


def _link_row(link: EvidenceLink) -> Row:
    return link.ref.model_dump() | {
        "box": link.box,
        "event": link.event,
        "case_id": link.case,
        "command": link.command,
    }
