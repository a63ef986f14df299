"""Whether central can do its work: its database, and its way to the broker."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from central.core.exchange.delivery import Backlog, together
from central.core.values import Tally
from central.stores.ports import SeriesBacklog, Stores, StoreUnavailable


class Condition(StrEnum):
    """Whether a part answers."""

    OK = "ok"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class GatewayCounts:
    """Since central's start: heartbeats and the like shed for want of room, batches that a defect held up."""

    shed: int = 0
    defects: int = 0


class Health:
    """`broker_connected` and `gateway` are asked at each use; before the gateway runs they say no and nothing."""

    def __init__(
        self,
        stores: Stores,
        broker_connected: Callable[[], bool],
        gateway: Callable[[], GatewayCounts] = GatewayCounts,
    ) -> None:
        self._stores = stores
        self._broker_connected = broker_connected
        self.gateway = gateway

    def database(self) -> Condition:
        """Whether the database answers."""
        return Condition.OK if self._stores.healthy() else Condition.UNAVAILABLE

    def broker(self) -> Condition:
        """Whether the gateway is connected to the broker."""
        return Condition.OK if self._broker_connected() else Condition.UNAVAILABLE

    def backlog(self) -> Backlog | None:
        """What partners have not got; None while the database does not answer."""
        try:
            with self._stores.reading() as unit:
                found = unit.deliveries.backlog()
        except StoreUnavailable:
            return None
        return together(found)

    def awaited(self) -> tuple[int, datetime | None] | None:
        """How many transfers have no receipt, and when the oldest was sent; None while the database is silent."""
        try:
            with self._stores.reading() as unit:
                return unit.transfers.awaited()
        except StoreUnavailable:
            return None

    def series(self) -> SeriesBacklog | None:
        """What waits for the back-end of series, and what was lost; None while the database does not answer."""
        try:
            return self._stores.series.backlog()
        except StoreUnavailable:
            return None

    def dead_letters(self) -> int | None:
        """How many messages of all boxes could not be taken, ever; None while the database does not answer."""
        try:
            with self._stores.reading() as unit:
                return unit.tallies.total(Tally.DEAD_LETTERS)
        except StoreUnavailable:
            return None
