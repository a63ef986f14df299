"""What the public told: reports that became cases, reports that joined one, and what machines had found by then."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from central.core.availability.spans import Span
from central.core.places import Bounds, Position
from central.stores.ports.kpis import Asked


class Narrowed(NamedTuple):
    """Of which reports a part is wanted: at most `limit`, behind a cursor; `group`: only those with this value.

    `codes`, `grids`: with what class and grid begin, nothing for all. `bounds`: where they are; with it, those whose
    place nobody knows are left out. Where prefixes are very many, more may come than was asked for.
    """

    limit: int
    cursor: str | None = None
    group: str | None = None
    codes: Collection[str] = ()
    grids: Collection[str] = ()
    bounds: Bounds | None = None


class VerifiedReport(NamedTuple):
    """A verified public report that was registered as a case of its own; `place` only where bounds were named."""

    cursor: str
    case: str
    number: str
    code: str
    grid: str
    group: str
    told_at: datetime
    place: Position | None


class JoinedReport(NamedTuple):
    """A public report that joined a confirmed candidate of this camera and zone."""

    cursor: str
    case: str
    number: str
    camera: str
    zone: str
    told_at: datetime
    place: Position


class Found(NamedTuple):
    """What a machine found."""

    camera: str
    zone: str
    scene: str
    opened_at: datetime


class PublicReportStore(Protocol):
    """Cursors are opaque; both lists raise `BadCursor`."""

    def verified(self, asked: Asked, narrowed: Narrowed) -> Sequence[VerifiedReport]:
        """Those registered in the period, in the order of registration."""
        ...

    def joined(self, asked: Asked, opened: Span, narrowed: Narrowed) -> Sequence[JoinedReport]:
        """Those told in the period that joined a candidate opened in `opened`, in the order in which they were told.

        `narrowed.bounds` has to be there; classes and grids are not looked at.
        """
        ...

    def found(self, cameras: Collection[str], spans: Sequence[Span], as_of: datetime) -> Sequence[Found]:
        """What machines of cameras opened in any of the spans, both edges included, confirmed or not."""
        ...
