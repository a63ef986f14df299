"""Periods have the edges of the city's days, whatever UTC says, and the year's end is one of them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.kpis.periods import ZONE, BadPeriod, CalendarUnit, Period, period_between, period_of, period_of_days

WHOLE = [span for span in CalendarUnit if span is not CalendarUnit.OTHER]
DAYS = st.dates(date(1992, 1, 1), date(2197, 12, 31))


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("span", "begin", "end"),
    [
        (CalendarUnit.DAY, "2025-12-31T00:00+08:00", "2026-01-01T00:00+08:00"),
        (CalendarUnit.WEEK, "2025-12-29T00:00+08:00", "2026-01-05T00:00+08:00"),
        (CalendarUnit.MONTH, "2025-12-01T00:00+08:00", "2026-01-01T00:00+08:00"),
        (CalendarUnit.QUARTER, "2025-10-01T00:00+08:00", "2026-01-01T00:00+08:00"),
        (CalendarUnit.YEAR, "2025-01-01T00:00+08:00", "2026-01-01T00:00+08:00"),
    ],
)
def test_the_last_day_of_a_year_lies_in_these(span: CalendarUnit, begin: str, end: str) -> None:
    assert period_of(span, date(2025, 12, 31)) == Period(_at(begin), _at(end))


def test_the_edge_of_a_month_is_midnight_of_the_city() -> None:
    march = period_of(CalendarUnit.MONTH, date(2026, 3, 31))
    assert march.begin == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert march.end == datetime(2026, 3, 31, 16, tzinfo=UTC)


@given(st.sampled_from(WHOLE), DAYS)
def test_periods_follow_each_other_without_gap(span: CalendarUnit, day: date) -> None:
    period = period_of(span, day)
    assert period.calendar_unit is span or span in {CalendarUnit.DAY, CalendarUnit.WEEK}
    assert period.last.end == period.begin
    behind = period_of(span, period.end.astimezone(ZONE).date())
    assert behind.begin == period.end
    assert period.begin <= datetime(day.year, day.month, day.day, tzinfo=ZONE) < period.end


@given(st.sampled_from(WHOLE), DAYS)
def test_last_year_is_the_same_span_a_year_before(span: CalendarUnit, day: date) -> None:
    period = period_of(span, day)
    before = period.last_year
    assert before.calendar_unit is span
    assert timedelta(days=363) <= period.begin - before.begin <= timedelta(days=367)


def test_a_leap_day_has_a_last_year() -> None:
    assert period_of(CalendarUnit.DAY, date(2028, 2, 29)).last_year == period_of(CalendarUnit.DAY, date(2027, 2, 28))


def test_what_no_period_can_stand_beside_is_none() -> None:
    shift = Period(_at("2028-02-28T10:00+08:00"), _at("2028-02-29T10:00+08:00"))
    assert shift.beside == (shift.last, None)
    assert period_of(CalendarUnit.YEAR, date(1990, 5, 1)).beside == (None, None)
    assert period_between("1995-01-01", "2095-01-01").beside[0] is None
    assert period_between("2199-12-01", "2199-12-31").calendar_unit is CalendarUnit.OTHER


def test_a_day_without_a_midnight_is_a_day() -> None:
    cairo = ZoneInfo("Africa/Cairo")
    one = period_of(CalendarUnit.DAY, date(2026, 4, 24), cairo)
    assert (one.end - one.begin, one.calendar_unit) == (timedelta(hours=23), CalendarUnit.DAY)
    assert one.last == period_of(CalendarUnit.DAY, date(2026, 4, 23), cairo)
    assert period_of(CalendarUnit.DAY, date(2026, 4, 25), cairo).last == one


def test_days_are_counted_from_the_beginning_of_the_first_to_the_end_of_the_last() -> None:
    year = period_of_days(date(2026, 1, 1), date(2026, 12, 31))
    assert year == period_of(CalendarUnit.YEAR, date(2026, 6, 1))
    assert period_of_days(date(2026, 3, 1), date(2026, 3, 10)) == period_between("2026-03-01", "2026-03-11")
    cairo = ZoneInfo("Africa/Cairo")
    assert period_of_days(date(2026, 4, 24), date(2026, 4, 24), cairo) == period_of(
        CalendarUnit.DAY, date(2026, 4, 24), cairo
    )
    for first, last in ((date(2026, 3, 2), date(2026, 3, 1)), (date(2026, 1, 1), date.max), (date.min, date.min)):
        with pytest.raises(BadPeriod):
            period_of_days(first, last)


CAIRO, HAVANA = ZoneInfo("Africa/Cairo"), ZoneInfo("America/Havana")


@pytest.mark.parametrize(
    ("zone", "lost"), [(CAIRO, date(2024, 4, 26)), (CAIRO, date(2026, 4, 24)), (HAVANA, date(2024, 3, 10))]
)
def test_days_beside_a_midnight_that_does_not_exist_are_whole(zone: ZoneInfo, lost: date) -> None:
    before, behind = lost - timedelta(days=1), lost + timedelta(days=1)
    for first, last in ((date(lost.year, 1, 1), before), (before, before), (lost, lost), (lost, behind)):
        days = period_of_days(first, last, zone)
        assert (days.first_day, days.last_day) == (first, last)
    assert period_of_days(before, before, zone).end == period_of_days(lost, lost, zone).begin
    assert period_of_days(lost, lost, zone).end - period_of_days(lost, lost, zone).begin == timedelta(hours=23)


def test_a_midnight_that_comes_twice_begins_its_day_once() -> None:
    one = period_of_days(date(2024, 11, 3), date(2024, 11, 3), HAVANA)
    assert one.end - one.begin == timedelta(hours=25)
    assert (one.first_day, one.last_day) == (date(2024, 11, 3), date(2024, 11, 3))


@pytest.mark.parametrize(("zone", "lost"), [(CAIRO, date(2024, 4, 26)), (HAVANA, date(2024, 3, 10))])
def test_days_up_to_a_lost_midnight_are_whole_days_a_year_before(zone: ZoneInfo, lost: date) -> None:
    before = lost - timedelta(days=1)
    some = period_of_days(lost - timedelta(days=9), before, zone)
    year_before = before.replace(year=before.year - 1)
    assert some.last_year == period_of_days(year_before - timedelta(days=8), year_before, zone)


def test_the_last_day_of_a_time_is_that_of_its_last_moment() -> None:
    some = period_between("2026-03-01T08:00:00+08:00", "2026-03-02T00:00:01+08:00")
    assert (some.first_day, some.last_day) == (date(2026, 3, 1), date(2026, 3, 2))


def test_another_span_has_one_as_long_before_it() -> None:
    some = period_between("2026-03-01", "2026-03-11")
    assert some.calendar_unit is CalendarUnit.OTHER
    assert some.last == period_between("2026-02-19", "2026-03-01")
    assert some.last_year == period_between("2025-03-01", "2025-03-11")


@pytest.mark.parametrize(
    ("begin", "end", "said"),
    [
        ("2026-03-01", "2026-03-01", "empty"),
        ("2026-04-01", "2026-03-01", "ends before it begins"),
        ("2026-03-01T00:00:00", "2026-04-01", "no zone"),
        ("gestern", "2026-04-01", "neither a day"),
        ("1800-01-01", "2026-04-01", "years"),
    ],
)
def test_what_is_no_period_says_what_would_be_one(begin: str, end: str, said: str) -> None:
    with pytest.raises(BadPeriod, match=said):
        period_between(begin, end)
