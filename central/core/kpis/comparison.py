"""A figure beside others: the last period, last year, the plan, the time before the project."""

from dataclasses import dataclass, replace
from enum import StrEnum

from central.core.kpis.baseline import BookValue
from central.core.kpis.figures import Figure
from central.core.kpis.registry.indicators import INDICATORS, Better
from central.core.kpis.targets import Target
from protocol.texts import Words

_OF_PLAN = Words(zh="{owner}自{since}起：{reason}", en="{owner}, since {since}: {reason}")
_OF_BOOKS = Words(zh="{source}：{reason}", en="{source}: {reason}")


class Beside(StrEnum):
    """What a figure is compared with."""

    LAST_PERIOD = "last_period"
    LAST_YEAR = "last_year"
    PLAN = "plan"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`change`: this minus the other, None where either is unknown.

    `is_better`: None where nothing changed, and of a figure of which neither way is better.

    `basis`: who says the other value and why; None for what is counted.
    """

    beside: Beside
    other: float | None
    change: float | None
    is_better: bool | None
    basis: Words | None = None


def compared(figure: Figure, beside: Beside, other: float | None) -> Comparison:
    """The difference from another value of the same figure."""
    if figure.value is None or other is None:
        return Comparison(beside, other, None, None)
    change = figure.value - other
    better = INDICATORS[figure.indicator].better
    if change == 0 or better is Better.NEITHER:
        return Comparison(beside, other, change, None)
    return Comparison(beside, other, change, (change > 0) is (better is Better.HIGHER))


def against_plan(figure: Figure, target: Target | None) -> Comparison:
    """The difference from a target; reaching it exactly is better."""
    if target is None:
        return compared(figure, Beside.PLAN, None)
    told = compared(figure, Beside.PLAN, target.value)
    basis = _filled(_OF_PLAN, owner=target.owner, since=target.since.isoformat(), reason=target.reason)
    is_met = told.change == 0 and INDICATORS[figure.indicator].better is not Better.NEITHER
    return replace(told, is_better=True if is_met else told.is_better, basis=basis)


def against_books(figure: Figure, books: BookValue) -> Comparison:
    """The difference from what the books of the time before the project say."""
    told = compared(figure, Beside.BASELINE, books.value)
    return replace(told, basis=_filled(_OF_BOOKS, source=books.source, reason=books.reason))


def _filled(words: Words, **values: str) -> Words:
    return Words(zh=words.zh.format_map(values), en=words.en.format_map(values))
