"""A city's own calendar and working hours from a YAML file.

version: gangu-2026.1
zone: Asia/Shanghai                     # the default
years:                                  # without a gap
  2026:
    holidays: [2026-01-01/2026-01-03]   # days, or from/to
    makeup_days: [2026-01-04]           # weekends that are worked; null while nobody knows
time_systems:
  - name: 夏季办公
    days: {mon: ["08:00-12:00", "14:30-18:30"], tue: ["08:00-12:00", "14:30-18:30"]}
    minutes_per_workday: 480
    keeps_holidays: true
    makeup: ["08:00-12:00", "14:30-18:30"]
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from central.core.case_machine.stages import Clockwork
from central.core.clocks import CHINA, Calendar, CalendarYear, Slot, TimeSystem
from central.core.clocks.time_systems import BUILT_IN, DAY_MIN, WEEKDAYS
from central.settings.load import SettingsError, validated
from protocol.texts import BadValue, Words

YEARS_MAX, SYSTEMS_MAX, SPANS_MAX, SLOTS_MAX, SPAN_DAYS_MAX = 50, 50, 200, 24, 366
_NO_WEEKDAY = Words("没有星期 {name}；可写：{known}", "there is no weekday {name}; there are: {known}")
_SYSTEM_TWICE = Words("有两个工时制都叫 {name}", "two time systems are called {name}")
_NO_ZONE = Words(
    "没有时区 {name}；请写 Asia/Shanghai 这样的名称", "there is no time zone {name}; write one such as Asia/Shanghai"
)
_VERSION_TWICE = Words(
    "{path}：另一个文件的版本也叫 {version}；请各写各的版本",
    "{path}: another file is called {version} too; give each its own version",
)
_NO_DAY = Words(
    "{text} 不是日期；请写 2026-01-01，或 2026-01-01/2026-01-03",
    "{text} is no day; write 2026-01-01, or 2026-01-01/2026-01-03",
)
_NO_SPAN = Words("{text} 的末日须在首日之后，且不超过一年", "{text} must end after it begins, and within a year")
_NO_SLOT = Words("{text} 不是时段；请写 08:00-12:00", "{text} is no slot; write 08:00-12:00")
_NO_HOUR = Words("{text} 不是时段；钟点从 00:00 到 24:00", "{text} is no slot; hours go from 00:00 to 24:00")
_SLOT = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)")


def _as_text(value: Any) -> Any:  # noqa: ANN401 - YAML reads a day as a date of its own
    return value.isoformat() if isinstance(value, date) else value


def _as_year(value: Any) -> Any:  # noqa: ANN401 - YAML keys
    return int(value) if isinstance(value, str) and value.isdecimal() else value


DaySpan = Annotated[str, BeforeValidator(_as_text)]
Year = Annotated[int, BeforeValidator(_as_year), Field(ge=1970, le=2200)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class YearDays(_File):
    """One year's days."""

    holidays: list[DaySpan] = Field(max_length=SPANS_MAX)
    makeup_days: list[DaySpan] | None = Field(max_length=SPANS_MAX)

    @field_validator("holidays", "makeup_days")
    @classmethod
    def _are_days(cls, spans: list[str] | None) -> list[str] | None:
        for span in spans or ():
            _days(span)
        return spans


class WorkingHours(_File):
    """One time system."""

    name: str = Field(min_length=1, max_length=40)
    days: dict[str, list[str]]
    minutes_per_workday: int
    keeps_holidays: bool
    makeup: list[str] = Field(default=[], max_length=SLOTS_MAX)

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        stranger = next((day for day in self.days if day not in WEEKDAYS), None)
        if stranger is not None:
            raise BadValue(_NO_WEEKDAY, name=repr(stranger), known=", ".join(WEEKDAYS))
        self.time_system()
        return self

    def time_system(self) -> TimeSystem:
        """The core's value."""
        week = tuple(tuple(map(_slot, self.days.get(day, ())[:SLOTS_MAX])) for day in WEEKDAYS)
        makeup = tuple(map(_slot, self.makeup))
        return TimeSystem(self.name, week, self.minutes_per_workday, self.keeps_holidays, makeup)


class CalendarFile(_File):
    """The whole file."""

    version: str = Field(min_length=1, max_length=80)
    zone: str = str(CHINA.zone)
    years: dict[Year, YearDays] = Field(min_length=1, max_length=YEARS_MAX)
    time_systems: list[WorkingHours] = Field(default=[], max_length=SYSTEMS_MAX)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        self.calendar()
        names = [one.name for one in self.time_systems]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise BadValue(_SYSTEM_TWICE, name=repr(twice))
        return self

    def calendar(self) -> Calendar:
        """The core's value."""
        try:
            zone = ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise BadValue(_NO_ZONE, name=repr(self.zone)) from None
        years = {number: _year(days) for number, days in self.years.items()}
        return Calendar(self.version, zone, years)


def load_calendar(path: Path) -> tuple[Calendar, dict[str, TimeSystem]]:
    """A calendar, and the time systems by name: the file's own beside those that ship. Raises `SettingsError`."""
    file = validated(path, CalendarFile, "version: gangu-2026.1")
    return file.calendar(), BUILT_IN | {one.name: one.time_system() for one in file.time_systems}


def load_clockwork(paths: Sequence[Path]) -> Clockwork:
    """What cases are timed by: the first file's calendar for new ones, all others beside it. Raises `SettingsError`."""
    systems, calendars = dict(BUILT_IN), {CHINA.version: CHINA}
    for path in reversed(paths):
        calendar, known = load_calendar(path)
        if calendars.get(calendar.version, calendar) != calendar:
            raise SettingsError(_VERSION_TWICE, path=path, version=repr(calendar.version))
        calendars[calendar.version] = calendar
        systems |= known
    current = load_calendar(paths[0])[0] if paths else CHINA
    return Clockwork(systems, calendars, current.version)


def _year(days: YearDays) -> CalendarYear:
    makeup = None if days.makeup_days is None else frozenset(day for span in days.makeup_days for day in _days(span))
    return CalendarYear(frozenset(day for span in days.holidays for day in _days(span)), makeup)


def _days(span: str) -> list[date]:
    first, _, last = span.partition("/")
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        raise BadValue(_NO_DAY, text=repr(span[:40])) from None
    length = (end - begin).days + 1
    if not 0 < length <= SPAN_DAYS_MAX:
        raise BadValue(_NO_SPAN, text=repr(span))
    return [begin + timedelta(days=number) for number in range(length)]


def _slot(text: str) -> Slot:
    found = _SLOT.fullmatch(text)
    if found is None:
        raise BadValue(_NO_SLOT, text=repr(text[:40]))
    begin_h, begin_m, end_h, end_m = map(int, found.groups())
    begin, end = begin_h * 60 + begin_m, end_h * 60 + end_m
    if end > DAY_MIN:
        raise BadValue(_NO_HOUR, text=repr(text))
    return Slot(begin, end if end > begin else end + DAY_MIN)


__all__ = ["CalendarFile", "SettingsError", "load_calendar", "load_clockwork"]
