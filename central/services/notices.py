"""Tells people: which notices are due, in words, and what became of them."""

from collections.abc import Mapping
from datetime import datetime

from central.core.notices import ComposedNotice, NoticePolicy
from central.stores.ports import Stores

DUE_MAX = 20


class Notices:
    """`texts` maps each key of `central.core.notices.NOTICE_KEYS` to a text with {placeholders}, in one language."""

    def __init__(self, stores: Stores, texts: Mapping[str, str], policy: NoticePolicy) -> None:
        self._stores = stores
        self._texts = texts
        self._policy = policy

    def due(self, now: datetime) -> tuple[ComposedNotice, ...]:
        """At most `DUE_MAX` notices to be sent now, oldest first; a recovery only after its problem was delivered."""
        raise NotImplementedError

    def delivered(self, notice: str, now: datetime) -> None:
        """Note that a notice reached the channel."""
        raise NotImplementedError

    def failed(self, notice: str, error: str, now: datetime) -> None:
        """Note a failure (`error` must be free of secrets); it is due again after a growing pause."""
        raise NotImplementedError
