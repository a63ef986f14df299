"""A figure beside others: the last period, last year, the plan, the time before the project."""

from dataclasses import dataclass, replace
from enum import StrEnum

from central.core.kpis.figures import Figure
from central.core.kpis.indicators import INDICATORS, Better
from central.core.kpis.targets import Target


class Beside(StrEnum):
    """What a figure is compared with."""

    LAST_PERIOD = "last_period"
    LAST_YEAR = "last_year"
    PLAN = "plan"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`change`: this minus the other, None where either is unknown; `is_better`: None where nothing changed."""

    beside: Beside
    other: float | None
    change: float | None
    is_better: bool | None


def compared(figure: Figure, beside: Beside, other: float | None) -> Comparison:
    """The difference from another value of the same figure."""
    if figure.value is None or other is None:
        return Comparison(beside, other, None, None)
    change = figure.value - other
    higher = INDICATORS[figure.indicator].better is Better.HIGHER
    return Comparison(beside, other, change, None if change == 0 else (change > 0) is higher)


def against_plan(figure: Figure, target: Target | None) -> Comparison:
    """The difference from a target; reaching it exactly is better."""
    told = compared(figure, Beside.PLAN, None if target is None else target.value)
    return replace(told, is_better=True) if told.change == 0 else told
