"""Why a mean duration changed between two periods."""

from dataclasses import dataclass
from datetime import datetime

from central.core.kpis import INDICATORS, Beside, Change, Duration, Indicator, Period, change_of_mean
from central.services.figures.kpis import KpiUnknown
from central.stores.ports import Asked, Stores

OTHERS = (Beside.LAST_PERIOD, Beside.LAST_YEAR)
"""With what a change can be explained: what has cases to look into."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A change of an indicator's mean from the `other` period to `period`."""

    indicator: Indicator
    beside: Beside
    period: Period
    other: Period
    change: Change


class Changes:
    """Factor analysis (因素分析法) over all facts."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    def explain(self, name: str, period: Period, beside: Beside, as_of: datetime) -> Explained:
        """The mean of a duration beside that of another period, split by class, department and stage.

        Raises `KpiUnknown` for what there is not, what is no duration, and what has no cases to look into.
        """
        indicator = INDICATORS.get(name)
        durations = ", ".join(one.id for one in INDICATORS.values() if isinstance(one.formula, Duration))
        if indicator is None or not isinstance(indicator.formula, Duration):
            raise KpiUnknown(f"{name!r} is no mean of durations, and only these are split; there are {durations}")
        if beside not in OTHERS:
            raise KpiUnknown(f"a change is explained beside {' or '.join(OTHERS)}; {beside} has no cases to look into")
        other = period.beside[OTHERS.index(beside)]
        if other is None:
            raise KpiUnknown(f"there is no {beside} that this period could stand beside; give another period")
        with self._stores.reading() as unit:
            before, after = (unit.fact_sums.cells(Asked(one, as_of), indicator.formula) for one in (other, period))
        return Explained(indicator, beside, period, other, change_of_mean(before, after))
