"""Things and people of a street as tracks, played before running rules at any number of looks a second."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from edge_agent.core.rules import Look, RunningRule, Sighting, SightingPhase, Stream, judged
from edge_agent.core.rules.names import NOTHING_CALLED, named
from edge_agent.core.tracking.standing import STAND_S
from edge_agent.core.values import Detection, Track
from protocol.geometry import Box
from protocol.scene_rules import STATIC_LABEL
from protocol.scenes import Scene

START = datetime(2026, 1, 1, tzinfo=UTC)
MATURE_S = 2.5
"""So long after it came a region of static foreground is known."""


def at(second: float) -> datetime:
    """That second of the play."""
    return START + timedelta(seconds=second)


@dataclass(frozen=True, slots=True)
class Actor:
    """Something that is in the picture from `begin_s` to `end_s`; it stands unless it moves `speed` widths a second.

    `stands_from_s`: when it came to stand, if that was later than it was first seen.
    """

    number: int
    label: str
    box: Box
    begin_s: float
    end_s: float
    came: bool = False
    speed: float = 0.0
    stands_from_s: float | None = None
    liquid: bool = False
    misses: frozenset[int] = frozenset()
    """Looks, counted from its begin, that do not find it."""
    faintly: str = ""
    """What the detector calls a region, too weakly for an object of its own."""

    @property
    def still(self) -> bool:
        """Whether it is a region of static foreground."""
        return self.label == STATIC_LABEL

    def track(self, second: float, fps: float) -> Track | None:
        """The track that a tracker would tell."""
        known_s = self.begin_s + (MATURE_S if self.still else 0.0)
        if not known_s <= second <= self.end_s:
            return None
        moved = self.speed * (second - self.begin_s) * (self.box[2] - self.box[0])
        box = (self.box[0] + moved, self.box[1], self.box[2] + moved, self.box[3])
        since_s = self.begin_s if self.stands_from_s is None else self.stands_from_s
        stands = not self.still and self.speed == 0 and second >= since_s + STAND_S
        looks = round((second - self.begin_s) * fps)
        seen_s = second - (1 / fps if looks in self.misses else 0.0)
        first, since = at(self.begin_s), at(since_s) if stands else None
        return Track(
            self.number, self.label, box, 0.8, first, at(seen_s), self.still,
            stands_since=since, came=self.came, liquid=self.liquid,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A sighting in seconds of the play."""

    scene: Scene
    zone: str
    phase: SightingPhase
    at_s: float
    started_s: float
    last_seen_s: float
    sighting: Sighting

    @property
    def dwell_s(self) -> float:
        """Last seen minus start."""
        return self.last_seen_s - self.started_s


def play(rules: Sequence[RunningRule], actors: Sequence[Actor], length_s: float, fps: float = 2.0) -> list[Told]:
    """All that is told but first and highest moments; every look is one of the detector, then one of static ground."""
    running, told, names = list(rules), [], NOTHING_CALLED
    for number in range(round(length_s * fps) + 1):
        second = number / fps
        tracks = [track for actor in actors if (track := actor.track(second, fps)) is not None]
        objects = tuple(track for track in tracks if not track.still)
        regions = tuple(track for track in tracks if track.still)
        seen = [Detection(one.label, one.score, one.box) for one in objects if one.last_seen_at == at(second)]
        seen += [
            Detection(one.faintly, 0.25, one.box, begins=False)
            for one in actors
            if one.faintly and one.begin_s <= second <= one.end_s
        ]
        names = named(names, tracks, seen, at(second))
        for stream, own, other in ((Stream.OBJECTS, objects, regions), (Stream.REGIONS, regions, objects)):
            look = Look(own, at(second), 1 / fps, stream, other, names=names)
            for index, (after, said) in enumerate(judged(tuple(running), look)):
                running[index] = after
                told += [_told(after, one, second) for one in said]
    return [one for one in told if one.phase not in {SightingPhase.ENTERED, SightingPhase.PEAKED}]


def _told(rule: RunningRule, one: Sighting, second: float) -> Told:
    started, last = ((moment - START).total_seconds() for moment in (one.started_at, one.last_seen_at))
    return Told(rule.scene, rule.setting.zone.id, one.phase, second, started, last, one)


def raised(told: Sequence[Told]) -> list[Told]:
    """Those that say that something began."""
    return [one for one in told if one.phase is SightingPhase.RAISED]
