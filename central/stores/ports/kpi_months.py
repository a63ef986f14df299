"""Months of figures as they were published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from central.core.kpis import BoxMark, Period, Snapshot
from central.core.kpis.publishing import Link
from central.core.values import Page
from central.stores.ports.records import PageRequest


@dataclass(frozen=True, slots=True)
class MonthHead:
    """A revision without its figures."""

    month: str
    revision: int
    as_of: datetime
    made_at: datetime
    made_by: str
    is_complete: bool
    seal: str


class MonthStore(Protocol):
    """Revisions are added and never changed; what stands there unreadable comes as content that breaks its seal."""

    def add(self, snapshot: Snapshot) -> None:
        """Append; `StoreRejected` where the month has a revision of that number."""
        ...

    def newest(self, month: str) -> Link | None:
        """The newest revision of a month."""
        ...

    def get(self, month: str, revision: int) -> Link | None:
        """One revision."""
        ...

    def heads(self, month: str | None, page: PageRequest) -> Page[MonthHead]:
        """Revisions of one month or of all, last made first. Raises `BadCursor`."""
        ...

    def after(self, month: str, revision: int, limit: int) -> Sequence[Link]:
        """Those that follow a place, by month and number."""
        ...

    def marks(self, month: Period) -> Sequence[BoxMark]:
        """How far each box that had to tell this month has told it.

        These are boxes that were added before its end and have a camera that was not taken out before it began.
        """
        ...
