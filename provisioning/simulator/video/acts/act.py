"""What plays are made of: actors on their ways, and how long a way takes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.random import Generator

from provisioning.simulator.drawing.ground import Ground
from provisioning.simulator.drawing.staged.hands import Load
from provisioning.simulator.video.fixtures import Fixtures
from provisioning.simulator.video.script import Episode, Place
from provisioning.simulator.video.things import Thing

WALK_M_S = 1.25
PUSH_M_S = 1.0
OUTSIDE_M = 3.0
ALWAYS_S = -1e9
"""A way that begins here begins before every scene."""

_FOCAL_WIDTHS = 0.9

Spot2 = tuple[float, float]
"""Column and base row, canvas pixels."""
Way = tuple[tuple[float, float, float], ...]
"""(second, column, base row); an actor is on the stage from the first second until just before the last."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Something that moves along its way and stands between way points of the same place.

    `look` seeds its appearance, `episode` is the index of the episode it belongs to. `shares`: from which second on
    which share of its height is there (none: all of it). `restless`: shifts its weight while it stands.
    `evidence`: the thing that the episode is about, not somebody who brings it.
    """

    thing: Thing
    look: int
    way: Way
    episode: int
    load: Load = Load.NOTHING
    shares: tuple[tuple[float, float], ...] = ()
    restless: bool = False
    evidence: bool = False

    def share_at(self, t_s: float) -> float:
        """Return the share of its height that is there at that second."""
        return next((share for second, share in reversed(self.shares) if second <= t_s), 0.0) if self.shares else 1.0


@dataclass(frozen=True, slots=True)
class Act:
    """An episode to be played: where, when, and which number seeds its looks."""

    ground: Ground
    fixtures: Fixtures
    episode: Episode
    place: Place
    index: int
    look: int

    @property
    def spot(self) -> Spot2:
        """The place of the episode."""
        return self.place.across * self.ground.width, self.ground.base(self.place.depth)

    @property
    def metre(self) -> float:
        """Canvas pixels a metre at the place."""
        return self.ground.scale(self.spot[1])

    @property
    def times(self) -> tuple[float, float]:
        """Start and end of the episode."""
        return self.episode.start_s, self.episode.end_s

    def rng(self) -> Generator:
        """Return the choices of this act; the same ones each time."""
        return np.random.default_rng([self.look, 61])

    def beside(self, right_m: float, down_m: float = 0.0) -> Spot2:
        """Return the place that many metres to the right and towards the viewer (in the picture)."""
        return self.spot[0] + right_m * self.metre, self.spot[1] + down_m * self.metre

    def edge(self, of: Spot2 | None = None, *, far: bool = False) -> Spot2:
        """Return where the nearer (or the other) edge of the frame is left on the line of that spot."""
        x, base = of or self.spot
        outside = OUTSIDE_M * self.ground.scale(base)
        left = (x < self.ground.width / 2) is not far
        return (-outside if left else self.ground.width + outside), base

    def door(self) -> Spot2:
        """Return the shop's door."""
        return self.fixtures.door_x, self.fixtures.door_base

    def distance_m(self, a: Spot2, b: Spot2) -> float:
        """Return how far it is from one spot on the ground to the other."""
        ground = self.ground
        across = abs(b[0] - a[0]) / ground.scale((a[1] + b[1]) / 2)
        rows = [max(1.0, base - ground.horizon) for base in (a[1], b[1])]
        along = _FOCAL_WIDTHS * ground.width / ground.metre_per_row * abs(1 / rows[0] - 1 / rows[1])
        return float(np.hypot(across, along))

    def walk(
        self, spots: Sequence[Spot2], *, starts_s: float | None = None, ends_s: float = 0.0, m_s: float = WALK_M_S
    ) -> Way:
        """Return the way along the spots at that speed, from `starts_s` on or else so that it `ends_s`."""
        steps = [self.distance_m(a, b) / m_s for a, b in pairwise(spots)]
        first = ends_s - sum(steps) if starts_s is None else starts_s
        seconds = [first, *(first + float(total) for total in np.cumsum(steps))]
        return tuple((second, *spot) for second, spot in zip(seconds, spots, strict=True))

    def actor(self, thing: Thing, way: Way, look: int = 0, load: Load = Load.NOTHING) -> Actor:
        """Return an actor of this episode; `look` tells several apart."""
        return Actor(thing, self.look + look, way, self.index, load)

    def exhibit(self, thing: Thing, spot: Spot2, times: tuple[float, float], look: int = 0) -> Actor:
        """Return what the episode is about, standing at a spot between two times."""
        start, end = times
        return replace(self.actor(thing, ((start, *spot), (end, *spot)), look), evidence=True)

    def errand(
        self, spots: Sequence[Spot2], at_s: float, stays_s: float, look: int, loads: tuple[Load, Load]
    ) -> Iterator[Actor]:
        """Yield somebody who walks along the spots, is at the last one at `at_s` for `stays_s`, and walks back.

        `loads` is what is carried there, and back.
        """
        there, back = loads
        come = self.walk(spots, ends_s=at_s)
        yield self.actor(Thing.PERSON, come, look, there)
        stand: Way = ((at_s, *spots[-1]), (at_s + stays_s, *spots[-1]))
        yield replace(self.actor(Thing.PERSON, stand, look, Load.REACHING), restless=True)
        yield self.actor(Thing.PERSON, self.walk(list(reversed(spots)), starts_s=at_s + stays_s), look, back)


Play = Callable[[Act], Iterator[Actor]]


def look_of(seed: int, number: int) -> int:
    """Return the look of somebody or something; numbers far apart give looks far apart."""
    return (seed * 7_919 + number * 104_729) % 2_147_483_648
