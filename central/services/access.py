"""Who is it: persons by token, boxes by secret."""

from collections.abc import Sequence
from datetime import datetime

from central.core.access import (
    SALT_BYTES,
    SECRET_BYTES,
    TOKEN_PREFIX,
    BrokerCredential,
    actor_name,
    fingerprint,
    new_token,
    password_hash,
    password_matches,
    token_form,
    unit_name,
)
from central.core.values import Actor, ActorKind, RandomBytes, Role
from central.stores.ports import Stores
from protocol.identifiers import is_id

_NOBODY = password_hash("", bytes(SALT_BYTES))


class NameTaken(ValueError):
    """There is a person of this name already."""


class PersonUnknown(LookupError):
    """There is no person of this name."""


class Access:
    """Knows hashes only."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    def add_actor(self, name: str, role: Role, now: datetime, random: RandomBytes, unit: str = "") -> str:
        """Register a person and return their token; it is told only here. Raises `NameTaken`, `ValueError`."""
        actor = Actor(ActorKind.PERSON, actor_name(name), role, unit_name(unit, role))
        token = new_token(random(SECRET_BYTES))
        with self._stores.writing() as writer:
            if writer.access.actor(actor.name) is not None:
                raise NameTaken(f"there is a person called {actor.name} already; choose another name")
            writer.access.add_actor(actor, fingerprint(token), now)
        return token

    def authenticate(self, token: str) -> Actor | None:
        """The person whose token it is."""
        if not token_form(token, TOKEN_PREFIX):
            return None
        return self.holder(fingerprint(token))

    def holder(self, token_hash: str) -> Actor | None:
        """Whose token has this fingerprint, as they are now; a session names it and asks here at each use."""
        with self._stores.reading() as unit:
            return unit.access.actor_by_token(token_hash)

    def persons(self) -> Sequence[Actor]:
        """Everybody who may sign in, by name."""
        with self._stores.reading() as unit:
            return unit.access.actors()

    def revoke(self, name: str) -> None:
        """End a person's access at once; what they did stays theirs. Raises `PersonUnknown`."""
        with self._stores.writing() as unit:
            if not unit.access.remove_actor(name.strip()):
                raise PersonUnknown(f"there is no person called {name.strip()}")

    def verify_box(self, box: str, secret: str) -> bool:
        """Whether this is the box's secret; about as slow for a wrong box as for a wrong secret."""
        with self._stores.reading() as unit:
            known = unit.joining.credentials(box) if is_id(box) else []
        matches = password_matches(secret, known[0].password_hash if known else _NOBODY)
        return matches and bool(known)

    def credentials(self) -> Sequence[BrokerCredential]:
        """All joined boxes, for the broker's password and access files; changes when a box joins."""
        with self._stores.reading() as unit:
            return unit.joining.credentials(None)
