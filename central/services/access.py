"""Who is it: persons by token, boxes by secret."""

from collections.abc import Sequence
from datetime import datetime

from central.core.access import BrokerCredential
from central.core.values import Actor, RandomBytes, Role
from central.stores.ports import Stores


class NameTaken(ValueError):
    """There is a person of this name already."""


class Access:
    """Knows hashes only."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    def add_actor(self, name: str, role: Role, now: datetime, random: RandomBytes) -> str:
        """Register a person and return their token; it is told only here. Raises `NameTaken`, `ValueError` (name)."""
        raise NotImplementedError

    def authenticate(self, token: str) -> Actor | None:
        """The person whose token it is."""
        raise NotImplementedError

    def person(self, name: str) -> Actor | None:
        """The person of this name as they are now; a session names them and asks here at each use."""
        raise NotImplementedError

    def verify_box(self, box: str, secret: str) -> bool:
        """Whether this is the box's secret; about as slow for a wrong box as for a wrong secret."""
        raise NotImplementedError

    def credentials(self) -> Sequence[BrokerCredential]:
        """All joined boxes, for the broker's password and access files; changes when a box joins."""
        raise NotImplementedError
