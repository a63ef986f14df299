"""Named working hours (计时标准): which slots of each weekday count, and how long a working day is."""

from collections.abc import Mapping
from dataclasses import dataclass

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MIN = 1_440


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """From `begin_min` up to `end_min`, minutes after local midnight; `end_min` beyond 1440 lies on the next day."""

    begin_min: int
    end_min: int

    def __post_init__(self) -> None:
        if not 0 <= self.begin_min < DAY_MIN or not self.begin_min < self.end_min <= self.begin_min + DAY_MIN:
            raise ValueError("a slot begins within its day, ends after it began, and lasts 24 hours at most")


@dataclass(frozen=True, slots=True)
class TimeSystem:
    """Working hours by name. `week` holds the slots of each weekday, from Monday; none: that weekday is off.

    `keeps_holidays`: holidays are off, and a make-up day (调休) is worked by `makeup` slots; otherwise the calendar
    does not matter. Raises `ValueError` for slots that overlap, or a week without any.
    """

    name: str
    week: tuple[tuple[Slot, ...], ...]
    minutes_per_workday: int
    keeps_holidays: bool
    makeup: tuple[Slot, ...] = ()

    def __post_init__(self) -> None:
        if len(self.week) != len(WEEKDAYS):
            raise ValueError(f"a week has {len(WEEKDAYS)} days, not {len(self.week)}")
        if not any(self.week):
            raise ValueError(f"the time system {self.name} has no working hours at all")
        if not 0 < self.minutes_per_workday <= DAY_MIN:
            raise ValueError(f"minutes_per_workday of {self.name} must lie between 1 and {DAY_MIN}")
        for day, after in zip(self.week, (*self.week[1:], self.week[0]), strict=True):
            _check_apart(self.name, day, after)
        _check_apart(self.name, self.makeup, self.makeup)

    @property
    def workday_s(self) -> int:
        """Seconds of one working day."""
        return self.minutes_per_workday * 60


def _check_apart(name: str, day: tuple[Slot, ...], after: tuple[Slot, ...]) -> None:
    if list(day) != sorted(day):
        raise ValueError(f"the slots of {name} must stand in the order of the day")
    ends = [slot.end_min for slot in day]
    begins = [slot.begin_min for slot in day[1:]] + ([after[0].begin_min + DAY_MIN] if after else [])
    if any(end > begin for end, begin in zip(ends, begins, strict=False)):
        raise ValueError(f"slots of {name} overlap")


def every(days: str, *slots: Slot) -> Mapping[str, tuple[Slot, ...]]:
    """The same slots on each of these weekdays, named with spaces between."""
    return dict.fromkeys(days.split(), slots)


def week_of(days: Mapping[str, tuple[Slot, ...]]) -> tuple[tuple[Slot, ...], ...]:
    """A week from the days that have slots."""
    return tuple(days.get(day, ()) for day in WEEKDAYS)


_MORNING, _AFTERNOON = Slot(8 * 60, 12 * 60), Slot(14 * 60, 18 * 60)

OFFICE = TimeSystem(
    "办公",
    week_of(every("mon tue wed thu fri", _MORNING, _AFTERNOON)),
    minutes_per_workday=480,
    keeps_holidays=True,
    makeup=(_MORNING, _AFTERNOON),
)
"""Monday to Friday, 08:00-12:00 and 14:00-18:00, with holidays and make-up days [EGOVA, YUNCHENG]."""
STREET_ORDER = TimeSystem(
    "街面秩序",
    week_of(every("mon tue wed thu fri sat sun", Slot(7 * 60, 22 * 60))),
    minutes_per_workday=900,
    keeps_holidays=False,
)
"""07:00-22:00 on every day of the year: street order has no weekend."""
BUILT_IN = {system.name: system for system in (OFFICE, STREET_ORDER)}
