"""How far a box's stream of numbered messages is complete."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from protocol.messages import MISSING_RANGES_MAX, SeqRange, Watermark

RECEIPTS_KEPT = 10_000
"""So many numbers below its watermark a stream remembers what came under; what comes again below is a double."""
QUIET = timedelta(days=90)
"""A stream that has not moved for so long remembers nothing below its watermark."""


@dataclass(frozen=True, slots=True)
class StreamHead:
    """Where a stream stands: complete up to `upto`, nothing dealt with above `top`; receipts gone up to `forgotten`."""

    upto: int = 0
    top: int = 0
    forgotten: int = 0


@dataclass(frozen=True, slots=True)
class StreamWindow:
    """A stream as stored: complete up to `upto`, and the numbers (sorted) and gaps above it.

    Everything stored between `upto` and the highest number listed is listed; `more` tells that there is more above.
    """

    epoch: str
    upto: int
    seqs: tuple[int, ...] = ()
    gaps: tuple[tuple[int, int], ...] = ()
    more: bool = False


def advance(upto: int, seqs: Sequence[int], gaps: Sequence[tuple[int, int]]) -> tuple[int, tuple[tuple[int, int], ...]]:
    """How far the stream is complete now, and the holes above that (lowest `MISSING_RANGES_MAX`).

    `seqs` are numbers dealt with, `gaps` ranges (first, last; both included) that will never come; any order, doubles
    allowed.
    """
    missing: list[tuple[int, int]] = []
    reached = upto
    for first, last in sorted([*((seq, seq) for seq in seqs), *gaps]):
        if first > reached + 1:
            if len(missing) == MISSING_RANGES_MAX:
                break
            missing.append((reached + 1, first - 1))
        reached = max(reached, last)
    return (missing[0][0] - 1 if missing else reached), tuple(missing)


def continued(head: StreamHead, seqs: Sequence[int]) -> StreamHead | None:
    """The head after new numbers that follow it without a hole; None when only a look at what is stored can tell."""
    ordered = sorted(seqs)
    if head.upto != head.top or ordered != list(range(head.top + 1, head.top + 1 + len(ordered))):
        return None
    return StreamHead(head.top + len(ordered), head.top + len(ordered))


def watermark_of(window: StreamWindow) -> Watermark:
    """What a box is told of its stream."""
    upto, missing = advance(window.upto, window.seqs, window.gaps)
    ranges = tuple(SeqRange(first=first, last=last) for first, last in missing)
    return Watermark(epoch=window.epoch, upto=upto, missing=ranges)


def bounded_window(window: StreamWindow, length_max: int) -> StreamWindow:
    """A window whose lists were each cut at `length_max`: what lies above the end of a cut list is left out."""
    ends = [window.seqs[-1]] if len(window.seqs) == length_max else []
    ends += [window.gaps[-1][0]] if len(window.gaps) == length_max else []
    if not ends:
        return window
    end = min(ends)
    return StreamWindow(
        window.epoch,
        window.upto,
        tuple(seq for seq in window.seqs if seq <= end),
        tuple(gap for gap in window.gaps if gap[0] <= end),
        more=True,
    )
