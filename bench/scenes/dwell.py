"""The same clip at 1, 2, 5 and 10 frames a second: `python -m bench.scenes.dwell` prints each dwell at each rate.

Virtual time; one camera; frames and detections of the fastest rate serve the slower ones too.
"""

import math
import sys
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from bench.scenes.matching import Outcome, match
from bench.scenes.plan import CameraPlan, Condition
from bench.scenes.seeds import TUNING_SEEDS
from bench.scenes.site import Mode, available
from bench.scenes.watch import Feed, watch
from edge_agent.core.values import Detection
from edge_agent.video.frame import Picture
from provisioning.simulator.video.camera import StreetCamera
from provisioning.simulator.video.script import Episode, Kind, Place, Script, Weather
from provisioning.simulator.video.truths import MEANINGS

RATES = (1.0, 2.0, 5.0, 10.0)
TOLERANCE_S = 1.0
"""Each dwell may lie so far from their middle."""
SEED = TUNING_SEEDS[8]

_START_S, _END_S, _LENGTH_S = 35.0, 80.0, 100.0
_CLIPS: tuple[tuple[tuple[Kind, float, float], ...], ...] = (
    (
        (Kind.SHOP_GOODS, 0.22, 0.45), (Kind.BIKE, 0.65, 0.8), (Kind.BIN_OVERFLOW, 0.92, 0.3),
    ),
    ((Kind.VENDOR, 0.5, 0.5), (Kind.LITTER, 0.78, 0.7), (Kind.VEHICLE, 0.3, 1.1)),
    ((Kind.STANDING_STALL, 0.5, 0.5), (Kind.DUMP_SOLID, 0.78, 0.7)),
    ((Kind.HEAP, 0.5, 0.5), (Kind.CROWD, 0.78, 0.6)),
    ((Kind.BIKE_PILE, 0.65, 0.35),),
)  # fmt: skip


class _Kept(Feed):
    """Keeps every frame and what was seen on it."""

    def __init__(self, plan: CameraPlan, fps: float) -> None:
        super().__init__(plan, fps)
        self._pictures: dict[float, Picture] = {}
        self._seen: dict[float, tuple[Detection, ...]] = {}

    def picture(self, t_s: float) -> Picture:
        """Return the frame of a second."""
        if t_s not in self._pictures:
            self._pictures[t_s] = super().picture(t_s)
        return self._pictures[t_s]

    def seen(self, t_s: float, picture: Picture) -> tuple[Detection, ...]:
        """Return the detections on the frame of that second."""
        if t_s not in self._seen:
            self._seen[t_s] = super().seen(t_s, picture)
        return self._seen[t_s]


def dwells(mode: Mode, scenes: frozenset[str], rates: tuple[float, ...] = RATES) -> dict[str, dict[float, float]]:
    """Return by kind of episode the dwell that was told at each rate; a rate at which it was missed is not there."""
    found: dict[str, dict[float, float]] = {}
    for clip in _clips(scenes):
        feed = _Kept(clip, max(rates))
        for fps in rates:
            seen = watch(clip, mode, scenes, fps, feed)
            for one in match(seen.truths, seen.raises, mode):
                if one.truth is None:
                    continue
                by_rate = found.setdefault(str(one.truth.kind), {})
                if one.outcome is Outcome.HIT and one.told is not None:
                    by_rate[fps] = one.told.dwell_s
    return found


def off_s(by_rate: dict[float, float], rates: tuple[float, ...] = RATES) -> float:
    """Return how far the dwells of one episode lie from their middle; beyond all measure where a rate missed it."""
    if by_rate.keys() != set(rates):
        return math.inf
    return (max(by_rate.values()) - min(by_rate.values())) / 2


def _clips(scenes: frozenset[str]) -> Iterator[CameraPlan]:
    mirrored = _mirrored()
    for clip in _CLIPS:
        episodes = tuple(
            Episode(kind, _START_S, _END_S, Place(1 - across if mirrored else across, depth))
            for kind, across, depth in clip
            if MEANINGS[kind].scene in scenes
        )
        if episodes:
            script = Script("dwell", _LENGTH_S, 2, 0, Weather.CLEAR, episodes, furnished=True)
            yield CameraPlan(SEED, Condition.DAY, script, 80)


def _mirrored() -> bool:
    places = StreetCamera(Script("empty", 1.0, 0, 0, Weather.CLEAR, ()), SEED, (320, 180), 1.0).places()
    return places.shop[0][0] > places.bay[0][0]


def main() -> int:
    """Print the table; 1 when a dwell depends on the rate."""
    table, good = Table(title="dwell in seconds by frames a second", title_justify="left"), True
    for column in ("", *(f"{rate:g} fps" for rate in RATES), "off by"):
        table.add_column(column)
    runs = [(Mode.STATIC, frozenset(meaning.scene for meaning in MEANINGS.values())), (Mode.MODEL, available())]
    for mode, scenes in runs:
        for kind, by_rate in dwells(mode, scenes).items() if scenes else ():
            off = off_s(by_rate)
            good &= off <= TOLERANCE_S
            cells = (f"{by_rate[rate]:.1f}" if rate in by_rate else "missed" for rate in RATES)
            table.add_row(f"{mode} {kind}", *cells, f"{off:.1f}" if math.isfinite(off) else "missed")
    Console().print(table)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
