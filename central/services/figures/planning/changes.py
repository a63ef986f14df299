"""Why a mean duration changed between two periods."""

from dataclasses import dataclass
from datetime import datetime

from central.core.kpis import INDICATORS, Beside, Change, Duration, Indicator, Note, Period, change_of_mean
from central.core.kpis.registry.nearest import NAME_CHARS_TOLD
from central.services.figures.fact_keeping import FactKeeping
from central.services.figures.kpis import KpiUnknown
from central.stores.ports import Asked, Stores
from protocol.texts import Words

OTHERS = (Beside.LAST_PERIOD, Beside.LAST_YEAR)
"""With what a change can be explained: what has cases to look into."""
NO_MEAN = Words(
    zh="“{name}”不是平均时长，只有平均时长可以分解；有：{known}",
    en="'{name}' is no mean of durations, and only these are split; there are {known}",
)
NOT_BESIDE = Words(
    zh="变化只能与 {known} 比较分解；{beside} 没有可查的案件",
    en="a change is explained beside one of {known}; {beside} has no cases to look into",
)
NOTHING_BESIDE = Words(
    zh="这一时段没有可比的 {beside}；请换一个时段",
    en="there is no {beside} that this period could stand beside; give another period",
)


@dataclass(frozen=True, slots=True)
class Explained:
    """A change of an indicator's mean from the `other` period to `period`."""

    indicator: Indicator
    beside: Beside
    period: Period
    other: Period
    change: Change
    notes: tuple[Note, ...]
    """`incomplete_facts`, where older cases are still being counted in."""


class Changes:
    """Factor analysis (因素分析法) over all facts."""

    def __init__(self, stores: Stores, facts: FactKeeping) -> None:
        self._stores = stores
        self._facts = facts

    def explain(self, name: str, period: Period, beside: Beside, as_of: datetime) -> Explained:
        """The mean of a duration beside that of another period, split by class, department and stage.

        Raises `KpiUnknown` for what there is not, what is no duration, and what has no cases to look into.
        """
        indicator = INDICATORS.get(name)
        durations = ", ".join(one.id for one in INDICATORS.values() if isinstance(one.formula, Duration))
        if indicator is None or not isinstance(indicator.formula, Duration):
            raise KpiUnknown(NO_MEAN, name=name[:NAME_CHARS_TOLD], known=durations)
        if beside not in OTHERS:
            raise KpiUnknown(NOT_BESIDE, known=", ".join(OTHERS), beside=beside)
        other = period.beside[OTHERS.index(beside)]
        if other is None:
            raise KpiUnknown(NOTHING_BESIDE, beside=beside)
        notes = self._facts.notes()
        with self._stores.reading() as unit:
            before, after = (unit.fact_sums.cells(Asked(one, as_of), indicator.formula) for one in (other, period))
        return Explained(indicator, beside, period, other, change_of_mean(before, after), notes)
