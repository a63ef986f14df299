"""Periods with edges of the city's own days: a day, week, month, quarter or year, and any time between two moments."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import partial
from zoneinfo import ZoneInfo

from protocol.texts import Told, Words

ZONE = ZoneInfo("Asia/Shanghai")
YEARS = range(1990, 2200)
"""In which years periods may lie."""


NO_ZONE = Words(
    zh="时段的两端要带时区，例如 2026-03-01T00:00:00+08:00",
    en="a period needs times with a zone, such as 2026-03-01T00:00:00+08:00",
)
BEYOND = Words(zh="时段应在 {first} 至 {last} 年之间", en="a period lies in the years {first} to {last}")
EMPTY = Words(
    zh="时段为空：终点就是起点；请给出更晚的终点", en="the period is empty: its end is its beginning; give a later end"
)
BACKWARD = Words(
    zh="时段的终点早于起点；请交换两端", en="the period ends before it begins; exchange its beginning and its end"
)
NO_UNIT = Words(zh="应为 day、week、month、quarter 或 year", en="name a day, week, month, quarter or year")
NO_TIME = Words(
    zh="“{told}”既不是日期（例如 2026-03-01），也不是带时区的时刻",
    en="'{told}' is neither a day such as 2026-03-01 nor a time with a zone",
)
NO_ZONE_TOLD = Words(
    zh="“{told}”没有时区；请写成 2026-03-01T08:00:00+08:00",
    en="'{told}' has no zone; write it as 2026-03-01T08:00:00+08:00",
)
TOLD_CHARS_MAX = 40


class BadPeriod(Told, ValueError):
    """A period that is none; the text says what would be one."""


class CalendarUnit(StrEnum):
    """Which unit of the calendar a period is; OTHER for what is none."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Period:
    """From `begin` up to, and without, `end`; both aware, kept in UTC. Raises `BadPeriod`."""

    begin: datetime
    end: datetime
    zone: tzinfo = ZONE

    def __post_init__(self) -> None:
        if self.begin.tzinfo is None or self.end.tzinfo is None:
            raise BadPeriod(NO_ZONE)
        if self.begin.year not in YEARS or self.end.year not in YEARS:
            raise BadPeriod(BEYOND, first=YEARS[0], last=YEARS[-1])
        if self.begin == self.end:
            raise BadPeriod(EMPTY)
        if self.end < self.begin:
            raise BadPeriod(BACKWARD)
        object.__setattr__(self, "begin", self.begin.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))

    @property
    def calendar_unit(self) -> CalendarUnit:
        """Which whole unit of the calendar it is."""
        whole = (one for one in CalendarUnit if one is not CalendarUnit.OTHER)
        return next(
            (one for one in whole if _or_none(partial(period_of, one, self.first_day, self.zone)) == self),
            CalendarUnit.OTHER,
        )

    @property
    def first_day(self) -> date:
        """The day of the city in which it begins."""
        return self.begin.astimezone(self.zone).date()

    @property
    def last_day(self) -> date:
        """The last day of the city that it has a part of."""
        return (self.end - timedelta(microseconds=1)).astimezone(self.zone).date()

    @property
    def beside(self) -> "tuple[Period | None, Period | None]":
        """`last` and `last_year`; None where that is no period: before `YEARS`, or only a 29 February."""
        return _or_none(lambda: self.last), _or_none(lambda: self.last_year)

    @property
    def last(self) -> "Period":
        """The one before it: the last month of a month, else as long a time. Raises `BadPeriod`."""
        if self.calendar_unit is CalendarUnit.OTHER:
            return Period(self.begin - (self.end - self.begin), self.begin, self.zone)
        return period_of(self.calendar_unit, self.first_day - timedelta(days=1), self.zone)

    @property
    def last_year(self) -> "Period":
        """The same of the year before; a 29 February is a 28th, a week that 52 weeks before. `BadPeriod`."""
        if self.calendar_unit is CalendarUnit.WEEK:
            return period_of(CalendarUnit.WEEK, self.first_day - timedelta(weeks=52), self.zone)
        if self.calendar_unit is not CalendarUnit.OTHER:
            return period_of(self.calendar_unit, _year_before(self.first_day), self.zone)
        return Period(_moment_before(self.begin, self.zone), _moment_before(self.end, self.zone), self.zone)


def period_of(unit: CalendarUnit, day: date, zone: tzinfo = ZONE) -> Period:
    """The day, week (from Monday), month, quarter or year in which a day lies. Raises `BadPeriod`."""
    if day.year not in YEARS:
        raise BadPeriod(BEYOND, first=YEARS[0], last=YEARS[-1])
    match unit:
        case CalendarUnit.DAY:
            first, behind = day, day + timedelta(days=1)
        case CalendarUnit.WEEK:
            first = day - timedelta(days=day.weekday())
            behind = first + timedelta(days=7)
        case CalendarUnit.MONTH:
            first, behind = day.replace(day=1), _months_on(day.replace(day=1), 1)
        case CalendarUnit.QUARTER:
            first = date(day.year, day.month - (day.month - 1) % 3, 1)
            behind = _months_on(first, 3)
        case CalendarUnit.YEAR:
            first, behind = date(day.year, 1, 1), date(day.year + 1, 1, 1)
        case CalendarUnit.OTHER:
            raise BadPeriod(NO_UNIT)
    return Period(_midnight(first, zone), _midnight(behind, zone), zone)


def period_between(begin: str, end: str, zone: tzinfo = ZONE) -> Period:
    """A period as people write it: two days (midnight of the city), or two times with a zone. Raises `BadPeriod`.

    A day as the end is the first that is not counted any more.
    """
    return Period(moment_of(begin, zone), moment_of(end, zone), zone)


def period_of_days(first: date, last: date, zone: tzinfo = ZONE) -> Period:
    """From the beginning of the day `first` to the end of the day `last`, both of the city. Raises `BadPeriod`."""
    if last == date.max:
        raise BadPeriod(BEYOND, first=YEARS[0], last=YEARS[-1])
    return Period(_midnight(first, zone), _midnight(last + timedelta(days=1), zone), zone)


def moment_of(told: str, zone: tzinfo, *, is_local: bool = False) -> datetime:
    """A day (its midnight in the city) or a time with a zone, as people write them. Raises `BadPeriod`.

    `is_local`: a time without a zone is one of the city's, as in tables that people keep.
    """
    try:
        return _midnight(date.fromisoformat(told), zone)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        raise BadPeriod(NO_TIME, told=told[:TOLD_CHARS_MAX]) from None
    if moment.tzinfo is None and not is_local:
        raise BadPeriod(NO_ZONE_TOLD, told=told[:TOLD_CHARS_MAX])
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def _or_none(found: Callable[[], Period]) -> Period | None:
    try:
        return found()
    except BadPeriod:
        return None


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _months_on(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _moment_before(moment: datetime, zone: tzinfo) -> datetime:
    """The same time of the year before; what begins a day begins that day, whatever its first hour is called."""
    local = moment.astimezone(zone)
    day = _year_before(local.date())
    if moment == _midnight(local.date(), zone).astimezone(UTC):
        return _midnight(day, zone)
    return local.replace(year=day.year, month=day.month, day=day.day)


__all__ = ["ZONE", "BadPeriod", "CalendarUnit", "Period", "moment_of", "period_between", "period_of", "period_of_days"]
