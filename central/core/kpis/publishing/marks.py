"""How far a box has told a month, from its streams and from what it last said of what waits on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from central.core.kpis.periods import Period
from central.core.kpis.publishing.snapshots import BoxMark

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StreamTold:
    """A stream as central has it: complete up to `upto`, whose message tells of `spoken_at`, nothing above `top`."""

    epoch: str
    upto: int
    top: int
    moved_at: datetime
    spoken_at: datetime | None


def mark_of(
    box: str, streams: Sequence[StreamTold], heard_at: datetime | None, waiting_s: float | None, month: Period
) -> BoxMark:
    """The mark of the stream that holds the box back most.

    `waiting_s`: the age of the oldest message that waits on the box, by its last word, at `heard_at`; 0 where none
    waits, None where it never said. An earlier stream counts while it has a gap and moved in the month or later:
    what it lacks may be of the month.
    """
    quiet = heard_at - timedelta(seconds=waiting_s) if heard_at is not None and waiting_s is not None else None
    if not streams:
        return BoxMark(box, "", 0, quiet)
    newest = max(streams, key=lambda one: one.moved_at)
    earlier = (one for one in streams if one is not newest and one.upto < one.top and one.moved_at >= month.begin)
    marks = [_mark(box, newest, quiet), *(_mark(box, one, None) for one in earlier)]
    return min(marks, key=lambda mark: mark.until or _NEVER)


def _mark(box: str, stream: StreamTold, quiet: datetime | None) -> BoxMark:
    if stream.upto < stream.top:
        return BoxMark(box, stream.epoch, stream.upto, stream.spoken_at, has_gap=True)
    told = [moment for moment in (stream.spoken_at, quiet) if moment is not None]
    return BoxMark(box, stream.epoch, stream.upto, max(told, default=None))
