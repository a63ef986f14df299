"""What availability figures are computed from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from central.core.availability.boxes import BoxSaid
from central.core.availability.maintenance import MaintenanceWindow
from central.core.availability.spans import Span
from central.core.availability.timelines import Said
from central.core.availability.witnesses import BoxWait, WitnessRun
from central.core.values import Page
from central.stores.ports.records import PageRequest


class Watched(NamedTuple):
    """A camera that had to be watched; `heard_at` is when its box was last heard, `vendor` "" where none is known."""

    key: str
    box: str
    site: str
    since: datetime
    retired_at: datetime | None
    heard_at: datetime | None
    vendor: str = ""


class AskedCameras(NamedTuple):
    """Of which cameras something is asked: the next `limit` whose key follows `after`.

    With a `field` (`camera`, `box`, `vendor`) only those whose value is `group`. `failed`: only those that may have
    been offline in the period.
    """

    limit: int
    after: str = ""
    field: str | None = None
    group: str = ""
    failed: bool = False


class AvailabilityStore(Protocol):
    """Facts of devices by when they began; maintenance, makers, witnesses."""

    def watched(self, span: Span, known_at: datetime, asked: AskedCameras) -> Sequence[Watched]:
        """Cameras of which something was known in `span` by `known_at`, by key.

        Those that were retired before it are left out.
        """
        ...

    def said(self, keys: Sequence[str], span: Span, known_at: datetime) -> Sequence[Said]:
        """All that decides the states of these cameras in `span`, as recorded up to `known_at`.

        By camera and time of beginning; what began before the span is there as far as it reaches into it.
        """
        ...

    def boxes_said(self, span: Span, known_at: datetime) -> Sequence[BoxSaid]:
        """All that decides the states of boxes in `span`, as recorded up to `known_at`, by box and beginning."""
        ...

    def windows(self, span: Span, known_at: datetime) -> Sequence[MaintenanceWindow]:
        """Windows that touch `span` and were announced up to `known_at`, by start.

        One that was cancelled up to then says so; one that was cancelled later is as it stood before.
        """
        ...

    def add_windows(self, windows: Sequence[MaintenanceWindow]) -> None:
        """Append those whose id is new."""
        ...

    def window(self, name: str) -> MaintenanceWindow | None:
        """One by id."""
        ...

    def cancel_window(self, name: str, at: datetime) -> None:
        """Note that it does not hold; the first cancelling stays."""
        ...

    def list_windows(self, page: PageRequest) -> Page[MaintenanceWindow]:
        """Newest announced first."""
        ...

    def set_makers(self, makers: Mapping[str, tuple[str, str]]) -> None:
        """Vendor and model by device (a camera's key or a box's id); those named before are overwritten."""
        ...

    def put_runs(self, runs: Sequence[WitnessRun]) -> None:
        """Note runs as they happen: each is recorded when it starts, and one that was put before grows."""
        ...

    def add_runs(self, runs: Sequence[WitnessRun], recorded_at: datetime) -> None:
        """Append what was not told before; a run that has grown since is told once more, beside its shorter self."""
        ...

    def drop_runs(self, before: datetime, limit: int) -> int:
        """Drop runs that ended before a moment, oldest first, `limit` at most; how many went.

        The last run of each witness stays: it says since when nobody knows.
        """
        ...

    def put_waits(self, waits: Sequence[BoxWait], recorded_at: datetime) -> None:
        """Insert; a wait of the same box, boot and number is overwritten.

        It stays recorded when it was first told, unless the new one begins after its end: then it is another one.
        """
        ...

    def drop_waits(self, before: datetime, limit: int) -> int:
        """Drop waits that ended before a moment, oldest first, `limit` at most; how many went."""
        ...

    def waits(self, span: Span, known_at: datetime) -> Sequence[BoxWait]:
        """Waits of boxes that touch `span`, as recorded up to `known_at`, by beginning."""
        ...

    def first_word(self, span: Span, known_at: datetime) -> datetime | None:
        """When a witness first spoke, in a run or in a wait, as recorded up to `known_at`, of what is kept.

        None where none spoke before the end of `span`. Where one had spoken by its start, some moment up to there.
        """
        ...

    def runs(self, span: Span, known_at: datetime) -> Sequence[WitnessRun]:
        """Runs that touch `span`, and of each witness the last one before and the first one after it.

        As recorded up to `known_at`: what grows ends there.
        """
        ...
