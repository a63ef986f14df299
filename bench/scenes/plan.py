"""What happens before one camera of the evaluation: a script, from its seed alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.random import Generator

from provisioning.simulator.drawing.street import ground_of
from provisioning.simulator.video.camera import watched_view
from provisioning.simulator.video.fixtures import fixtures_of
from provisioning.simulator.video.script import Episode, Kind, Place, Script, Weather
from provisioning.simulator.video.truths import MEANINGS

SIZE = (640, 360)
DWELL_S = 25.0
"""Each scene is due after so long: short, so that an hour holds many episodes. What only stops stays for less."""
EVERY_S = 95.0
"""One episode on average."""
WARM_UP_S, LEAVES_S, COMES_S = 35.0, 30.0, 25.0
"""Nothing begins before the first; the others are kept free of episodes at the same place after and before each."""

_DECK_SEED = 83
_TRIES = 60


class Condition(StrEnum):
    """What makes a camera hard; each camera has one."""

    DAY = "day"
    NIGHT = "night"
    RAIN = "rain"
    SHADOWS = "shadows"
    CROWD = "crowd"
    LIGHT_JUMPS = "light_jumps"
    SHAKE = "shake"


@dataclass(frozen=True, slots=True)
class Spread:
    """Where and for how long episodes of a kind are played.

    `across` is mirrored with the camera's fixtures; `wide` is the share of the frame that the thing blocks for others.
    `stays`: seconds as shares of the dwell.
    """

    across: tuple[float, float]
    depth: tuple[float, float]
    wide: float
    stays: tuple[float, float] = (1.7, 3.2)


_BRIEF, _LONG = (0.2, 0.6), (1.6, 2.6)
_FREE, _BAY = (0.46, 0.84), (0.6, 0.68)
SPREADS: dict[Kind, Spread] = {
    Kind.VENDOR: Spread(_FREE, (0.35, 0.9), 0.24),
    Kind.PASSING_VENDOR: Spread(_FREE, (0.35, 0.9), 0.3, (0.1, 0.35)),
    Kind.STANDING_STALL: Spread(_FREE, (0.35, 0.9), 0.24),
    Kind.SHOP_GOODS: Spread((0.12, 0.33), (0.38, 0.55), 0.16),
    Kind.DOORWAY_GOODS: Spread((0.12, 0.33), (0.06, 0.11), 0.14, _LONG),
    Kind.BIKE_PILE: Spread(_BAY, (0.25, 0.42), 0.5, (2.0, 3.2)),
    Kind.FEW_BIKES: Spread((0.52, 0.78), (0.25, 0.42), 0.2, _LONG),
    Kind.BIKE: Spread((0.48, 0.82), (0.68, 0.9), 0.14),
    Kind.BIKE_STOP: Spread((0.48, 0.82), (0.68, 0.9), 0.14, _BRIEF),
    Kind.VEHICLE: Spread((0.3, 0.7), (0.55, 0.92), 0.45),
    Kind.VEHICLE_STOP: Spread((0.3, 0.7), (0.55, 0.92), 0.45, _BRIEF),
    Kind.LITTER: Spread(_FREE, (0.35, 0.95), 0.14),
    Kind.BAG_ATTENDED: Spread(_FREE, (0.35, 0.95), 0.16, _LONG),
    Kind.DUMP_SOLID: Spread(_FREE, (0.35, 0.95), 0.16),
    Kind.DUMP_LIQUID: Spread(_FREE, (0.35, 0.9), 0.2, (3.2, 4.0)),
    Kind.SPRINKLER: Spread((0.5, 0.5), (1.15, 1.25), 0.0, (2.0, 3.2)),
    Kind.BIN_OVERFLOW: Spread((0.92, 0.92), (0.3, 0.3), 0.14),
    Kind.BIN_USE: Spread((0.92, 0.92), (0.3, 0.3), 0.14, (0.06, 0.16)),
    Kind.HEAP: Spread(_FREE, (0.35, 0.8), 0.24),
    Kind.UNLOADING: Spread(_FREE, (0.35, 0.8), 0.24, _BRIEF),
    Kind.CROWD: Spread(_FREE, (0.4, 0.85), 0.28),
    Kind.LOITERERS: Spread(_FREE, (0.35, 0.9), 0.16, _LONG),
}
_FINDINGS_IN_DECK, _LOOKALIKES_IN_DECK = 2, 1
_ONCE = {Kind.DUMP_SOLID, Kind.DUMP_LIQUID}
_LANE_SHARE, _LANE = 0.5, ((0.2, 0.8), (1.06, 1.16))
_LANE_GROUND, _PAVEMENT_GROUND = 1, 0


@dataclass(frozen=True, slots=True)
class CameraPlan:
    """One camera of the evaluation."""

    seed: int
    condition: Condition
    script: Script
    quality: int
    """JPEG quality of its frames, 0..100."""


def plan_camera(seed: int, minutes: float, scenes: frozenset[str]) -> CameraPlan:
    """Return the plan of camera `seed`: episodes of these scenes, and what only looks like them."""
    rng = np.random.default_rng([seed, 89])
    condition = tuple(Condition)[seed % len(Condition)]
    length_s = 60 * minutes
    mirrored = fixtures_of(ground_of(watched_view(seed, *SIZE), *SIZE), seed).mirrored
    episodes = [*_placed(rng, _drawn(seed, length_s, scenes), length_s, mirrored=mirrored)]
    episodes += _weather(rng, condition, length_s)
    weather = {Condition.NIGHT: Weather.NIGHT, Condition.RAIN: Weather.RAIN}.get(condition, Weather.CLEAR)
    walkers = 20 if condition is Condition.CROWD else int(rng.integers(2, 7))
    ordered = tuple(sorted(episodes, key=lambda episode: episode.start_s))
    script = Script(f"{seed}-{condition}", length_s, walkers, int(rng.integers(0, 2)), weather, ordered, furnished=True)
    return CameraPlan(seed, condition, script, int(rng.integers(45, 85)))


def _drawn(seed: int, length_s: float, scenes: frozenset[str]) -> list[Kind]:
    """Return the kinds for this camera: cameras in a row go through the same shuffled deck, so that none is rare."""
    deck = [
        kind
        for kind in SPREADS
        if MEANINGS[kind].scene in scenes
        for _ in range(_FINDINGS_IN_DECK if MEANINGS[kind].finding and kind not in _ONCE else _LOOKALIKES_IN_DECK)
    ]
    count = int(length_s / EVERY_S)
    first = seed * count
    return [_card(deck, number) for number in range(first, first + count)] if deck else []


def _card(deck: Sequence[Kind], number: int) -> Kind:
    round_of, place = divmod(number, len(deck))
    order = np.random.default_rng([round_of, _DECK_SEED]).permutation(len(deck))
    return deck[int(order[place])]


def _placed(rng: Generator, kinds: Sequence[Kind], length_s: float, *, mirrored: bool) -> Iterator[Episode]:
    """Yield the episodes that find a place and a time at which nothing else stands there; a few may find none."""
    taken: list[tuple[int, float, float, float, float]] = []
    for kind in kinds:
        for _ in range(_TRIES):
            episode, ground = _tried(rng, kind, length_s)
            assert episode.place is not None
            half = SPREADS[kind].wide / 2
            area = ground, episode.start_s - COMES_S, episode.end_s + LEAVES_S, episode.place.across - half, (
                episode.place.across + half
            )  # fmt: skip
            if not any(_meet(area, other) for other in taken):
                taken.append(area)
                yield _mirrored(episode) if mirrored else episode
                break


def _tried(rng: Generator, kind: Kind, length_s: float) -> tuple[Episode, int]:
    spread = SPREADS[kind]
    across, depth, ground = spread.across, spread.depth, _PAVEMENT_GROUND
    if MEANINGS[kind].scene == "vehicle_parking" and rng.random() < _LANE_SHARE:
        (across, depth), ground = _LANE, _LANE_GROUND
    stays_s = DWELL_S * rng.uniform(*spread.stays)
    start = rng.uniform(WARM_UP_S, max(WARM_UP_S + 1, length_s - stays_s - LEAVES_S))
    end = min(start + stays_s, length_s)
    return Episode(kind, round(start, 1), round(end, 1), Place(rng.uniform(*across), rng.uniform(*depth))), ground


def _meet(area: tuple[int, float, float, float, float], other: tuple[int, float, float, float, float]) -> bool:
    same_ground = area[0] == other[0]
    return same_ground and area[1] < other[2] and other[1] < area[2] and area[3] < other[4] and other[3] < area[4]


def _mirrored(episode: Episode) -> Episode:
    assert episode.place is not None
    place = Place(1 - episode.place.across, episode.place.depth)
    return Episode(episode.kind, episode.start_s, episode.end_s, place)


def _weather(rng: Generator, condition: Condition, length_s: float) -> Iterator[Episode]:
    if condition in {Condition.DAY, Condition.CROWD}:
        yield Episode(Kind.LIGHT_DRIFT, 0.0, length_s)
    elif condition is Condition.RAIN:
        start = rng.uniform(0.1, 0.5) * length_s
        yield Episode(Kind.WET_ROAD, start, start + 0.4 * length_s)
    elif condition is Condition.SHADOWS:
        yield Episode(Kind.SHADOW_EDGE, 0.05 * length_s, 0.45 * length_s)
        yield Episode(Kind.CLOUD, 0.5 * length_s, 0.6 * length_s)
        yield Episode(Kind.SHADOW_EDGE, 0.62 * length_s, 0.97 * length_s)
    elif condition is Condition.LIGHT_JUMPS:
        yield from _pieces(rng, Kind.LIGHT_JUMP, length_s, (25.0, 90.0), (6.0, 60.0))
    elif condition is Condition.SHAKE:
        yield from _pieces(rng, Kind.SHAKE, length_s, (15.0, 60.0), (15.0, 60.0))


def _pieces(
    rng: Generator, kind: Kind, length_s: float, pauses: tuple[float, float], lasts: tuple[float, float]
) -> Iterator[Episode]:
    start = rng.uniform(*pauses)
    while start < length_s - lasts[1]:
        end = start + rng.uniform(*lasts)
        yield Episode(kind, start, end)
        start = end + rng.uniform(*pauses)
