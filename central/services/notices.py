"""Tells people: which notices are due, in words, and what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from central.core.alerting.notices import ComposedNotice, Notice, NoticePolicy, after_delivery, after_failure, compose
from central.core.fleet.devices import Camera
from central.core.values import NoticeKind, NoticeState
from central.stores.ports import Stores

DUE_MAX = 20


class Notices:
    """`texts` maps each key of `NOTICE_KEYS` (core) to a text with {placeholders}, in one language."""

    def __init__(self, stores: Stores, texts: Mapping[str, str], policy: NoticePolicy) -> None:
        self._stores = stores
        self._texts = texts
        self._policy = policy

    def due(self, now: datetime) -> tuple[ComposedNotice, ...]:
        """At most `DUE_MAX` notices to be sent now, oldest first; a recovery only after its problem was delivered."""
        with self._stores.reading() as unit:
            waiting = unit.notices.due(now, DUE_MAX)
            alerts = {alert.id: alert for alert in unit.alerts.get([notice.alert for notice in waiting])}
            cameras = unit.cameras.get([alert.camera for alert in alerts.values() if alert.camera is not None])
        return tuple(
            compose(_completed(notice, cameras), alerts[notice.alert].kind, self._texts, self._policy)
            for notice in waiting
        )

    def delivered(self, notice: str, now: datetime) -> None:
        """Note that a notice reached the channel."""
        with self._stores.writing() as unit:
            known = unit.notices.get(notice)
            if known is not None and known.state is NoticeState.PENDING:
                unit.notices.save([after_delivery(known, now)])

    def failed(self, notice: str, error: str, now: datetime) -> None:
        """Note a failure (`error` must be free of secrets); it is due again after a growing pause."""
        with self._stores.writing() as unit:
            known = unit.notices.get(notice)
            if known is None or known.state is not NoticeState.PENDING:
                return
            after = after_failure(known, error, now, self._policy)
            siblings = unit.notices.of_alerts([known.alert]) if after.state is NoticeState.FAILED else []
            unit.notices.save([after, *_dropped(siblings, after)])


def _completed(notice: Notice, cameras: Mapping[str, Camera]) -> Notice:
    """With what became known after the alert was raised: a name, a last good picture."""
    camera = cameras.get(notice.values["id"])
    if camera is None:
        return notice
    known = {"name": camera.name, "place": camera.place, "picture": camera.last_picture or ""}
    return replace(notice, values=notice.values | {key: text for key, text in known.items() if text})


def _dropped(siblings: Sequence[Notice], failed: Notice) -> list[Notice]:
    """Nobody needs the end of a story whose beginning was never told."""
    if failed.kind is not NoticeKind.PROBLEM:
        return []
    return [replace(one, state=NoticeState.DROPPED) for one in siblings if one.kind is NoticeKind.RECOVERY]
