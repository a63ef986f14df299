"""Requests that are sent twice: what tells that two are the same."""

from dataclasses import dataclass
from datetime import timedelta

from pydantic import JsonValue

from central.core.case_machine.audit import digest

ANSWERS_KEPT = timedelta(hours=24)
ANSWERS_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Once:
    """What is to be done once: the person's `key` for it, and `request`, the digest of what is asked."""

    person: str
    key: str
    request: str


class KeyReused(ValueError):
    """The key stands for another request already."""


def once(person: str, key: str, *asked: JsonValue) -> Once:
    """A request by its key; `asked` is everything that must be the same when it comes again."""
    return Once(person, key, digest(list(asked)))
