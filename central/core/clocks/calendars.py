"""Which days are holidays (法定节假日) and which weekends are worked instead (调休); versioned: nothing moves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo


class CannotCount(ValueError):
    """There is no such deadline: it lies beyond what is counted, or the hours never come."""


class DayKind(StrEnum):
    """What the calendar says of a day; `ordinary` leaves it to the weekday."""

    ORDINARY = "ordinary"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year. `makeup` is None as long as the make-up days are not announced."""

    holidays: frozenset[date]
    makeup: frozenset[date] | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days of a zone, by year, without a gap between the years. Raises `ValueError`.

    `version` names this state of knowledge: a deadline keeps it, and a newer one never moves an old deadline.
    """

    version: str
    zone: ZoneInfo
    years: Mapping[int, CalendarYear]

    def __post_init__(self) -> None:
        if not self.years:
            raise ValueError(f"the calendar {self.version} holds no year")
        missing = sorted(set(range(min(self.years), max(self.years))) - set(self.years))
        if missing:
            raise ValueError(f"the calendar {self.version} has a gap: {', '.join(map(str, missing))} is missing")
        for number, year in self.years.items():
            makeup = year.makeup or frozenset()
            if any(day.year != number for day in year.holidays | makeup):
                raise ValueError(f"the calendar {self.version} has a day of another year under {number}")
            both = sorted(year.holidays & makeup)
            if both:
                raise ValueError(f"{both[0]} is both a holiday and a make-up day in the calendar {self.version}")

    def kind(self, day: date) -> DayKind:
        """What the calendar says of a day; `ordinary` also outside its years."""
        year = self.years.get(day.year)
        if year is None:
            return DayKind.ORDINARY
        if day in year.holidays:
            return DayKind.HOLIDAY
        return DayKind.MAKEUP if day in (year.makeup or ()) else DayKind.ORDINARY

    def is_known(self, year: int) -> bool:
        """Whether the holidays of a year are in here."""
        return year in self.years

    def is_complete(self, year: int) -> bool:
        """Whether its make-up days are known too."""
        return year in self.years and self.years[year].makeup is not None
