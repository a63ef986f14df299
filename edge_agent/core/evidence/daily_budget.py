"""What a day's bytes of evidence are spent on: what goes now, what waits for another day, what is given up.

The first pictures of an episode matter most: they are what a person decides by. So what matters less may use only part
of the day, and when more waits than a whole day can carry, the least important is given up first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from protocol.messages import EvidenceKind


class Rank(IntEnum):
    """How much evidence matters; `ASKED`: a person waits for it."""

    CLIP = -3
    PEAK = -2
    ENDED = -1
    STARTED = 0
    ASKED = 10


SHARES: Mapping[Rank, float] = {Rank.CLIP: 0.5, Rank.PEAK: 0.7, Rank.ENDED: 0.85, Rank.STARTED: 1.0}
"""Up to which part of the day's bytes each may go; what somebody asked for always goes, and counts."""
_RANKS = {EvidenceKind.CLIP: Rank.CLIP, EvidenceKind.PEAK: Rank.PEAK, EvidenceKind.ENDED: Rank.ENDED}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Evidence that central does not have."""

    sha256: str
    size_bytes: int
    rank: Rank


@dataclass(frozen=True, slots=True)
class Day:
    """Bytes of evidence that were sent on a day of the site's calendar."""

    on: date
    sent_bytes: int = 0


def rank_of(kind: EvidenceKind) -> Rank:
    """How much evidence of a kind matters that nobody asked for."""
    return _RANKS.get(kind, Rank.STARTED)


def on_day(day: Day | None, today: date) -> Day:
    """What counts today: another day, even one before, begins at nothing."""
    return day if day is not None and day.on == today else Day(today)


def may_go(piece: Waiting, sent_bytes: int, bytes_per_day: int | None) -> bool:
    """Whether it may be sent now, after `sent_bytes` today."""
    if bytes_per_day is None or piece.rank is Rank.ASKED:
        return True
    return sent_bytes + piece.size_bytes <= SHARES[piece.rank] * bytes_per_day


def next_to_send(firsts: Iterable[Waiting], sent_bytes: int, bytes_per_day: int | None) -> Waiting | None:
    """The most important that may go; `firsts` are the oldest of each rank. None: all wait for another day."""
    allowed = [piece for piece in firsts if may_go(piece, sent_bytes, bytes_per_day)]
    return max(allowed, key=lambda piece: piece.rank, default=None)


def given_up(waiting: Sequence[Waiting], waiting_bytes: int, bytes_per_day: int | None) -> tuple[Waiting, ...]:
    """What is not worth waiting for; `waiting` is in order of rank, then age, and `waiting_bytes` is all that waits.

    That is what no day could carry, and the least important, oldest first, of what waits beyond a whole day's bytes.
    """
    if bytes_per_day is None:
        return ()
    lost: list[Waiting] = []
    for piece in waiting:
        if piece.rank is Rank.ASKED:
            continue
        if waiting_bytes > bytes_per_day or not may_go(piece, 0, bytes_per_day):
            lost.append(piece)
            waiting_bytes -= piece.size_bytes
    return tuple(lost)
