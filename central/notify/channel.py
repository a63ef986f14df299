"""What a way to people is."""

from typing import Protocol

from central.core.alerting.notices import ComposedNotice


class ChannelError(Exception):
    """A notice did not reach anybody; the text holds no secret."""


class Retryable(ChannelError):
    """Trying again may help: network, a busy service."""


class Permanent(ChannelError):
    """Trying again is no use before somebody changes the settings."""


class Channel(Protocol):
    """A way to people; used by one thread. `is_heard`: whether somebody is at its end."""

    @property
    def is_heard(self) -> bool:
        """False where notices are only written down."""
        ...

    def send(self, notice: ComposedNotice) -> None:
        """Return when the notice was accepted; raises `Retryable` or `Permanent`."""
        ...
