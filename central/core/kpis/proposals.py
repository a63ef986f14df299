"""What a figure may be asked to reach in a year, taken from its own months, with the chance of each.

A level is a value that a month of the history had. Where `reached` of `months` months reached it, another month that is
like them reaches it with the mean of a Beta(reached + 1/2, months - reached + 1/2): never 0, never 1. That months stay
alike is an assumption, and the proposal says so; whoever expects otherwise sets another target and writes why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil

from central.core.kpis.figures import Figure
from central.core.kpis.periods import CalendarUnit, Period
from central.core.kpis.phases import Note
from central.core.kpis.registry.indicators import INDICATORS, Better
from protocol.texts import Words

MONTHS_MIN = 12
"""A year, so that every season is in it."""
MONTHS_MAX = 36
"""Of a longer history the last."""

TOO_SHORT = Words(
    zh="{year}年之前只有{usable}个月可用（另有{unusable}个月无数值或样本不足），至少需要{minimum}个月，不提出目标建议",
    en="only {usable} months before {year} can be used ({unusable} more have no value or too few cases); a proposal "
    "needs {minimum}",
)
NO_BETTER = Words(zh="该指标无优劣之分，不提出目标建议", en="neither way of this figure is better; nothing is proposed")
ASSUMED = Words(
    zh="按{months}个月的历史推算，假定{year}年各月与历史各月相近",
    en="from {months} months, as if the months of {year} were like them",
)
IN_TRIAL = Words(
    zh="按{months}个月的历史推算（其中{trial}个月含试运行，未必代表正式运行），假定{year}年各月与历史各月相近",
    en="from {months} months ({trial} of them reach into trial operation, which need not stand for formal operation), "
    "as if the months of {year} were like them",
)


class Level(StrEnum):
    """How much is asked for."""

    FLOOR = "floor"
    TARGET = "target"
    STRETCH = "stretch"


REACHED: dict[Level, Fraction] = {
    Level.FLOOR: Fraction(9, 10),
    Level.TARGET: Fraction(6, 10),
    Level.STRETCH: Fraction(2, 10),
}
"""By how much of the history each level was reached at least."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A level's value, how many months of the history reached it, the chance that a month like them does."""

    level: Level
    value: float
    reached: int
    chance: Fraction


@dataclass(frozen=True, slots=True)
class Proposal:
    """The three levels for a year, from the easiest on, or none; `words`: what they rest on, or why there are none.

    `trial_months`: so many of the months reach into trial operation.
    """

    indicator: str
    year: int
    group: str
    months: int
    levels: tuple[Proposed, ...]
    words: Words
    trial_months: int = 0


def proposal_of(indicator: str, year: int, history: Sequence[tuple[Period, Figure]], group: str = "") -> Proposal:
    """From the months before the year that have a value on enough cases; `ValueError` for what is no such history.

    Figures that are noted to reach into trial operation count, and the words say how many they are.
    """
    better = INDICATORS[indicator].better
    before = sorted((one for one in history if _year(one[0]) < year), key=lambda one: one[0].begin)
    for period, figure in before:
        if period.calendar_unit is not CalendarUnit.MONTH or (figure.indicator, figure.group) != (indicator, group):
            raise ValueError(f"the history of {indicator} holds something else: {period} {figure}")
    if len({period.begin for period, _ in before}) < len(before):
        raise ValueError(f"the history of {indicator} holds a month twice")
    before = before[-MONTHS_MAX:]
    used = [one for _, one in before if one.value is not None and not one.is_below_minimum]
    values = [one.value for one in used if one.value is not None]
    if better is Better.NEITHER:
        return Proposal(indicator, year, group, len(values), (), NO_BETTER)
    if len(values) < MONTHS_MIN:
        told = {"year": year, "usable": len(values), "unusable": len(before) - len(values), "minimum": MONTHS_MIN}
        return Proposal(indicator, year, group, len(values), (), _filled(TOO_SHORT, told))
    best_first = sorted(values, reverse=better is Better.HIGHER)
    levels = tuple(_proposed(level, share, best_first, better) for level, share in REACHED.items())
    trial = sum(Note.TRIAL_OPERATION in one.notes for one in used)
    told = {"months": len(values), "trial": trial, "year": year}
    return Proposal(indicator, year, group, len(values), levels, _filled(IN_TRIAL if trial else ASSUMED, told), trial)


def _proposed(level: Level, share: Fraction, best_first: Sequence[float], better: Better) -> Proposed:
    value = best_first[ceil(share * len(best_first)) - 1]
    reached = sum(1 for one in best_first if (one >= value if better is Better.HIGHER else one <= value))
    return Proposed(level, value, reached, Fraction(2 * reached + 1, 2 * len(best_first) + 2))


def _year(period: Period) -> int:
    return period.first_day.year


def _filled(words: Words, values: dict[str, int]) -> Words:
    return Words(zh=words.zh.format_map(values), en=words.en.format_map(values))
