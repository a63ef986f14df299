"""When boxes were heard; the time in which nobody listened is unknown."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from central.core.availability.spans import Span, common, without
from central.core.availability.timelines import Piece
from central.core.values import BoxCondition
from protocol.messages import CameraState


class BoxSaid(NamedTuple):
    """What became known of a box."""

    box: str
    state: BoxCondition
    since: datetime
    recorded_at: datetime


_STATES = {BoxCondition.ONLINE: CameraState.ONLINE, BoxCondition.OFFLINE: CameraState.OFFLINE}


def box_timeline(told: Iterable[BoxSaid], span: Span, known_at: datetime, deaf: Sequence[Span] = ()) -> list[Piece]:
    """A box's states in `span`, from the first time that it was heard; `deaf` (merged): when central did not listen."""
    facts = sorted((one for one in told if one.recorded_at <= known_at), key=lambda one: (one.since, one.recorded_at))
    ends = [*(one.since for one in facts[1:]), min(span.end, known_at)]
    pieces: list[Piece] = []
    for one, end in zip(facts, ends, strict=False):
        state = _STATES.get(one.state)
        part = Span(max(one.since, span.start), min(end, span.end, known_at))
        if state is None or part.start >= part.end:
            continue
        pieces += [Piece(*known, state, one.since) for known in without([part], deaf)]
        pieces += [Piece(*unknown, CameraState.UNKNOWN, one.since) for unknown in common([part], deaf)]
    return sorted(pieces, key=lambda piece: piece.start)
