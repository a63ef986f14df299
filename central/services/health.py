"""Whether central can do its work: its database, and its way to the broker."""

from collections.abc import Callable
from enum import StrEnum

from central.stores.ports import Stores


class Condition(StrEnum):
    """Whether a part answers."""

    OK = "ok"
    UNAVAILABLE = "unavailable"


class Health:
    """`broker_connected` is asked at each use; before the gateway runs it says no."""

    def __init__(self, stores: Stores, broker_connected: Callable[[], bool]) -> None:
        self._stores = stores
        self._broker_connected = broker_connected

    def database(self) -> Condition:
        """Whether the database answers."""
        return Condition.OK if self._stores.healthy() else Condition.UNAVAILABLE

    def broker(self) -> Condition:
        """Whether the gateway is connected to the broker."""
        return Condition.OK if self._broker_connected() else Condition.UNAVAILABLE
