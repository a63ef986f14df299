"""Persons, join codes and box secrets, in SQL. Hashes only."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from central.core.access import BrokerCredential
from central.core.values import Actor, ActorKind
from central.stores import tables
from central.stores.database.rows import Rows, upsert_rows
from central.stores.ports import JoinCodeRecord

_CODES = Rows(tables.join_codes, JoinCodeRecord)


class SqlAccess:
    """`AccessStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_actor(self, actor: Actor, token_hash: str, now: datetime) -> None:
        """See the port."""
        row = {"name": actor.name, "role": actor.role, "unit": actor.unit, "token_hash": token_hash, "added_at": now}
        self._connection.execute(tables.actors.insert(), [row])

    def actor_by_token(self, token_hash: str) -> Actor | None:
        """See the port."""
        statement = select(tables.actors).where(tables.actors.c.token_hash == token_hash)
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else Actor(ActorKind.PERSON, row.name, row.role, row.unit)

    def actor(self, name: str) -> Actor | None:
        """See the port."""
        row = self._connection.execute(select(tables.actors).where(tables.actors.c.name == name)).one_or_none()
        return None if row is None else Actor(ActorKind.PERSON, row.name, row.role, row.unit)

    def actors(self) -> Sequence[Actor]:
        """See the port."""
        rows = self._connection.execute(select(tables.actors).order_by(tables.actors.c.name))
        return [Actor(ActorKind.PERSON, row.name, row.role, row.unit) for row in rows]

    def remove_actor(self, name: str) -> bool:
        """See the port."""
        return self._connection.execute(tables.actors.delete().where(tables.actors.c.name == name)).rowcount > 0


class SqlJoining:
    """`JoinStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def set_join_code(self, code: JoinCodeRecord) -> None:
        """See the port."""
        unused = tables.join_codes.c.used_at.is_(None)
        self._connection.execute(tables.join_codes.delete().where(tables.join_codes.c.box == code.box, unused))
        _CODES.insert(self._connection, [code])

    def join_code(self, code_hash: str) -> JoinCodeRecord | None:
        """See the port."""
        return next(iter(_CODES.by(self._connection, "code_hash", [code_hash], lock=True)), None)

    def use_join_code(self, code_hash: str, now: datetime) -> None:
        """See the port."""
        one = tables.join_codes.c.code_hash == code_hash
        self._connection.execute(tables.join_codes.update().where(one).values(used_at=now))

    def guesses(self, peer: str, since: datetime) -> int:
        """See the port."""
        guess = tables.join_guesses.c
        statement = select(func.count()).where(guess.peer == peer, guess.at >= since)
        return self._connection.execute(statement).scalar_one()

    def add_guess(self, peer: str, now: datetime, since: datetime) -> None:
        """See the port."""
        guess = tables.join_guesses
        self._connection.execute(guess.delete().where(guess.c.at < since))
        self._connection.execute(guess.insert(), [{"peer": peer, "at": now}])

    def set_secret(self, box: str, password_hash: str, now: datetime) -> None:
        """See the port."""
        row = {"box": box, "password_hash": password_hash, "set_at": now}
        upsert_rows(self._connection, tables.box_secrets, [row], ("box",))

    def credentials(self, box: str | None) -> Sequence[BrokerCredential]:
        """See the port."""
        secret = tables.box_secrets
        statement = (
            select(secret.c.box, tables.boxes.c.site, secret.c.password_hash)
            .join_from(secret, tables.boxes)
            .order_by(secret.c.box)
        )
        if box is not None:
            statement = statement.where(secret.c.box == box)
        return [BrokerCredential(row.box, row.site, row.password_hash) for row in self._connection.execute(statement)]
