"""What the link's thread has to hear, in order. A flood costs messages, never the news that a session ended."""

import queue
from dataclasses import dataclass

import structlog

from edge_agent.link.mqtt_session import Parted, SessionEvent
from protocol.messages import CommandResult

INBOX_MAX = 10_000

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Woken:
    """Something new is on disk, or the agent stops."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A result is to be published."""

    result: CommandResult


Heard = SessionEvent | Woken | Answered


class Inbox:
    """Safe to use from several threads; `put` never blocks."""

    def __init__(self, most: int = INBOX_MAX) -> None:
        self._queue: queue.Queue[Heard] = queue.Queue(most)

    def put(self, item: Heard) -> None:
        """Add an item; a full inbox loses it, and an older one for the end of a session, which nobody tells twice."""
        while not self._takes(item):
            lost = self._oldest() if isinstance(item, Parted) else item
            if lost is not None:
                _log.warning("inbox_full", dropped=type(lost).__name__)
            if lost is item:
                return

    def get(self, timeout_s: float) -> Heard | None:
        """The next item; None when none comes within `timeout_s`."""
        try:
            return self._queue.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def clear(self) -> None:
        """Forget everything that is there."""
        while self._oldest() is not None:
            pass

    def _takes(self, item: Heard) -> bool:
        try:
            self._queue.put_nowait(item)
        except queue.Full:
            return False
        return True

    def _oldest(self) -> Heard | None:
        try:
            return self._queue.get_nowait()
        except queue.Empty:
            return None
