"""Lets go of what only grows and nobody needs for ever. Events, cases, their history, alerts and states are kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from central.core.requests import ANSWERS_KEPT, ANSWERS_MAX
from central.stores.ports import SeriesKey, Stores

DEAD_LETTERS_ROWS_MAX = 10_000
DEAD_LETTERS_BYTES_MAX = 256 * 1024 * 1024
LETTERS_A_STEP_MAX = 2_000
NOTICES_A_STEP_MAX = 500
ANSWERS_A_STEP_MAX = 2_000
LEASES_A_STEP_MAX = 500
SERIES_A_STEP_MAX = 50
POINTS_OF_A_SERIES_A_STEP_MAX = 1_000


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """How long figures and notices are kept, and how many dead letters of all boxes together."""

    series_days: int = 90
    notices_days: int = 90
    dead_letters_rows: int = DEAD_LETTERS_ROWS_MAX
    dead_letters_bytes: int = DEAD_LETTERS_BYTES_MAX


@dataclass(frozen=True, slots=True)
class Dropped:
    """What one step let go of."""

    dead_letters: int
    notices: int


class Retention:
    """Called regularly by one thread; each `step` is short, so that reception need not wait for it."""

    def __init__(self, stores: Stores, policy: RetentionPolicy) -> None:
        self._stores = stores
        self._policy = policy
        self._series: SeriesKey | None = None

    def step(self, now: datetime) -> Dropped:
        """Drop a bite of what is too old or too much, oldest first; raises `StoreUnavailable`."""
        with self._stores.writing() as unit:
            letters = unit.inbox.drop_dead_letters(
                self._policy.dead_letters_rows, self._policy.dead_letters_bytes, LETTERS_A_STEP_MAX
            )
            unit.answers.drop_old(now - ANSWERS_KEPT, ANSWERS_MAX, ANSWERS_A_STEP_MAX)
            unit.leases.drop_ended(now, LEASES_A_STEP_MAX)
            notices = unit.notices.drop_old(now - timedelta(days=self._policy.notices_days), NOTICES_A_STEP_MAX)
        self._series = self._stores.series.drop_old(
            now - timedelta(days=self._policy.series_days),
            self._series,
            SERIES_A_STEP_MAX,
            POINTS_OF_A_SERIES_A_STEP_MAX,
        )
        return Dropped(letters, notices)
