"""What boxes send: streams and the inbox."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from central.core.fleet.watermark import StreamHead, StreamWindow
from central.core.values import DeadLetter, Event, Page, Tally
from central.stores.ports.records import Claim, EventFilter, PageRequest, Receipt, StoredEvent, Stream
from protocol.messages import GapRecord


class StreamStore(Protocol):
    """How far each stream is complete."""

    def add_gaps(self, gaps: Sequence[tuple[Stream, GapRecord]], now: datetime) -> None:
        """Append: these numbers will never come."""
        ...

    def heads(self, streams: Sequence[Stream]) -> Mapping[Stream, StreamHead]:
        """Where each stream stands; those that do not exist are left out."""
        ...

    def windows(self, streams: Sequence[Stream]) -> Mapping[Stream, StreamWindow]:
        """What is stored above the watermark of each existing stream."""
        ...

    def newest(self, boxes: Sequence[str]) -> Mapping[str, Stream]:
        """By box, the stream that moved last; boxes without any are left out."""
        ...

    def forget(self, kept: int, quiet_before: datetime, limit: int) -> int:
        """Drop receipts, `limit` at most: those more than `kept` numbers below the watermark of their stream.

        Of streams that have not moved since `quiet_before`: all up to the watermark. How many went.
        """
        ...

    def move(self, heads: Mapping[Stream, StreamHead], now: datetime) -> None:
        """Note where each stream stands (creates streams); what is forgotten stays so."""
        ...


class InboxStore(Protocol):
    """What boxes sent: receipts, events, dead letters."""

    def receipts(self, claims: Sequence[Claim]) -> Mapping[Claim, Receipt]:
        """Those of `claims` that were dealt with before."""
        ...

    def event_boxes(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Box by event id, for those of `ids` that are stored."""
        ...

    def add(self, events: Sequence[StoredEvent], receipts: Sequence[Receipt]) -> None:
        """Append; each claim and each event id is new, else `StoreRejected`."""
        ...

    def add_dead_letters(self, letters: Sequence[DeadLetter]) -> None:
        """Append, and count each for its box (for "" when there is no such box)."""
        ...

    def drop_dead_letters(self, rows_max: int, bytes_max: int, limit: int) -> int:
        """Drop the oldest, at most `limit`, until no more than `rows_max` and `bytes_max` are kept; how many went."""
        ...

    def events(self, wanted: EventFilter, page: PageRequest) -> Page[Event]:
        """Newest first."""
        ...


class TallyStore(Protocol):
    """Figures that are counted while they happen."""

    def add(self, tally: Tally, counts: Mapping[str, int]) -> None:
        """Add to the counts by subject (a box id, or "" for all)."""
        ...

    def read(self, tally: Tally, subjects: Sequence[str]) -> Mapping[str, int]:
        """The counts of all `subjects`; 0 where nothing was counted."""
        ...

    def total(self, tally: Tally) -> int:
        """The sum over all subjects."""
        ...
