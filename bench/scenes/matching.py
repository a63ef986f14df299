"""What was told against what was true: hits, misses, duplicates, false alarms; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bench.scenes.plan import DWELL_S
from bench.scenes.site import Mode
from bench.scenes.watch import Raise
from provisioning.simulator.video.script import Kind
from provisioning.simulator.video.truths import Edges, EpisodeTruth

BEFORE_S, AFTER_S = 12.0, 6.0
"""A raise belongs to an episode that it begins no earlier before, and is told no later after."""
OVERLAP_MIN = 0.3
"""Of the smaller box, in the larger."""

_STANDING_LOOKALIKES = {Kind.BAG_ATTENDED, Kind.DOORWAY_GOODS, Kind.FEW_BIKES, Kind.LOITERERS, Kind.CROWD}
_NOT_STATIC = {Kind.CROWD, Kind.DUMP_LIQUID}


class Outcome(StrEnum):
    """What became of a finding, or of a raise."""

    HIT = "hit"
    MISS = "miss"
    DUPLICATE = "duplicate"
    FALSE = "false"
    EXCUSED = "excused"
    """True of the place, but nothing that this scene is scored on."""


@dataclass(frozen=True, slots=True)
class Match:
    """A finding with its first raise (hit), a finding alone (miss), or a raise alone or too many.

    `about`: for a raise that is false, what really was there.
    """

    outcome: Outcome
    scene: str
    truth: EpisodeTruth | None = None
    told: Raise | None = None
    about: EpisodeTruth | None = None

    @property
    def delay_s(self) -> float:
        """Seconds between due and told, of a hit."""
        assert self.truth is not None
        assert self.told is not None
        return self.told.raised_s - (self.truth.start_s + DWELL_S)


def match(truths: Sequence[EpisodeTruth], raises: Sequence[Raise], mode: Mode) -> Iterator[Match]:
    """Yield each finding once and each raise at most once."""
    left = sorted(raises, key=lambda told: told.raised_s)
    for truth in truths:
        if not scored(truth, mode):
            continue
        own = [told for told in left if fits(told, truth) and means(told, truth, mode)]
        left = [told for told in left if told not in own]
        scene = scene_of(truth, mode)
        yield Match(Outcome.HIT if own else Outcome.MISS, scene, truth, own[0] if own else None)
        yield from (Match(Outcome.DUPLICATE, scene, truth, told) for told in own[1:])
    false: list[Raise] = []
    for told in left:
        about = [truth for truth in truths if fits(told, truth)]
        excused = any(_excuses(truth, told, mode) for truth in about) or _is_company(told, truths, mode)
        outcome = Outcome.EXCUSED if excused else Outcome.FALSE
        if outcome is Outcome.FALSE and mode is Mode.STATIC:
            outcome = Outcome.DUPLICATE if any(_is_one_region(told, other) for other in false) else outcome
            false.append(told)
        yield Match(outcome, told.scene, told=told, about=about[0] if about else None)


def scored(truth: EpisodeTruth, mode: Mode) -> bool:
    """Whether the episode is a finding that this mode has to tell."""
    return truth.finding and truth.box is not None and not (mode is Mode.STATIC and truth.kind in _NOT_STATIC)


def scene_of(truth: EpisodeTruth, mode: Mode) -> str:
    """Return under which scene a finding is counted."""
    return "stay" if mode is Mode.STATIC else truth.scene


def means(told: Raise, truth: EpisodeTruth, mode: Mode) -> bool:
    """Whether it was told as what it is."""
    return mode is Mode.STATIC or told.scene == truth.scene or (told.scene in truth.also)


def fits(told: Raise, truth: EpisodeTruth) -> bool:
    """Whether the raise is about that time and place."""
    return _in_time(told, truth) and any(
        overlap(told.box, box) >= OVERLAP_MIN for box in (*truth.boxes, truth.box) if box
    )


def _is_one_region(told: Raise, other: Raise) -> bool:
    """Whether a region was told in two zones that meet: one place at one time."""
    at_once = told.started_s <= other.ended_s and other.started_s <= told.ended_s
    return told.zone != other.zone and at_once and overlap(told.box, other.box) >= OVERLAP_MIN


def _excuses(truth: EpisodeTruth, told: Raise, mode: Mode) -> bool:
    if mode is Mode.STATIC:
        return truth.kind in _STANDING_LOOKALIKES | _NOT_STATIC or truth.finding
    return truth.finding and told.scene in truth.also


def _is_company(told: Raise, truths: Sequence[EpisodeTruth], mode: Mode) -> bool:
    """Whether it is somebody who stands at an episode: static foreground does not know people from things."""
    return mode is Mode.STATIC and any(
        _in_time(told, truth) and any(overlap(told.box, box) >= OVERLAP_MIN for box in truth.company)
        for truth in truths
    )


def _in_time(told: Raise, truth: EpisodeTruth) -> bool:
    begun = told.ended_s > truth.start_s - BEFORE_S and told.started_s >= truth.start_s - 2 * BEFORE_S
    return begun and truth.start_s <= told.raised_s <= truth.end_s + AFTER_S


def overlap(a: Edges, b: Edges) -> float:
    """Return the shared area as a share of the smaller box."""
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return max(0.0, width) * max(0.0, height) / smaller if smaller > 0 else 0.0
