"""Commands to boxes: asked for, published, answered, expired."""

from datetime import datetime

from central.core.devices import CommandRecord
from central.core.values import Actor, RandomBytes
from central.stores.ports import Stores
from protocol.messages import CommandName

TIMEOUT_S_MAX = 3600.0


class CommandRefused(ValueError):
    """The command cannot be given; the text says why."""


class CommandUnknown(LookupError):
    """There is no such command."""


class Commands:
    """Results arrive through `Reception`."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    def request(  # noqa: PLR0913 - a command is all of this
        self,
        box: str,
        name: CommandName,
        actor: Actor,
        *,
        now: datetime,
        random: RandomBytes,
        camera: str | None = None,
        timeout_s: float = 30.0,
    ) -> CommandRecord:
        """Record a command; it is published by whoever empties `unpublished`. `camera` is the id within the box.

        Raises `BoxUnknown`, `CommandRefused` (unknown camera, time-out, role viewer).
        """
        raise NotImplementedError

    def unpublished(self, now: datetime) -> tuple[CommandRecord, ...]:
        """Commands to be sent now, oldest first; those past their deadline become expired instead."""
        raise NotImplementedError

    def published(self, command: str, now: datetime) -> None:
        """Note that the broker has it."""
        raise NotImplementedError

    def command(self, box: str, command: str) -> CommandRecord:
        """One command of a box; raises `CommandUnknown`."""
        raise NotImplementedError
