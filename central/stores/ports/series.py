"""Figures over time, wherever they are kept."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from central.core.fleet.devices import SeriesPoint
from central.core.fleet.series import SeriesGap, SeriesHour
from central.stores.ports.records import StoreRejected


class SeriesKey(NamedTuple):
    """One series."""

    metric: str
    entity: str


@dataclass(frozen=True, slots=True)
class SeriesBacklog:
    """What waits for a back-end: how many points, and the time of the oldest; `lost` so far, and the last gaps."""

    waiting: int = 0
    oldest_at: datetime | None = None
    lost: int = 0
    gaps: tuple[SeriesGap, ...] = ()


class SeriesStore(Protocol):
    """Single points, and hours put together of them; writing the same again changes nothing.

    Everything raises `StoreUnavailable` when it cannot be done now, or when an answer is not whole: nothing of half an
    answer is used. Times have microseconds.
    """

    def write(self, points: Sequence[SeriesPoint]) -> None:
        """Store, over what is there; `StoreRejected` for values that are no finite numbers: none is stored."""
        ...

    def read(
        self, metric: str, entity: str, start: datetime | None, end: datetime | None, limit: int
    ) -> Sequence[SeriesPoint]:
        """Newest `limit` points at or after `start` and before `end`, oldest first."""
        ...

    def first(self, key: SeriesKey, start: datetime | None) -> datetime | None:
        """When the oldest point at or after `start` was; None without any."""
        ...

    def drop(self, key: SeriesKey, before: datetime) -> None:
        """Let go of the points before `before`."""
        ...

    def write_hours(self, hours: Sequence[SeriesHour]) -> None:
        """Store; an hour that is there with more points stays as it is."""
        ...

    def read_hours(
        self, metric: str, entity: str, start: datetime | None, end: datetime | None, limit: int
    ) -> Sequence[SeriesHour]:
        """Newest `limit` hours that begin at or after `start` and before `end`, oldest first."""
        ...

    def drop_hours(self, key: SeriesKey, before: datetime) -> None:
        """Let go of the hours that begin before `before`."""
        ...

    def keys(self, after: SeriesKey | None, limit: int) -> Sequence[SeriesKey]:
        """The next `limit` series that follow `after` and have points or hours; fewer: there are no more."""
        ...

    def forward(self) -> int:
        """Hand the oldest points that wait to the back-end, in their order; how many still wait."""
        ...

    def backlog(self) -> SeriesBacklog:
        """What waits, and what was lost."""
        ...

    def close(self) -> None:
        """Let go of connections of its own."""
        ...


def require_finite(points: Sequence[SeriesPoint]) -> None:
    """Raise `StoreRejected` for a value that is no finite number, as each `SeriesStore` does before it writes."""
    for point in points:
        if not math.isfinite(point.value):
            raise StoreRejected(f"{point.metric} of {point.entity} is {point.value}; figures are finite numbers")
