"""Hands due notices to the channel: delivered at least once, a failure is tried again after a growing pause."""

import threading
from collections.abc import Callable
from datetime import datetime

import structlog
from tenacity import (
    Retrying,
    retry_if_exception_type,
    sleep_using_event,
    stop_after_attempt,
    stop_when_event_set,
    wait_random_exponential,
)

from central.core.alerting.notices import ComposedNotice
from central.notify.channel import Channel, ChannelError, Retryable
from central.services.notices import Notices

TRIES = 3
TRY_S_MAX = 2.0

log = structlog.get_logger(__name__)


class Notifier:
    """`step` is a regular job in a thread of its own: a channel may take seconds."""

    def __init__(self, notices: Notices, channel: Channel, now: Callable[[], datetime]) -> None:
        self._notices = notices
        self._channel = channel
        self._now = now
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Do not begin or repeat anything any more."""
        self._stopping.set()

    def step(self) -> None:
        """Send what is due."""
        for notice in self._notices.due(self._now()):
            if not self._stopping.is_set():
                self._tell(notice)

    def _tell(self, notice: ComposedNotice) -> None:
        tries = Retrying(
            retry=retry_if_exception_type(Retryable),
            stop=stop_after_attempt(TRIES) | stop_when_event_set(self._stopping),
            sleep=sleep_using_event(self._stopping),
            wait=wait_random_exponential(0.2, TRY_S_MAX),
            reraise=True,
        )
        try:
            tries(self._channel.send, notice)
        except ChannelError as error:
            log.warning(
                "a notice did not get through", notice=notice.id, attempts=notice.attempts + 1, reason=str(error)
            )
            self._notices.failed(notice.id, str(error), self._now())
        else:
            if self._channel.is_heard:
                log.info("notice delivered", notice=notice.id)
            self._notices.delivered(notice.id, self._now())
