"""Alerts and notices for people, and who may come in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from central.core.access import BrokerCredential
from central.core.alerting.alerts import Alert
from central.core.alerting.notices import Notice
from central.core.values import Actor, AlertState, Page
from central.stores.ports.records import JoinCodeRecord, PageRequest


class AlertStore(Protocol):
    """Alerts."""

    def open_of(self, subjects: Sequence[str]) -> Sequence[Alert]:
        """Open alerts of these cameras and boxes."""
        ...

    def add(self, alerts: Sequence[Alert]) -> None:
        """Insert."""
        ...

    def save(self, alerts: Sequence[Alert]) -> None:
        """Overwrite."""
        ...

    def find(self, state: AlertState | None, page: PageRequest) -> Page[Alert]:
        """Newest first."""
        ...

    def get(self, ids: Sequence[str]) -> Sequence[Alert]:
        """By id."""
        ...


class NoticeStore(Protocol):
    """The outbox of notices."""

    def add(self, notices: Sequence[Notice]) -> None:
        """Insert."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[Notice]:
        """Pending ones whose next attempt has come, oldest first; a recovery waits for its problem's delivery."""
        ...

    def of_alerts(self, alerts: Sequence[str]) -> Sequence[Notice]:
        """Notices of these alerts, oldest first."""
        ...

    def drop_old(self, before: datetime, limit: int) -> int:
        """Drop notices written before `before` whose alert was cleared before it, oldest first; how many went.

        At most `limit`. What still waits to be sent stays, with everything else about its alert.
        """
        ...

    def get(self, notice: str) -> Notice | None:
        """One notice, locked until a writing unit ends."""
        ...

    def save(self, notices: Sequence[Notice]) -> None:
        """Overwrite."""
        ...


class AccessStore(Protocol):
    """Persons. Hashes of tokens only."""

    def add_actor(self, actor: Actor, token_hash: str, now: datetime) -> None:
        """Insert; `StoreRejected` when the name is taken."""
        ...

    def actor_by_token(self, token_hash: str) -> Actor | None:
        """The person whose token it is."""
        ...

    def actor(self, name: str) -> Actor | None:
        """The person of this name."""
        ...

    def actors(self) -> Sequence[Actor]:
        """All persons, by name."""
        ...

    def remove_actor(self, name: str) -> bool:
        """Forget a person and their token; whether there was one. History keeps the name."""
        ...


class JoinStore(Protocol):
    """Join codes and box secrets. Hashes only."""

    def set_join_code(self, code: JoinCodeRecord) -> None:
        """Insert, instead of every unused code of the same box."""
        ...

    def join_code(self, code_hash: str) -> JoinCodeRecord | None:
        """One code, locked until a writing unit ends."""
        ...

    def use_join_code(self, code_hash: str, now: datetime) -> None:
        """Mark it used."""
        ...

    def guesses(self, peer: str, since: datetime) -> int:
        """How many wrong codes `peer` tried since then."""
        ...

    def add_guess(self, peer: str, now: datetime, since: datetime) -> None:
        """Note a wrong code of `peer`; forget those of everybody before `since`."""
        ...

    def set_secret(self, box: str, password_hash: str, now: datetime) -> None:
        """Insert or overwrite the hash of a box's secret."""
        ...

    def credentials(self, box: str | None) -> Sequence[BrokerCredential]:
        """Of one box, or of all that have joined, by id."""
        ...
