"""Counts of an evaluation with their 95 % intervals; pure."""

import math
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from bench.scenes.matching import Match, Outcome

Z = 1.959964
TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and the ends of its 95 % interval; None where there is nothing to divide by."""

    value: float | None
    low: float
    high: float

    def __str__(self) -> str:
        """Return `0.95 [0.88, 0.98]`."""
        return "–" if self.value is None else f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


@dataclass(frozen=True, slots=True)
class Score:
    """One row: `episodes` findings, of them `hits` told. What is false counts against `precision` and `false_per_h`.

    Duplicates count as false too, but on static foreground, which tells places and not cases.
    """

    name: str
    camera_hours: float
    episodes: int
    hits: int
    false: int
    duplicates: int
    excused: int
    recall: Estimate
    precision: Estimate
    false_per_h: Estimate
    delay_median_s: float | None
    delay_p90_s: float | None

    def as_json(self) -> dict[str, Any]:
        """Return it for a file."""
        return asdict(self)


def score(name: str, matches: Iterable[Match], camera_hours: float, *, duplicates_are_false: bool = True) -> Score:
    """Return the row of these matches over so many hours."""
    all_of = list(matches)
    count = {outcome: sum(one.outcome is outcome for one in all_of) for outcome in Outcome}
    hits, wrong = count[Outcome.HIT], count[Outcome.FALSE] + duplicates_are_false * count[Outcome.DUPLICATE]
    delays = [one.delay_s for one in all_of if one.outcome is Outcome.HIT]
    return Score(
        name=name,
        camera_hours=camera_hours,
        episodes=hits + count[Outcome.MISS],
        hits=hits,
        false=count[Outcome.FALSE],
        duplicates=count[Outcome.DUPLICATE],
        excused=count[Outcome.EXCUSED],
        recall=share(hits, hits + count[Outcome.MISS]),
        precision=share(hits, hits + wrong),
        false_per_h=rate(wrong, camera_hours),
        delay_median_s=float(np.median(delays)) if delays else None,
        delay_p90_s=float(np.percentile(delays, 90)) if delays else None,
    )


def share(part: int, whole: int) -> Estimate:
    """Return part / whole with Wilson's interval."""
    if whole == 0:
        return Estimate(None, 0.0, 1.0)
    p, z2 = part / whole, Z * Z
    middle = (p + z2 / (2 * whole)) / (1 + z2 / whole)
    half = Z / (1 + z2 / whole) * math.sqrt(p * (1 - p) / whole + z2 / (4 * whole * whole))
    return Estimate(p, max(0.0, middle - half), min(1.0, middle + half))


def rate(events: int, hours: float) -> Estimate:
    """Return events an hour with Garwood's exact Poisson interval."""
    if hours <= 0:
        return Estimate(None, 0.0, math.inf)
    low = 0.0 if events == 0 else _solved(lambda mean: 1 - _at_most(events - 1, mean) - TAIL, events)
    high = _solved(lambda mean: TAIL - _at_most(events, mean), events)
    return Estimate(events / hours, low / hours, high / hours)


def _at_most(events: int, mean: float) -> float:
    if mean == 0:
        return 1.0
    return sum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(events + 1))


def _solved(rising: Callable[[float], float], events: int) -> float:
    low, high = 0.0, events + 10.0 + 10.0 * math.sqrt(events + 1)
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2
