"""MTBF and MTTR: how long devices run between failures, and how long a failure lasts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from central.core.availability.spans import Span, seconds, without
from central.core.availability.timelines import Piece
from protocol.messages import CameraState

HOUR_S = 3600.0
MINUTE_S = 60.0


class Reliability(NamedTuple):
    """`failures` that began in a period in which something ran for `up_s`, and `repairs` that ended in it.

    `repair_s`: how long those that ended had lasted, from their first moment, without planned maintenance.
    """

    up_s: float = 0.0
    down_s: float = 0.0
    failures: int = 0
    repairs: int = 0
    repair_s: float = 0.0

    @property
    def mtbf_h(self) -> float | None:
        """Hours of running for each failure; None without any: then it is more than `up_s`."""
        return self.up_s / HOUR_S / self.failures if self.failures else None

    @property
    def mttr_min(self) -> float | None:
        """Minutes of a failure that ended; None without any."""
        return self.repair_s / MINUTE_S / self.repairs if self.repairs else None


class Outage(NamedTuple):
    """A time of being offline from its first moment, whether it has ended, and its seconds that count.

    `counted_from`: the first moment of it that counts.
    """

    span: Span
    is_over: bool
    counted_s: float = 0.0
    counted_from: datetime | None = None


def reliability(
    pieces: Sequence[Piece], span: Span, planned: Sequence[Span] = (), outages: Sequence[Outage] | None = None
) -> Reliability:
    """Of one device; `pieces` are its timeline in `span`. Unknown time neither runs nor fails, nor ends a failure.

    Failures within planned maintenance do not count; one that outlasts it begins when it ends. `outages`: its
    `counted_outages`, where they are known already.
    """
    up_s = down_s = 0.0
    for one in pieces:
        if one.state is CameraState.UNKNOWN:
            continue
        counted_s = seconds(without((Span(one.start, one.end),), planned)) if planned else one.seconds
        if one.state is CameraState.OFFLINE:
            down_s += counted_s
        else:
            up_s += counted_s
    failures = repairs = 0
    repair_s = 0.0
    for outage in counted_outages(pieces, planned) if outages is None else outages:
        failures += outage.counted_from is not None and outage.counted_from >= span.start
        if outage.is_over:
            repairs += 1
            repair_s += outage.counted_s
    return Reliability(up_s, down_s, failures, repairs, repair_s)


def counted_outages(pieces: Sequence[Piece], planned: Sequence[Span] = ()) -> tuple[Outage, ...]:
    """The outages of one device's timeline without planned maintenance; those wholly in it are left out."""
    if not planned:
        return tuple(Outage(span, is_over, span.seconds, span.start) for span, is_over, *_ in _outages(pieces))
    counted = ((outage, without((outage.span,), planned)) for outage in _outages(pieces))
    return tuple(
        Outage(outage.span, outage.is_over, seconds(spans), spans[0].start) for outage, spans in counted if spans
    )


def together(found: Iterable[Reliability]) -> Reliability:
    """Of several devices, or of periods that follow each other."""
    up_s = down_s = repair_s = 0.0
    failures = repairs = 0
    for one in found:
        up_s, down_s, repair_s = up_s + one.up_s, down_s + one.down_s, repair_s + one.repair_s
        failures, repairs = failures + one.failures, repairs + one.repairs
    return Reliability(up_s, down_s, failures, repairs, repair_s)


def _outages(pieces: Sequence[Piece]) -> list[Outage]:
    found: list[Outage] = []
    since, end = None, None
    for piece in pieces:
        match piece.state:
            case CameraState.OFFLINE:
                since, end = since or piece.since, piece.end
            case CameraState.UNKNOWN:
                pass
            case _:
                if since is not None:
                    found.append(Outage(Span(since, end or piece.start), is_over=True))
                since = None
    if since is not None and end is not None:
        found.append(Outage(Span(since, end), is_over=False))
    return found
