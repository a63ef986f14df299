"""Partners, changes and deliveries, in SQL."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import takewhile

from pydantic import SecretStr
from sqlalchemy import Connection, Row, and_, bindparam, case, exists, func, select, text

from central.core.exchange import Backlog, Change, Delivery, DeliveryState, Partner, Wants, wants
from central.core.exchange.transfers import Transfer
from central.core.values import Page
from central.stores.database.connections import WRITING
from central.stores.database.rows import Order, Rows, insert_new_rows, insert_rows
from central.stores.ports import PageRequest
from central.stores.tables import changes, deliveries, partners, transfers

_PARTNERS = Rows(partners, Partner)
_CHANGES = Rows(changes, Change)
_TRANSFERS = Rows(transfers, Transfer, {"case": "case_id"})
_OLDEST_TRANSFER_FIRST = Order(transfers.c.position)
_NUMBERING = 7_205_759_404
"""Advisory lock of PostgreSQL: one gives numbers at a time."""


class SqlPartners:
    """`PartnerStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, partner: Partner, secret: SecretStr) -> None:
        """See the port."""
        insert_rows(self._connection, partners, [_PARTNERS.row(partner) | {"secret": secret.get_secret_value()}])

    def get(self, name: str) -> Partner | None:
        """See the port."""
        return next(iter(_PARTNERS.by(self._connection, "name", [name], lock=True)), None)

    def all(self) -> Sequence[Partner]:
        """See the port."""
        found = self._connection.execute(select(partners).order_by(partners.c.name)).mappings()
        return [_PARTNERS.value(row) for row in found]

    def save(self, partner: Partner) -> None:
        """See the port."""
        _PARTNERS.update(self._connection, [partner], "name")

    def secret(self, name: str) -> SecretStr:
        """See the port."""
        found = self._connection.execute(select(partners.c.secret).where(partners.c.name == name)).scalar_one_or_none()
        if found is None:
            raise KeyError(name)
        return SecretStr(found)

    def set_secret(self, name: str, secret: SecretStr) -> None:
        """See the port."""
        kept = secret.get_secret_value()
        self._connection.execute(partners.update().where(partners.c.name == name).values(secret=kept))

    def holder(self, token_hash: str) -> str | None:
        """See the port."""
        statement = select(partners.c.name).where(partners.c.token_hash == token_hash)
        return self._connection.execute(statement).scalar_one_or_none()

    def set_token(self, name: str, token_hash: str | None) -> None:
        """See the port."""
        self._connection.execute(partners.update().where(partners.c.name == name).values(token_hash=token_hash))

    def remove(self, name: str) -> None:
        """See the port."""
        self._connection.execute(deliveries.delete().where(deliveries.c.partner == name))
        self._connection.execute(partners.delete().where(partners.c.name == name))


class SqlChanges:
    """`ChangeStore` over one connection; `tell` is for the stores that write what has changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tell(self, told: Sequence[Change]) -> None:
        """Append changes, and a delivery of each for every partner that wants it."""
        insert_new_rows(self._connection, changes, [_CHANGES.row(change) for change in told], ("id",))
        known = self._sendable() if told else []
        given = self._transferred(told) if any(one.wants is Wants.TRANSFERRED for one in known) else frozenset()
        rows = [
            {
                "partner": partner.name,
                "change": change.id,
                "subject": change.subject,
                "state": DeliveryState.WAITING,
                "waiting_since": change.at,
                "next_attempt_at": change.at,
                "attempts": 0,
                "delivered_at": None,
                "error": "",
            }
            for change in told
            for partner in known
            if wants(partner, change, is_transferred=(change.subject, partner.name) in given)
        ]
        insert_new_rows(self._connection, deliveries, rows, ("change", "partner"))

    def number(self, limit: int) -> int:
        """See the port."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _NUMBERING})
        unnumbered = select(changes.c.position).where(changes.c.seq.is_(None)).order_by(changes.c.position)
        found = self._connection.execute(unnumbered.limit(limit)).scalars().all()
        if found:
            _, last = self.range()
            statement = changes.update().where(changes.c.position == bindparam("row_position"))
            rows = [{"row_position": row, "row_seq": last + number} for number, row in enumerate(found, 1)]
            self._connection.execute(statement.values(seq=bindparam("row_seq")), rows)
        return len(found)

    def has_unnumbered(self) -> bool:
        """See the port."""
        return self._connection.execute(select(exists().where(changes.c.seq.is_(None)))).scalar_one()

    def after(self, seq: int, limit: int) -> Sequence[Change]:
        """See the port."""
        statement = select(changes).where(changes.c.seq > seq).order_by(changes.c.seq).limit(limit)
        return [_CHANGES.value(row) for row in self._connection.execute(statement).mappings()]

    def range(self) -> tuple[int, int]:
        """See the port."""
        first = self._connection.execute(select(func.min(changes.c.seq))).scalar_one()
        last = self._connection.execute(select(func.max(changes.c.seq))).scalar_one()
        return (1, 0) if first is None or last is None else (first, last)

    def drop_old(self, before: datetime, limit: int) -> int:
        """See the port."""
        _, last = self.range()
        oldest = select(changes.c.id, changes.c.at).where(changes.c.seq < last).order_by(changes.c.seq).limit(limit)
        ids = [row.id for row in takewhile(lambda row: row.at < before, self._connection.execute(oldest).all())]
        if ids:
            self._connection.execute(deliveries.delete().where(deliveries.c.change.in_(ids)))
            self._connection.execute(changes.delete().where(changes.c.id.in_(ids)))
        return len(ids)

    def _transferred(self, told: Sequence[Change]) -> frozenset[tuple[str, str]]:
        """Which of these cases were ever transferred to whom."""
        statement = select(transfers.c.case_id, transfers.c.partner)
        found = self._connection.execute(statement.where(transfers.c.case_id.in_({one.subject for one in told})))
        return frozenset((row.case_id, row.partner) for row in found)

    def _sendable(self) -> Collection[Partner]:
        """Partners with an address, held so that none is removed before this unit ends."""
        statement = select(partners).where(partners.c.url != "").order_by(partners.c.name)
        if self._connection.get_execution_options().get(WRITING, False):
            statement = statement.with_for_update(read=True, key_share=True)
        return [_PARTNERS.value(row) for row in self._connection.execute(statement).mappings()]


class SqlTransfers:
    """`TransferStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, transfer: Transfer) -> None:
        """See the port."""
        _TRANSFERS.insert(self._connection, [transfer])

    def get(self, transfer: str) -> Transfer | None:
        """See the port."""
        return next(iter(_TRANSFERS.by(self._connection, "id", [transfer])), None)

    def save(self, transfer: Transfer) -> None:
        """See the port."""
        _TRANSFERS.update(self._connection, [transfer], "id")

    def unanswered_of(self, case: str) -> Sequence[Transfer]:
        """See the port."""
        waiting = (transfers.c.case_id == case, transfers.c.answered_at.is_(None))
        found = self._connection.execute(select(transfers).where(*waiting).order_by(transfers.c.position))
        return [_TRANSFERS.value(row) for row in found.mappings()]

    def find(self, page: PageRequest, *, unanswered: bool, partner: str | None = None) -> Page[Transfer]:
        """See the port."""
        statement = select(transfers)
        if partner is not None:
            statement = statement.where(transfers.c.partner == partner)
        if unanswered:
            statement = statement.where(transfers.c.answered_at.is_(None))
        return _TRANSFERS.page(self._connection, statement, _OLDEST_TRANSFER_FIRST, page)

    def awaited(self) -> tuple[int, datetime | None]:
        """See the port."""
        oldest = select(transfers.c.sent_at).where(transfers.c.answered_at.is_(None)).order_by(transfers.c.sent_at)
        count = select(func.count()).where(transfers.c.answered_at.is_(None))
        first = self._connection.execute(oldest.limit(1)).scalar_one_or_none()
        return self._connection.execute(count).scalar_one(), first


class SqlDeliveries:
    """`DeliveryStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def due(self, partner: str, now: datetime, limit: int) -> Sequence[Delivery]:
        """See the port."""
        one, earlier = deliveries.c, deliveries.alias("earlier").c
        held_up = exists().where(
            earlier.partner == one.partner,
            earlier.state == DeliveryState.WAITING,
            earlier.subject == one.subject,
            earlier.position < one.position,
            earlier.next_attempt_at > now,
        )
        own = (one.partner, one.waiting_since, one.next_attempt_at, one.attempts, one.error.label("refusal"))
        statement = (
            select(changes, one.state, *own)
            .join_from(deliveries, changes, changes.c.id == one.change)
            .where(one.partner == partner, one.state == DeliveryState.WAITING, one.next_attempt_at <= now, ~held_up)
            .where(changes.c.seq.is_not(None))
            .order_by(one.position)
            .limit(limit)
        )
        return [_delivery(row) for row in self._connection.execute(statement)]

    def save(self, delivery: Delivery) -> None:
        """See the port."""
        one = deliveries.c
        names = ("state", "next_attempt_at", "attempts", "delivered_at", "error")
        statement = deliveries.update().where(
            one.partner == delivery.partner, one.change == delivery.change.id, one.state != DeliveryState.DELIVERED
        )
        self._connection.execute(statement.values({name: getattr(delivery, name) for name in names}))

    def backlog(self) -> Sequence[Backlog]:
        """See the port."""
        one = deliveries.c
        waits, is_dead = one.state == DeliveryState.WAITING, one.state == DeliveryState.DEAD
        statement = (
            select(
                one.partner,
                func.count(case((waits, 1))).label("waiting"),
                func.count(case((is_dead, 1))).label("dead"),
                func.min(case((waits, one.waiting_since))).label("oldest_at"),
            )
            .where(one.state.in_([DeliveryState.WAITING, DeliveryState.DEAD]))
            .group_by(one.partner)
            .order_by(one.partner)
        )
        return [Backlog(*row) for row in self._connection.execute(statement)]

    def give_up(self, before: datetime, error: str) -> int:
        """See the port."""
        waits = and_(deliveries.c.state == DeliveryState.WAITING, deliveries.c.waiting_since < before)
        statement = deliveries.update().where(waits).values(state=DeliveryState.DEAD, error=error)
        return self._connection.execute(statement).rowcount

    def revive(self, partner: str, now: datetime) -> int:
        """See the port."""
        dead = and_(deliveries.c.state == DeliveryState.DEAD, deliveries.c.partner == partner)
        again = {
            "state": DeliveryState.WAITING,
            "waiting_since": now,
            "next_attempt_at": now,
            "attempts": 0,
            "error": "",
        }
        return self._connection.execute(deliveries.update().where(dead).values(again)).rowcount


def _delivery(row: Row[tuple[object, ...]]) -> Delivery:
    said = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    return Delivery(
        partner=said["partner"],
        change=_CHANGES.value(said),
        state=said["state"],
        waiting_since=said["waiting_since"],
        next_attempt_at=said["next_attempt_at"],
        attempts=said["attempts"],
        error=said["refusal"],
    )
