"""Figures over time put together by the hour: what stays when single points go."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import groupby

from central.core.fleet.devices import Metric, SeriesPoint

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class SeriesKind(StrEnum):
    """What a metric tells of, which decides how long its hours are kept."""

    PICTURE = "picture"
    MACHINE = "machine"


KIND_OF: Mapping[str, SeriesKind] = {Metric.FPS: SeriesKind.PICTURE, Metric.LATENCY_MS: SeriesKind.PICTURE}
"""Every metric that is not here is of the machine."""


class SeriesGapReason(StrEnum):
    """Why points never reached the back-end."""

    FULL = "full"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SeriesHour:
    """All points of one series in the hour that begins at `at` (UTC)."""

    metric: str
    entity: str
    at: datetime
    count: int
    mean: float
    minimum: float
    maximum: float


@dataclass(frozen=True, slots=True)
class SeriesGap:
    """Points that were lost on the way to the back-end: how many, from and to which time, and why."""

    reason: SeriesGapReason
    first_at: datetime
    last_at: datetime
    points: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SeriesRetention:
    """Days: single points, then their hours by kind."""

    points_days: int = 90
    hours_machine_days: int = 400
    hours_picture_days: int = 1_100

    def points_before(self, now: datetime) -> datetime:
        """Points before this whole UTC day are put together and go."""
        return day_of(now - timedelta(days=self.points_days))

    def hours_before(self, metric: str, now: datetime) -> datetime:
        """Hours before this whole UTC day go; never before the points that they are made of."""
        picture = KIND_OF.get(metric, SeriesKind.MACHINE) is SeriesKind.PICTURE
        days = self.hours_picture_days if picture else self.hours_machine_days
        return day_of(now - timedelta(days=max(days, self.points_days)))


def hour_of(moment: datetime) -> datetime:
    """The beginning of its hour."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def day_of(moment: datetime) -> datetime:
    """The beginning of its UTC day."""
    return hour_of(moment).replace(hour=0)


def by_hour(points: Iterable[SeriesPoint]) -> list[SeriesHour]:
    """The hours of points that are in order of metric, entity and time.

    `count`, `minimum` and `maximum` are exact; `mean` is within one part in 10^15 of the largest value.
    """
    grouped = groupby(points, key=lambda point: (point.metric, point.entity, hour_of(point.at)))
    return [_hour(*key, [point.value for point in group]) for key, group in grouped]


def _hour(metric: str, entity: str, at: datetime, values: Sequence[float]) -> SeriesHour:
    mean = math.fsum(value / len(values) for value in values)
    low, high = min(values), max(values)
    return SeriesHour(metric, entity, at, len(values), min(max(mean, low), high), low, high)


def together(hours: Sequence[SeriesHour]) -> SeriesHour | None:
    """One figure over several hours of one series, begun at the first; None of none.

    `count`, `minimum` and `maximum` are those of the points themselves; `mean` is theirs but for rounding.
    """
    if not hours:
        return None
    count = sum(hour.count for hour in hours)
    low, high = min(hour.minimum for hour in hours), max(hour.maximum for hour in hours)
    mean = math.fsum(hour.mean * (hour.count / count) for hour in hours)
    first = min(hours, key=lambda hour: hour.at)
    return SeriesHour(first.metric, first.entity, first.at, count, min(max(mean, low), high), low, high)
