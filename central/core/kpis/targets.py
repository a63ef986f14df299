"""What a figure should reach: by whose word, since when, why; and what was said before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from central.core.kpis.indicators import INDICATORS, Better


class BadTarget(ValueError):
    """A target that nobody stands for; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Target:
    """One word about one figure.

    `since`: the first day it holds; `group`: whose, "" for the city. Raises `BadTarget`.
    """

    indicator: str
    value: float
    owner: str
    since: date
    reason: str
    group: str = ""

    def __post_init__(self) -> None:
        if self.indicator not in INDICATORS:
            raise BadTarget(f"there is no figure {self.indicator!r}")
        if not self.owner.strip() or not self.reason.strip():
            raise BadTarget("a target needs an owner and a reason")

    def is_met(self, value: float) -> bool:
        """Whether a value reaches it."""
        higher = INDICATORS[self.indicator].better is Better.HIGHER
        return value >= self.value if higher else value <= self.value


@dataclass(frozen=True, slots=True)
class Targets:
    """All that was ever said, in the order in which it was; nothing is taken away."""

    said: tuple[Target, ...] = ()

    def history(self, indicator: str, group: str = "") -> Sequence[Target]:
        """What was said about a figure, by the day from which it holds; of the same day the later word last."""
        mine = [one for one in self.said if (one.indicator, one.group) == (indicator, group)]
        return sorted(mine, key=lambda one: one.since)

    def on(self, indicator: str, day: date, group: str = "") -> Target | None:
        """The one that holds on a day."""
        return next((one for one in reversed(self.history(indicator, group)) if one.since <= day), None)
