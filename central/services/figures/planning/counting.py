"""Which counters rates are made of."""

from collections.abc import Collection, Iterable

from central.core.kpis import Indicator, Ratio

PUBLIC = frozenset({"reported_public", "registered_public"})


def counters_of(indicators: Iterable[Indicator]) -> Collection[str]:
    """Ids of all counters that the rates among these need."""
    needed: set[str] = set()
    for one in indicators:
        if isinstance(one.formula, Ratio):
            needed |= {one.formula.numerator, one.formula.denominator}
            needed |= PUBLIC if one.needs_public else frozenset()
    return needed
