"""Takes what boxes send: exactly once in effect, in one transaction per batch, whatever the order."""

from collections.abc import Sequence
from datetime import datetime

from central.core.intake import IntakePolicy
from central.core.values import Delivery, ReceptionReport
from central.services.desks.liveness import Liveness
from central.stores.ports import Stores

BATCH_MAX = 200
"""Deliveries that one transaction should hold at most; the caller cuts."""


class Reception:
    """Give it batches in any order; it never raises for bad messages."""

    def __init__(self, stores: Stores, policy: IntakePolicy, liveness: Liveness) -> None:
        self._stores = stores
        self._policy = policy
        self._liveness = liveness

    def receive(self, deliveries: Sequence[Delivery], now: datetime, mono_s: float) -> ReceptionReport:
        """Commit a batch; acknowledge all of it to the broker when this returns.

        Raises `StoreUnavailable` when nothing could be written: acknowledge nothing, try the same batch again later.
        Bad messages are kept as counted dead letters. Boxes must be registered (`Fleet.add_box`).
        """
        raise NotImplementedError
