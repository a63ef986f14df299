"""Who may come in: the forms of tokens, secrets and join codes, and what each role may do."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from central.core.case_machine import Doer, Post
from central.core.case_machine.words import OF_SYSTEMS
from central.core.values import Actor, ActorKind, Role

TOKEN_PREFIX = "gw_"  # noqa: S105 - what every token starts with, not a token
SECRET_BYTES = 32
PARTNER_TOKEN_PREFIX = "gwp_"  # noqa: S105 - what every partner's token starts with, not a token
SECRET_LENGTH = 43
JOIN_CODE_BYTES = 13
JOIN_CODE_S = 72 * 3600.0
SALT_BYTES = 12
PASSWORD_ITERATIONS = 101
"""Mosquitto's default; the secrets have 256 random bits, so stretching them adds nothing."""

_ACTOR_NAME_LENGTH_MAX = 64
UNIT_LENGTH_MAX = 64


class Permission(StrEnum):
    """What can be permitted."""

    LOOK = "look"
    DECIDE = "decide"
    TEND = "tend"
    PLAN = "plan"


PERMISSIONS: dict[Permission, frozenset[Role]] = {
    Permission.LOOK: frozenset(Role),
    Permission.DECIDE: frozenset(Role) - {Role.VIEWER, Role.TECHNICIAN},
    Permission.TEND: frozenset({Role.OPERATOR, Role.TECHNICIAN}),
    Permission.PLAN: frozenset({Role.OPERATOR, Role.LEADER, Role.SUPERVISOR}),
}
"""`decide` works on cases, as far as the posts of the role reach; `tend` gives commands to boxes; `plan` says
what figures should reach, and sees what single persons score."""

Posts = Mapping[Role, frozenset[Post]]
"""Which posts of the case machine each role fills."""
POSTS: dict[Role, frozenset[Post]] = {
    Role.OPERATOR: frozenset({Post.ACCEPTOR, Post.LEADER, Post.DISPATCHER, Post.COLLECTOR}),
    **{Role(post): frozenset({post}) for post in Post if post not in OF_SYSTEMS},
}
"""As delivered: an operator does what one person does in a small county; for each post there is a role of its name."""


@dataclass(frozen=True, slots=True)
class JoinPolicy:
    """What a joining box is told, how long its code lives, and how many wrong codes a peer may try in a window."""

    central_url: str
    mqtt_host: str
    mqtt_port: int
    mqtt_tls: bool = False
    code_s: float = JOIN_CODE_S
    guesses_max: int = 10
    guess_window_s: float = 900.0


@dataclass(frozen=True, slots=True)
class BrokerCredential:
    """A box's line in a broker's password file: `{box}:{password_hash}`, the hash in mosquitto's `$7$` form."""

    box: str
    site: str
    password_hash: str


def may(role: Role | None, permission: Permission) -> bool:
    """Whether somebody of this role may do that."""
    return role in PERMISSIONS[permission]


def doer_of(actor: Actor, posts: Posts) -> Doer:
    """Whoever acts, as the case machine sees them."""
    match actor.kind:
        case ActorKind.PERSON:
            filled = frozenset() if actor.role is None else posts.get(actor.role, frozenset())
            return Doer(actor.name, filled, actor.unit)
        case ActorKind.BOX:
            return Doer(actor.name, frozenset({Post.CAMERA}))
        case ActorKind.RULE:
            return Doer(actor.name, frozenset({Post.CLOCK}))
        case ActorKind.PARTNER:
            return Doer(actor.name, frozenset({Post.PARTNER}))
        case _:
            assert_never(actor.kind)


def unit_name(unit: str, role: Role) -> str:
    """The unit that a person belongs to, trimmed; `ValueError` says what is wrong with it."""
    trimmed = unit.strip()
    if not trimmed and role is Role.DEPARTMENT:
        raise ValueError("a person of a department needs the unit that it is")
    if len(trimmed) > UNIT_LENGTH_MAX or not trimmed.isprintable():
        raise ValueError(f"a unit has at most {UNIT_LENGTH_MAX} printable characters")
    return trimmed


def actor_name(name: str) -> str:
    """A person's name, trimmed; `ValueError` says what is wrong with it."""
    trimmed = name.strip()
    if not trimmed or len(trimmed) > _ACTOR_NAME_LENGTH_MAX or not trimmed.isprintable():
        raise ValueError(f"a name has 1 to {_ACTOR_NAME_LENGTH_MAX} printable characters")
    return trimmed


def new_secret(random: bytes) -> str:
    """A box's secret, 43 characters, from `SECRET_BYTES` random bytes."""
    return base64.urlsafe_b64encode(random).rstrip(b"=").decode()


def new_token(random: bytes) -> str:
    """A person's token from `SECRET_BYTES` random bytes."""
    return TOKEN_PREFIX + new_secret(random)


def new_partner_token(random: bytes) -> str:
    """An outside party's token from `SECRET_BYTES` random bytes."""
    return PARTNER_TOKEN_PREFIX + new_secret(random)


def token_form(token: str, prefix: str) -> bool:
    """Whether a text looks like a token of this kind."""
    return token.startswith(prefix) and len(token) == len(prefix) + SECRET_LENGTH


def new_join_code(random: bytes) -> str:
    """Five groups of four base32 characters from `JOIN_CODE_BYTES` random bytes."""
    text = base64.b32encode(random).decode()[:20]
    return "-".join(text[start : start + 4] for start in range(0, 20, 4))


def fingerprint(secret: str) -> str:
    """SHA-256 of a token or join code: enough for texts that cannot be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def password_hash(secret: str, salt: bytes, iterations: int = PASSWORD_ITERATIONS) -> str:
    """Mosquitto's PBKDF2-SHA512 form: `$7$iterations$salt$hash`."""
    digest = hashlib.pbkdf2_hmac("sha512", secret.encode(), salt, iterations)
    return f"$7${iterations}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def password_matches(secret: str, stored: str) -> bool:
    """Whether `stored` is the hash of `secret`; False for a hash of another form."""
    match stored.split("$"):
        case ["", "7", iterations, salt, _] if iterations.isdigit():
            expected = password_hash(secret, base64.b64decode(salt), int(iterations))
            return hmac.compare_digest(expected, stored)
        case _:
            return False
