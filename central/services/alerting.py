"""Notices when boxes fall silent, and lists what is wrong."""

from datetime import datetime

from central.core.alerts import AlertPolicy, AlertView
from central.core.values import AlertState, Page
from central.services.desks.liveness import Liveness
from central.stores.ports import PageRequest, Stores


class Alerting:
    """Shares its `Liveness` with `Reception`."""

    def __init__(self, stores: Stores, policy: AlertPolicy, liveness: Liveness) -> None:
        self._stores = stores
        self._policy = policy
        self._liveness = liveness

    def sweep(self, now: datetime, mono_s: float) -> int:
        """Every 5 s: boxes silent too long become offline, their cameras unknown; returns how many alerts were raised.

        Raises `StoreUnavailable`; the next sweep does what this one could not.
        """
        raise NotImplementedError

    def alerts(self, page: PageRequest, state: AlertState | None = None) -> Page[AlertView]:
        """Newest first; raises `BadCursor`."""
        raise NotImplementedError
