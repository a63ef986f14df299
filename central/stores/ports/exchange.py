"""What others are told: partners, changes, deliveries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from pydantic import SecretStr

from central.core.exchange import Backlog, Change, Delivery, Partner
from central.core.exchange.transfers import Transfer
from central.core.values import Page
from central.stores.ports.records import PageRequest


class PartnerStore(Protocol):
    """Partners. Their secrets come out by `secret` alone."""

    def add(self, partner: Partner, secret: SecretStr) -> None:
        """Insert; `StoreRejected` when the name is taken."""
        ...

    def get(self, name: str) -> Partner | None:
        """One partner, locked until a writing unit ends."""
        ...

    def all(self) -> Sequence[Partner]:
        """By name."""
        ...

    def save(self, partner: Partner) -> None:
        """Overwrite all but the secret."""
        ...

    def secret(self, name: str) -> SecretStr:
        """What its deliveries are signed with; `KeyError` when there is no such partner."""
        ...

    def set_secret(self, name: str, secret: SecretStr) -> None:
        """Overwrite the secret."""
        ...

    def holder(self, token_hash: str) -> str | None:
        """The name of the partner whose token has this fingerprint."""
        ...

    def set_token(self, name: str, token_hash: str | None) -> None:
        """Overwrite the fingerprint of a partner's own token; None: it has none."""
        ...

    def remove(self, name: str) -> None:
        """Forget a partner, in a unit that has locked it, and what it has not been sent."""
        ...


class ChangeStore(Protocol):
    """Changes, written by the stores of histories and cameras beside what they tell."""

    def number(self, limit: int) -> int:
        """Give the next numbers to committed changes that have none, oldest first; how many were given."""
        ...

    def has_unnumbered(self) -> bool:
        """Whether a committed change has no number."""
        ...

    def after(self, seq: int, limit: int) -> Sequence[Change]:
        """Numbered changes behind `seq`, by number."""
        ...

    def range(self) -> tuple[int, int]:
        """The first number that is kept and the last that was given; (1, 0) while there is none."""
        ...

    def drop_old(self, before: datetime, limit: int) -> int:
        """Drop the first changes as long as they are of before `before`, with their deliveries; how many went.

        Never the last one, and none behind one that is kept: numbers have no holes.
        """
        ...


class TransferStore(Protocol):
    """Cases that were transferred to outside parties."""

    def add(self, transfer: Transfer) -> None:
        """Insert."""
        ...

    def get(self, transfer: str) -> Transfer | None:
        """One by its id; nothing is locked."""
        ...

    def save(self, transfer: Transfer) -> None:
        """Overwrite."""
        ...

    def unanswered_of(self, case: str) -> Sequence[Transfer]:
        """Of a case, without a receipt."""
        ...

    def find(self, page: PageRequest, *, unanswered: bool, partner: str | None = None) -> Page[Transfer]:
        """Oldest first; all, or those without a receipt, of one `partner` where it is given."""
        ...

    def awaited(self) -> tuple[int, datetime | None]:
        """How many have no receipt, and when the oldest of them was sent."""
        ...


class DeliveryStore(Protocol):
    """The outbox."""

    def due(self, partner: str, now: datetime, limit: int) -> Sequence[Delivery]:
        """Waiting deliveries of numbered changes, oldest first; none behind one of the same subject that is not due."""
        ...

    def save(self, delivery: Delivery) -> None:
        """Overwrite how far it has come, unless it was delivered meanwhile or is gone."""
        ...

    def backlog(self) -> Sequence[Backlog]:
        """By partner that has not got everything."""
        ...

    def give_up(self, before: datetime, error: str) -> int:
        """Let those die that have waited since before `before`; how many did."""
        ...

    def revive(self, partner: str, now: datetime) -> int:
        """Let a partner's dead deliveries wait again; how many."""
        ...
