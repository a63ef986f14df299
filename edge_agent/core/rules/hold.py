"""What a scene answers at a look, and what the clock keeps of each thing that it found."""

import math
from dataclasses import dataclass
from datetime import datetime

from edge_agent.core.rules.sighting import Claim
from edge_agent.core.zones import overlap_of_smaller
from protocol.geometry import Box
from protocol.scene_rules import SeverityStep

SAME_PLACE_SHARE, SAME_THING_SHARE = 0.5, 0.3
"""Of the smaller box; the second for a region and an object, because a region may be only a part of a thing."""
BESIDE_WIDTHS, BESIDE_HEIGHTS = 0.5, 0.5
"""Pieces of one thing are no further apart than this share of the wider, and share so much of the lower's height."""
ABOVE_HEIGHTS, ABOVE_WIDTHS = 0.1, 0.5
"""So too one above the other, such as the roof of a stall: of the taller's height, and of the narrower's width."""


@dataclass(frozen=True, slots=True)
class Timing:
    """What a rule asks of a hold; its durations are already stretched to the camera's cadence where that is slow.

    A hold below `score_min` is neither certain nor told, and so keeps no other rule from telling the thing.
    `in_pieces`: what is beside an episode that goes on is a piece of the same thing. `fresh_s`: what was last found
    longer ago is not told: a group that is leaving is remembered for the grace gap.
    """

    dwell_s: float
    grace_s: float
    held_share: float
    silence_s: float
    seen_s: float
    severity: int
    steps: tuple[SeverityStep, ...] = ()
    score_min: float = 0.0
    in_pieces: bool = False
    fresh_s: float = math.inf


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that meets a scene's condition now.

    `since`: from when on it stood there, where that is known. `seen_at`: when that was last seen, where not now.
    `enough`: it does so by itself; else only so nearly that an episode which was told goes on (hysteresis).
    `came`: it was seen to come from elsewhere, and so is nothing that was told here before.
    `sure_at`: when it was last surely seen, where not now.
    """

    key: int
    label: str
    score: float
    box: Box
    since: datetime | None = None
    count: int | None = None
    area_share: float | None = None
    enough: bool = True
    seen_at: datetime | None = None
    came: bool = False
    sure_at: datetime | None = None

    @property
    def weight(self) -> float:
        """By what the peak is chosen: how many, how much, else how surely it is seen."""
        return float(self.count or self.area_share or self.score)


@dataclass(frozen=True, slots=True)
class Found:
    """A scene's answer to a look.

    `hidden`: keys of subjects that cannot be judged now and are not known gone. `void`: keys of subjects whose clock
    starts afresh unless they were told, because what they did so far does not count.
    """

    subjects: tuple[Subject, ...] = ()
    hidden: frozenset[int] = frozenset()
    void: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Hold:
    """One subject's episode so far. `looks` counts looks since the start, `seen_looks` those that found it.

    `first_box` is where it began, `begun_at` when it was first found, `certain_at` when it was certain to be there.
    `sure_at`: until when it was surely there, which is what is told of its end.
    `elsewhere`: another rule told it; it is not told again for as long as it lasts.
    """

    subject: Subject
    first_box: Box
    started_at: datetime
    begun_at: datetime
    found_at: datetime
    sure_at: datetime
    looks: int
    seen_looks: int
    severity: int
    peak: Subject
    peak_at: datetime
    certain_at: datetime | None = None
    raised_at: datetime | None = None
    elsewhere: bool = False

    @property
    def dwell_s(self) -> float:
        """Last found minus start."""
        return (self.found_at - self.started_at).total_seconds()

    @property
    def held_share(self) -> float:
        """Share of the looks that found it."""
        return self.seen_looks / self.looks


@dataclass(frozen=True, slots=True)
class Holds:
    """Holds in progress, oldest first.

    `told`: places that were told and stay silent until their time, for the silence at most where the clock was set
    back; `ended`: those whose episode is just over. `lost`: keys of subjects whose hold is over, and when they were
    last found: whoever is found again begins anew.
    """

    holds: tuple[Hold, ...] = ()
    told: tuple[tuple[Box, datetime], ...] = ()
    ended: tuple[tuple[Box, datetime], ...] = ()
    lost: tuple[tuple[int, datetime], ...] = ()

    @property
    def raised(self) -> tuple[Hold, ...]:
        """Those that were told and go on."""
        return tuple(hold for hold in self.holds if hold.raised_at is not None)


def same_place(box: Box, other: Box) -> bool:
    """Whether two boxes are about one thing: half of the smaller lies in the other."""
    return overlap_of_smaller(box, other) >= SAME_PLACE_SHARE


def beside(box: Box, other: Box) -> bool:
    """Whether two boxes may be pieces of one thing that somebody or something stands before."""
    apart = max(box[0], other[0]) - min(box[2], other[2])
    below = max(box[1], other[1]) - min(box[3], other[3])
    widths, heights = (box[2] - box[0], other[2] - other[0]), (box[3] - box[1], other[3] - other[1])
    level = apart <= BESIDE_WIDTHS * max(widths) and -below >= BESIDE_HEIGHTS * min(heights)
    return level or (below <= ABOVE_HEIGHTS * max(heights) and -apart >= ABOVE_WIDTHS * min(widths))


def same_thing(claim: Claim, box: Box) -> bool:
    """Whether a box is about what another rule claims; of a region and an object less must be common."""
    share = SAME_THING_SHARE if claim.other_stream else SAME_PLACE_SHARE
    return overlap_of_smaller(claim.box, box) >= share
