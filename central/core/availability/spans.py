"""Stretches of time, and how they are put together."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple


class Span(NamedTuple):
    """From `start` up to, not including, `end`."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        """How long it is; 0 where it ends before it starts."""
        return max(0.0, (self.end - self.start).total_seconds())


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time in order, as few spans as there can be; empty ones go."""
    found: list[Span] = []
    for span in sorted(span for span in spans if span.start < span.end):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def common(left: Sequence[Span], right: Sequence[Span]) -> tuple[Span, ...]:
    """The time that lies in both; either one merged."""
    found: list[Span] = []
    at = also = 0
    while at < len(left) and also < len(right):
        one, other = left[at], right[also]
        start, end = max(one.start, other.start), min(one.end, other.end)
        if start < end:
            found.append(Span(start, end))
        if one.end <= other.end:
            at += 1
        else:
            also += 1
    return tuple(found)


def without(spans: Sequence[Span], holes: Sequence[Span]) -> tuple[Span, ...]:
    """The time of `spans` that lies in no hole; either one merged."""
    found: list[Span] = []
    for span in spans:
        start = span.start
        for hole in holes:
            if hole.end <= start:
                continue
            if hole.start >= span.end:
                break
            if start < hole.start:
                found.append(Span(start, hole.start))
            start = max(start, hole.end)
        if start < span.end:
            found.append(Span(start, span.end))
    return tuple(found)


def seconds(spans: Iterable[Span]) -> float:
    """How long they are together."""
    return sum(span.seconds for span in spans)
