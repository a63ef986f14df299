"""Hands figures to where they are kept, and puts the old ones together by the hour before they go."""

from datetime import datetime

from central.core.fleet.devices import SeriesPoint
from central.core.fleet.series import DAY, HOUR, SeriesRetention, by_hour, day_of
from central.stores.ports import SeriesKey, SeriesStore, StoreUnavailable

SERIES_A_STEP_MAX = 50
POINTS_A_READ_MAX = 10_000
WAIT_S_MAX = 30.0
BATCHES_A_STEP_MAX = 20


class SeriesKeeping:
    """Called regularly by one thread of its own, since a back-end that is away makes it wait."""

    def __init__(self, series: SeriesStore, retention: SeriesRetention) -> None:
        self._series = series
        self._retention = retention
        self._after: SeriesKey | None = None
        self._wait_s = 0.0
        self._due_s = 0.0

    def forward(self, mono_s: float) -> int:
        """Hand on what waits, oldest first; how many points still wait.

        Raises `StoreUnavailable` when the back-end is away, and then asks it again after 1, 2, 4 ... 30 s.
        """
        if mono_s < self._due_s:
            return self._series.backlog().waiting
        try:
            for _ in range(BATCHES_A_STEP_MAX):
                waiting = self._series.forward()
                if not waiting:
                    break
        except StoreUnavailable:
            self._wait_s = min(WAIT_S_MAX, max(1.0, 2 * self._wait_s))
            self._due_s = mono_s + self._wait_s
            raise
        self._wait_s = 0.0
        return waiting

    def step(self, now: datetime) -> None:
        """Look at the next series: put a day of old points together, let go of it, and of hours that are too old.

        Raises `StoreUnavailable`; the same series have their turn again then.
        """
        keys = self._series.keys(self._after, SERIES_A_STEP_MAX)
        for key in keys:
            self._shorten(key, now)
            self._drop_hours(key, now)
            self._after = key
        if len(keys) < SERIES_A_STEP_MAX:
            self._after = None

    def _shorten(self, key: SeriesKey, now: datetime) -> None:
        """The oldest day that has points and no hours yet: written as hours first, so that nothing is ever in none."""
        before = self._retention.points_before(now)
        oldest = self._series.first(key, None)
        if oldest is None or oldest >= before:
            return
        done = self._series.read_hours(*key, None, before, 1)
        since = max(day_of(oldest), done[-1].at + HOUR) if done else day_of(oldest)
        if since < before and (first := self._series.first(key, since)) is not None and first < before:
            end = min(before, day_of(first) + DAY)
            self._series.write_hours(by_hour(self._points(key, max(since, day_of(first)), end)))
        else:
            end = min(before, since)
        self._series.drop(key, end)

    def _points(self, key: SeriesKey, start: datetime, end: datetime) -> list[SeriesPoint]:
        found: list[SeriesPoint] = []
        while True:
            newest = self._series.read(*key, start, end, POINTS_A_READ_MAX)
            found = [*newest, *found]
            if len(newest) < POINTS_A_READ_MAX:
                return found
            end = newest[0].at

    def _drop_hours(self, key: SeriesKey, now: datetime) -> None:
        before = self._retention.hours_before(key.metric, now)
        if self._series.read_hours(*key, None, before, 1):
            self._series.drop_hours(key, before)
