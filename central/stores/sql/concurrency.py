"""Leases and answers, in SQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, or_, select

from central.core.cases.casefile import CaseView
from central.core.cases.leases import Lease
from central.core.cases.requests import ANSWERS_KEPT, KeyReused, Once
from central.stores.database.rows import Rows, dialect_insert
from central.stores.tables import answers, leases

_LEASES = Rows(leases, Lease, {"case": "case_id"})


class SqlLeases:
    """`LeaseStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, cases: Sequence[str]) -> Sequence[Lease]:
        """See the port."""
        return _LEASES.by(self._connection, "case_id", cases)

    def put(self, lease: Lease) -> None:
        """See the port."""
        _LEASES.upsert(self._connection, [lease], ("case_id",))

    def remove(self, case: str, holder: str) -> None:
        """See the port."""
        self._connection.execute(leases.delete().where(leases.c.case_id == case, leases.c.holder == holder))

    def drop_ended(self, before: datetime, limit: int) -> int:
        """See the port."""
        ended = select(leases.c.case_id).where(leases.c.until < before).order_by(leases.c.until).limit(limit)
        statement = leases.delete().where(leases.c.case_id.in_(ended), leases.c.until < before)
        return self._connection.execute(statement).rowcount


class SqlAnswers:
    """`AnswerStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(self, once: Once, now: datetime) -> CaseView | None:
        """See the port."""
        row = {"person": once.person, "key": once.key, "request": once.request, "claimed_at": now, "answer": None}
        insert = dialect_insert(self._connection, answers).values(row)
        claim = insert.on_conflict_do_update(
            index_elements=["person", "key"],
            set_={name: insert.excluded[name] for name in ("request", "claimed_at", "answer")},
            where=answers.c.claimed_at < now - ANSWERS_KEPT,
        ).returning(answers.c.position)
        if self._connection.execute(claim).one_or_none() is not None:
            return None
        kept = self._connection.execute(select(answers.c.request, answers.c.answer).where(*_of(once))).one()
        if kept.request != once.request:
            raise KeyReused(
                "this Idempotency-Key was sent with another request before; give each request a key of its own"
            )
        answer: CaseView = kept.answer
        return answer

    def put(self, once: Once, answer: CaseView) -> None:
        """See the port."""
        self._connection.execute(answers.update().where(*_of(once)).values(answer=answer))

    def drop_old(self, before: datetime, rows_max: int, limit: int) -> int:
        """See the port."""
        spare = self._connection.execute(select(func.count()).select_from(answers)).scalar_one() - rows_max
        surplus = select(answers.c.position).order_by(answers.c.position).limit(max(0, min(spare, limit)))
        old = select(answers.c.position).where(answers.c.claimed_at < before).limit(limit)
        statement = answers.delete().where(or_(answers.c.position.in_(old), answers.c.position.in_(surplus)))
        return self._connection.execute(statement).rowcount


def _of(once: Once) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return answers.c.person == once.person, answers.c.key == once.key
