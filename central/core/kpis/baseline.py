"""The time before the project: a period whose figures are counted, and values from a city's books where none are."""

from dataclasses import dataclass

from central.core.kpis.periods import Period


@dataclass(frozen=True, slots=True)
class BookValue:
    """What a figure was before there was a platform; `source`: which document says so, `reason`: why it stands."""

    indicator: str
    value: float
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """A value of the books goes before one that is counted over the period."""

    period: Period | None = None
    values: tuple[BookValue, ...] = ()

    def of(self, indicator: str) -> BookValue | None:
        """What the books say of a figure."""
        return next((one for one in self.values if one.indicator == indicator), None)
