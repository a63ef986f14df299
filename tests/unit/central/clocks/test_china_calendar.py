"""Our snapshot of holidays and make-up days beside the `holidays` library."""

from datetime import date

import pytest

from central.core.clocks import CHINA, DayKind

holidays = pytest.importorskip("holidays")


@pytest.mark.parametrize("year", sorted(CHINA.years))
def test_the_snapshot_says_what_the_library_says(year: int) -> None:
    theirs = holidays.country_holidays("CN", years=year)
    announced = {day for day in theirs if day.year == year}
    ours = CHINA.years[year]
    assert announced <= ours.holidays
    assert all(day.weekday() >= 5 for day in ours.holidays - announced), "beyond the library only weekends within"
    makeup = {day for day in theirs.weekend_workdays if day.year == year}
    assert makeup == (ours.makeup or set())


def test_a_make_up_saturday_an_observance_and_a_day_off() -> None:
    assert CHINA.kind(date(2026, 2, 14)) is DayKind.MAKEUP
    assert CHINA.kind(date(2026, 12, 25)) is DayKind.ORDINARY
    assert CHINA.kind(date(2026, 10, 1)) is DayKind.HOLIDAY
