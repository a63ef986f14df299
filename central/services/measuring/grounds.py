"""What measures read from: one transaction, one period, and what several of them need read once."""

from datetime import datetime
from functools import cached_property

from central.core.availability.spans import Span
from central.services.availability import Availability, CameraRow, SystemReport
from central.stores.ports import Asked, Unit


class Grounds:
    """One question. `span` is what of the period has passed as of the moment that is asked for."""

    def __init__(self, unit: Unit, asked: Asked, availability: Availability) -> None:
        self.unit = unit
        self.asked = asked
        self._availability = availability

    @property
    def as_of(self) -> datetime:
        """What was recorded later is not looked at."""
        return self.asked.as_of

    @cached_property
    def span(self) -> Span:
        """Empty, or reversed, where the period has not begun."""
        return Span(self.asked.period.begin, min(self.asked.period.end, self.as_of))

    @cached_property
    def cameras(self) -> tuple[CameraRow, ...]:
        """Every camera of the period by key. Raises `PeriodRefused`."""
        return tuple(self._availability.all_rows(self.unit, self.span, self.as_of))

    @cached_property
    def platform(self) -> SystemReport:
        """What the witnesses say. Raises `PeriodRefused`."""
        return self._availability.system_in(self.unit, self.span, self.as_of)
