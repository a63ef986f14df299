"""How far a box's stream of numbered messages is complete."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StreamWindow:
    """A stream as stored: complete up to `upto`, and the lowest numbers (sorted) and gaps above it."""

    epoch: str
    upto: int
    seqs: tuple[int, ...] = ()
    gaps: tuple[tuple[int, int], ...] = ()
