"""Figures: facts of cases, conditions as data, counters, indicators, periods, targets. Pure."""

from central.core.kpis.comparison import Beside, Comparison, against_plan, compared
from central.core.kpis.conditions import Condition, holds, told
from central.core.kpis.counters import COUNTERS, Cohort, Counter
from central.core.kpis.facts import ByClockwork, CaseFact, Counting, after, folded
from central.core.kpis.figures import Counts, Figure, Times, duration_of, figure_of, spread_of, times_of, wilson
from central.core.kpis.indicators import (
    GROUPS,
    INDICATORS,
    Better,
    Confidence,
    Duration,
    Indicator,
    Ratio,
    Spread,
    Unit,
    Unrecorded,
)
from central.core.kpis.periods import ZONE, BadPeriod, Period, Span, period_between, period_of
from central.core.kpis.targets import BadTarget, Target, Targets

__all__ = [
    "COUNTERS",
    "GROUPS",
    "INDICATORS",
    "ZONE",
    "BadPeriod",
    "BadTarget",
    "Beside",
    "Better",
    "ByClockwork",
    "CaseFact",
    "Cohort",
    "Comparison",
    "Condition",
    "Confidence",
    "Counter",
    "Counting",
    "Counts",
    "Duration",
    "Figure",
    "Indicator",
    "Period",
    "Ratio",
    "Span",
    "Spread",
    "Target",
    "Targets",
    "Times",
    "Unit",
    "Unrecorded",
    "after",
    "against_plan",
    "compared",
    "duration_of",
    "figure_of",
    "folded",
    "holds",
    "period_between",
    "period_of",
    "spread_of",
    "times_of",
    "told",
    "wilson",
]
