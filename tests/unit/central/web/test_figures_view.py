"""What an address of the figures page means, and that it is the same once it is written again."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.kpis import INDICATORS, period_between, period_of
from central.core.kpis.periods import CalendarUnit
from central.core.kpis.registry.subjects import SUBJECT_WORDS, Subject
from central.web.figures.subjects import HEADLINES, by_subject
from central.web.figures.view import (
    MONTHS_SHOWN,
    Preset,
    Problem,
    Show,
    View,
    following,
    is_told_apart,
    months_up_to,
    seen,
    shown_groups,
)
from protocol.texts import Language

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
"""The first of December in the city."""
DAYS = st.dates(date(1995, 1, 1), date(2150, 1, 1))


def shown(**asked: str) -> tuple[View, Problem | None]:
    return seen(asked, NOW, ZONE)


def test_without_a_period_it_is_the_month_of_the_city() -> None:
    view, problem = shown()
    assert (view.period.first_day, view.period.last_day, view.figure, problem) == (
        date(2026, 12, 1),
        date(2026, 12, 31),
        "",
        None,
    )


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        (Preset.THIS_WEEK, date(2026, 11, 30), date(2026, 12, 6)),
        (Preset.LAST_WEEK, date(2026, 11, 23), date(2026, 11, 29)),
        (Preset.LAST_MONTH, date(2026, 11, 1), date(2026, 11, 30)),
        (Preset.THIS_QUARTER, date(2026, 10, 1), date(2026, 12, 31)),
        (Preset.LAST_QUARTER, date(2026, 7, 1), date(2026, 9, 30)),
        (Preset.THIS_YEAR, date(2026, 1, 1), date(2026, 12, 31)),
        (Preset.LAST_YEAR, date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_periods_with_names(preset: Preset, first: date, last: date) -> None:
    view, problem = shown(period=preset)
    assert (view.period.first_day, view.period.last_day, problem) == (first, last, None)


def test_both_days_count() -> None:
    view, _ = shown(**{"from": "2026-03-01", "last": "2026-03-31"})
    assert view.period == period_of(CalendarUnit.MONTH, date(2026, 3, 9), ZONE)
    assert view.period.calendar_unit is CalendarUnit.MONTH


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"from": "2026-03-02", "last": "2026-03-01"}, Problem.PERIOD),
        ({"from": "2026-03-02"}, Problem.PERIOD),
        ({"from": "1066-01-01", "last": "1066-02-01"}, Problem.PERIOD),
        ({"from": "2026-13-02", "last": "x"}, Problem.PERIOD),
        ({"from": "9999-12-30", "last": "9999-12-31"}, Problem.PERIOD),
        ({"period": "some_month"}, Problem.PERIOD),
        ({"figure": "nope"}, Problem.FIGURE),
        ({"figure": "closing_rate", "group_by": "number"}, Problem.GROUP),
        ({"figure": "fairness_spread", "group_by": "unit"}, Problem.GROUP),
        ({"group_by": "unit"}, Problem.GROUP),
        ({"figure": "closing_rate", "group_by": "unit", "group": "x" * 201}, Problem.GROUP),
        ({"show": "everything"}, Problem.SHOW),
        ({"show": "months", "month": "2026-13"}, Problem.MONTH),
        ({"show": "months", "month": "２０２６-03"}, Problem.MONTH),
        ({"show": "months", "month": "2026-03", "revision": "-1"}, Problem.MONTH),
        ({"show": "scores", "period": "some_month"}, Problem.PERIOD),
    ],
)
def test_what_an_address_gets_wrong_is_named(asked: dict[str, str], problem: Problem) -> None:
    view, told = seen(asked, NOW, ZONE)
    assert told is problem
    assert view.group is None


@given(
    DAYS, st.integers(0, 800), st.sampled_from([name for name in INDICATORS if is_told_apart(name)]), st.data(),
    st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60),
)  # fmt: skip
def test_an_address_says_what_is_shown(
    first: date, days: int, figure: str, data: st.DataObject, group: str | None
) -> None:
    group_by = data.draw(st.sampled_from(shown_groups(figure)))
    last = date.fromordinal(first.toordinal() + days)
    behind = date.fromordinal(last.toordinal() + 1)
    view = View(period_between(first.isoformat(), behind.isoformat(), ZONE), figure, group_by, group)
    asked = dict(parse_qsl(view.query(), keep_blank_values=True))
    assert seen(asked, NOW, ZONE) == (view, None)


@given(DAYS, st.sampled_from([span for span in CalendarUnit if span is not CalendarUnit.OTHER]))
def test_the_one_behind_is_that_whose_last_it_is(day: date, span: CalendarUnit) -> None:
    one = period_of(span, day, ZONE)
    after = following(one)
    assert after is not None
    assert (after.last, after.begin) == (one, one.end)


def test_some_days_go_on_by_as_many_days() -> None:
    one = period_between("2026-03-04", "2026-03-14", ZONE)
    assert following(one) == period_between("2026-03-14", "2026-03-24", ZONE)


def test_months_end_with_the_periods_or_todays() -> None:
    year = Preset.THIS_YEAR.period(date(2026, 11, 15), ZONE)
    months = months_up_to(year, date(2026, 11, 15))
    assert len(months) == MONTHS_SHOWN
    assert months[-1].first_day == date(2026, 11, 1)
    assert months[0].first_day == date(2025, 12, 1)
    assert months_up_to(year, date(2028, 1, 1))[-1].first_day == date(2026, 12, 1)
    assert months_up_to(year, date(2025, 5, 1))[-1].first_day == date(2026, 1, 1)


@pytest.mark.parametrize(("zone", "last"), [("Africa/Cairo", "2024-04-25"), ("America/Havana", "2024-03-09")])
def test_an_address_keeps_its_days_where_a_midnight_does_not_exist(zone: str, last: str) -> None:
    asked = {"from": "2024-03-01", "last": last}
    view, problem = seen(asked, NOW, ZoneInfo(zone))
    assert problem is None
    assert dict(parse_qsl(view.query())) == asked
    assert months_up_to(view.period, date(2026, 1, 1))[-1].last_day.month == int(last[5:7])


@given(DAYS, st.sampled_from(Show), st.integers(0, 999_999))
def test_an_address_says_what_else_is_shown(first: date, show: Show, revision: int) -> None:
    month = "2026-03" if show is Show.MONTHS else ""
    view = View(period_of(CalendarUnit.MONTH, first, ZONE)).showing(show, month, revision if month else 0)
    assert seen(dict(parse_qsl(view.query())), NOW, ZONE) == (view, None)


def test_the_way_to_something_else_keeps_the_period_alone() -> None:
    view, _ = shown(**{"from": "2026-03-01", "last": "2026-03-31"}, figure="closing_rate", group_by="unit", group="a")
    scores = view.showing(Show.SCORES)
    assert (scores.period, scores.figure, scores.group_by, scores.group) == (view.period, "", "", None)
    assert scores.of("closing_rate").show is Show.FIGURES


def test_a_group_without_a_name_is_another_than_none() -> None:
    view, _ = shown(figure="closing_rate", group_by="unit", group="")
    assert view.group == ""
    assert "group=" in view.table_address(Language.ENGLISH)
    assert "group" not in view.of("closing_rate").query()


def test_every_figure_has_a_subject_and_stands_once() -> None:
    found = by_subject((name, name) for name in INDICATORS)
    assert sorted(name for names in found.values() for name in names) == sorted(INDICATORS)
    assert list(found) == [subject for subject in Subject if subject in found]
    assert found[Subject.TIME][0] == "handling_time"
    assert "check_sent_in_time_rate" in found[Subject.CHECK]
    assert SUBJECT_WORDS.keys() == set(Subject)
    assert set(HEADLINES) <= set(INDICATORS)


def test_nothing_is_told_apart_by_persons() -> None:
    assert not {name for figure in INDICATORS for name in shown_groups(figure)} & {"person", "actor"}


def test_at_the_ends_of_the_years_there_is_no_neighbour() -> None:
    first, last = (
        period_of(CalendarUnit.MONTH, date(1990, 1, 1), ZONE),
        period_between("2199-12-01", "2199-12-31", ZONE),
    )
    assert (first.beside, following(last)) == ((None, None), None)
    assert months_up_to(first, date(2026, 1, 1)) == (first,)


def test_a_group_that_holds_nul_is_none() -> None:
    assert shown(figure="closing_rate", group_by="unit", group="\x00")[1] is Problem.GROUP
