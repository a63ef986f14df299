"""Deadlines: the traps that others fell into, and what must hold for every deadline."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.clocks import (
    CHINA,
    OFFICE,
    STREET_ORDER,
    Calendar,
    CalendarYear,
    CannotCount,
    Limit,
    LimitProblem,
    LimitUnit,
    Pause,
    Slot,
    Terms,
    TimeSystem,
    due,
    is_open,
    next_opening,
    parse_limit,
    used_s,
)
from central.core.clocks.explaining import explanation, warnings
from protocol.texts import Language

TWICE = CalendarYear(CHINA.years[2026].holidays, CHINA.years[2026].holidays)
INTO_TUESDAY = ((Slot(1200, 2000),), (Slot(0, 600),), (), (), (), (), ())
FULL = TimeSystem("full days", ((Slot(0, 1440),),) * 5 + ((), ()), 1440, keeps_holidays=False)
NIGHT_MARKET = TimeSystem("night", ((Slot(18 * 60, 26 * 60),),) * 7, 480, keeps_holidays=False)
SYSTEMS = (OFFICE, STREET_ORDER, FULL, NIGHT_MARKET)
ZONES = ("Asia/Shanghai", "America/Los_Angeles", "Europe/Berlin", "Asia/Kathmandu")


def calendar_in(zone: str) -> Calendar:
    return Calendar(f"china in {zone}", ZoneInfo(zone), CHINA.years)


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def local_due(  # noqa: PLR0913, PLR0917 - what a deadline depends on
    start: str,
    limit: str,
    system: TimeSystem = OFFICE,
    pauses: Sequence[tuple[str, str]] = (),
    extensions: int = 0,
    zone: str = "Asia/Shanghai",
) -> str:
    terms = Terms(parse_limit(limit), system, calendar_in(zone))
    spans = [Pause(at(begin, zone), at(end, zone)) for begin, end in pauses]
    found = due(at(start, zone), terms, spans, extensions).due
    assert found is not None
    return f"{found.astimezone(ZoneInfo(zone)):%a %m-%d %H:%M}"


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("start", "limit", "system", "pauses", "extensions", "expected"),
    [
        pytest.param("2026-03-02T07:00", "1工作日", FULL, (), 0, "Tue 03-03 07:00", id="1 weekday is local"),
        pytest.param("2026-03-02T07:00", "1工作日", OFFICE, (), 0, "Mon 03-02 18:00", id="1 in the office"),
        pytest.param("2026-03-07T06:00", "1工作时", OFFICE, (), 0, "Mon 03-09 09:00", id="2 early on a local Saturday"),
        pytest.param(
            "2026-03-06T16:00", "4工作时", OFFICE, [("2026-03-06T17:00", "2026-03-09T09:00")], 0, "Mon 03-09 12:00",
            id="4 a pause over a weekend costs the working time in it",
        ),
        pytest.param(
            "2026-03-02T16:00", "4工作时", OFFICE, [("2026-03-02T19:00", "2026-03-03T07:00")], 0, "Tue 03-03 10:00",
            id="4 a pause in a closed night costs nothing",
        ),
        pytest.param(
            "2026-03-03T08:00", "4工作时", OFFICE, [("2026-03-03T09:00", "2026-03-03T10:00")], 1, "Wed 03-04 09:00",
            id="5 an extension survives a pause",
        ),
        pytest.param("2026-03-02T12:00", "24紧急工作时", OFFICE, (), 0, "Tue 03-03 12:00", id="6 24 hours are a day"),
        pytest.param("2026-03-02T12:00", "168紧急工作时", OFFICE, (), 0, "Mon 03-09 12:00", id="6 a week"),
        pytest.param("2026-03-02T08:00", "4工作时", OFFICE, (), 0, "Mon 03-02 12:00", id="a slot is filled"),
        pytest.param("2026-03-06T16:30", "4工作时", OFFICE, (), 0, "Mon 03-09 10:30", id="over a weekend"),
        pytest.param("2026-02-13T17:00", "2天", OFFICE, (), 0, "Tue 02-24 17:00", id="holiday and make-up Saturday"),
        pytest.param("2026-03-02T21:00", "2小时", STREET_ORDER, (), 0, "Tue 03-03 08:00", id="street order's evening"),
        pytest.param("2026-03-02T21:00", "1工作日", STREET_ORDER, (), 0, "Tue 03-03 21:00", id="900 minutes a day"),
        pytest.param("2026-02-16T23:30", "2紧急工作日", OFFICE, (), 0, "Wed 02-18 23:30", id="no holiday"),
        pytest.param("2026-03-02T23:00", "2工作时", NIGHT_MARKET, (), 0, "Tue 03-03 01:00", id="slots beyond midnight"),
    ],
)  # fmt: skip
def test_traps(  # noqa: PLR0913, PLR0917 - a table
    zone: str,
    start: str,
    limit: str,
    system: TimeSystem,
    pauses: Sequence[tuple[str, str]],
    extensions: int,
    expected: str,
) -> None:
    if zone == "America/Los_Angeles" and start.startswith("2026-03-0") and "03-09" in expected and "紧急" in limit:
        expected = expected.replace(
            "12:00", "13:00"
        )  # the clocks went forward on that Sunday: 168 hours are real hours
    assert local_due(start, limit, system, pauses, extensions, zone) == expected


@pytest.mark.parametrize("zone", ZONES)
def test_a_reminder_waits_for_the_next_opening(zone: str) -> None:
    saturday = at("2026-03-07T00:00", zone)
    assert next_opening(saturday, OFFICE, calendar_in(zone)) == at("2026-03-09T08:00", zone)
    assert next_opening(at("2026-03-09T11:30", zone), OFFICE, calendar_in(zone)) == at("2026-03-09T11:30", zone)


@pytest.mark.parametrize("zone", ZONES)
def test_hours_of_a_weekday_are_local(zone: str) -> None:
    early = TimeSystem("early Monday", ((Slot(0, 480),), (), (), (), (), (), ()), 480, keeps_holidays=False)
    assert is_open(at("2026-03-02T07:30", zone), early, calendar_in(zone))
    assert not is_open(at("2026-03-03T07:30", zone), early, calendar_in(zone))
    assert not is_open(at("2026-03-02T08:00", zone), early, calendar_in(zone))


def test_what_is_paused_without_an_end_is_never_due() -> None:
    terms = Terms(parse_limit("4工作时"), OFFICE, CHINA)
    held = due(at("2026-03-02T08:00"), terms, [Pause(at("2026-03-02T09:00"))])
    assert held.due is None
    assert "paused since 2026-03-02 09:00" in explanation(held, Language.ENGLISH)[-1]
    done_before = due(at("2026-03-02T08:00"), terms, [Pause(at("2026-03-02T12:00"))])
    assert done_before.due == at("2026-03-02T12:00")


def test_a_deadline_says_why_in_both_languages() -> None:
    found = due(at("2026-02-13T17:00"), Terms(parse_limit("2工作日"), OFFICE, CHINA))
    english, chinese = (explanation(found, language) for language in (Language.ENGLISH, Language.CHINESE))
    assert english[1] == "Fri 2026-02-13 17:00-18:00 1 h"
    assert "Sat 2026-02-14 is a make-up day, counted" in english
    assert "Mon 2026-02-16 is a holiday, not counted" in english
    assert "周五 2026-02-13 17:00-18:00 1 小时" in chinese
    assert "周六 2026-02-14 调休上班，计时" in chinese
    assert warnings(found, Language.ENGLISH) == ()


@pytest.mark.parametrize(
    ("start", "words"),
    [("2026-12-31T17:00", "make-up days of 2027 are not announced"), ("2031-05-05T09:00", "does not know 2031")],
)
def test_a_year_that_is_not_known_is_said(start: str, words: str) -> None:
    found = due(at(start), Terms(parse_limit("2工作日"), OFFICE, CHINA))
    assert words in warnings(found, Language.ENGLISH)[0]
    assert not warnings(due(at(start), Terms(parse_limit("48紧急工作时"), OFFICE, CHINA)), Language.ENGLISH)


def test_the_middle_of_a_long_deadline_is_one_line_and_adds_up() -> None:
    found = due(at("2026-03-02T08:00"), Terms(parse_limit("100工作日"), OFFICE, CHINA))
    lines = explanation(found, Language.ENGLISH)
    assert len(lines) < 70
    assert sum(piece.seconds for piece in found.pieces) == found.terms.limit_s
    assert any("more, " in line for line in lines)


@pytest.mark.parametrize(
    "text", ["", "4", "工作时", "-1工作时", "0工作时", "4 parsecs", "1e9工作时", "9999天", "4工作时4", "四工作时"]
)
def test_what_is_no_limit(text: str) -> None:
    with pytest.raises(LimitProblem):
        parse_limit(text)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("4工作时", Limit(Decimal(4), LimitUnit.WORKING_HOURS)),
        ("0.5工作日", Limit(Decimal("0.5"), LimitUnit.WORKING_DAYS)),
        (" 2 小时 ", Limit(Decimal(2), LimitUnit.WORKING_HOURS)),
        ("5天", Limit(Decimal(5), LimitUnit.WORKING_DAYS)),
        ("2 urgent_hours", Limit(Decimal(2), LimitUnit.URGENT_HOURS)),
        ("60自然日", Limit(Decimal(60), LimitUnit.NATURAL_DAYS)),
    ],
)
def test_limits_as_the_trade_writes_them(text: str, limit: Limit) -> None:
    assert parse_limit(text) == limit
    assert parse_limit(str(limit)) == limit


@pytest.mark.parametrize(
    "make",
    [
        lambda: Calendar("gap", CHINA.zone, {2025: CHINA.years[2025], 2027: CHINA.years[2027]}),
        lambda: Calendar("none", CHINA.zone, {}),
        lambda: Calendar("other year", CHINA.zone, {2025: CHINA.years[2026]}),
        lambda: Calendar("both", CHINA.zone, {2026: TWICE}),
        lambda: TimeSystem("never", ((),) * 7, 480, keeps_holidays=False),
        lambda: TimeSystem("overlap", ((Slot(0, 700), Slot(600, 800)),) * 7, 480, keeps_holidays=False),
        lambda: TimeSystem("into the next day", INTO_TUESDAY, 480, keeps_holidays=False),
        lambda: Slot(600, 600),
        lambda: Pause(at("2026-03-02T10:00"), at("2026-03-02T09:00")),
        lambda: Pause(datetime(2026, 3, 2)),  # noqa: DTZ001 - the mistake
    ],
)  # fmt: skip
def test_what_no_clock_can_go_by(make: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        make()  # type: ignore[operator]


def test_hours_that_never_come_are_refused() -> None:
    seldom = TimeSystem("a minute a week", ((Slot(0, 1),), (), (), (), (), (), ()), 1, keeps_holidays=False)
    with pytest.raises(CannotCount):
        due(at("2026-03-02T10:00"), Terms(parse_limit("1000工作时"), seldom, CHINA))
    with pytest.raises(CannotCount):
        due(at("9999-12-30T10:00"), Terms(parse_limit("9工作日"), OFFICE, CHINA))


MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 1)).map(lambda one: one.replace(tzinfo=UTC))  # noqa: DTZ001
TERMS = st.builds(
    Terms,
    st.builds(Limit, st.decimals("0.25", "40", places=2), st.sampled_from(LimitUnit)),
    st.sampled_from(SYSTEMS),
    st.sampled_from([calendar_in(zone) for zone in ZONES]),
)


@st.composite
def pauses(draw: st.DrawFn, start: datetime) -> list[Pause]:
    spans = draw(st.lists(st.tuples(st.integers(-500, 20_000), st.integers(0, 6_000)), max_size=4))
    return [Pause(start + timedelta(minutes=a), start + timedelta(minutes=a + length)) for a, length in spans]


def end_of(start: datetime, terms: Terms, gaps: Sequence[Pause] = (), extensions: int = 0) -> datetime:
    found = due(start, terms, gaps, extensions).due
    assert found is not None
    return found


@given(MOMENTS, TERMS, st.data())
def test_more_time_is_never_due_earlier(start: datetime, terms: Terms, data: st.DataObject) -> None:
    more = Limit(terms.limit.amount + data.draw(st.decimals("0.25", "9", places=2)), terms.limit.unit)
    gaps = data.draw(pauses(start))
    longer = Terms(more, terms.system, terms.calendar)
    assert end_of(start, terms, gaps) < end_of(start, longer, gaps)
    assert end_of(start, terms, gaps) < end_of(start, terms, gaps, 1)
    assert end_of(start, terms, gaps) <= end_of(start + timedelta(minutes=7), terms, gaps)


@given(MOMENTS, TERMS, st.data())
def test_a_pause_adds_exactly_its_own_time(start: datetime, terms: Terms, data: st.DataObject) -> None:
    gaps = data.draw(pauses(start))
    extensions = data.draw(st.integers(0, 2))
    found = end_of(start, terms, gaps, extensions)
    without = used_s(start, found, terms)
    paused = without - used_s(start, found, terms, gaps)
    assert without - paused == pytest.approx(terms.limit_s * (1 + extensions), abs=1e-3)


@given(MOMENTS, TERMS, st.data())
def test_pauses_may_be_split_joined_and_given_in_any_order(start: datetime, terms: Terms, data: st.DataObject) -> None:
    gaps = data.draw(pauses(start))
    halves = []
    for gap in gaps:
        assert gap.end is not None
        middle = gap.begin + (gap.end - gap.begin) / 2
        halves += [Pause(gap.begin, middle), Pause(middle, gap.end), Pause(middle, middle)]
    shuffled = data.draw(st.permutations(halves))
    assert end_of(start, terms, gaps, 1) == end_of(start, terms, shuffled, 1)


@given(MOMENTS, TERMS)
def test_a_pause_outside_the_working_hours_changes_nothing(start: datetime, terms: Terms) -> None:
    found = due(start, terms)
    closed = [Pause(before.end, after.begin) for before, after in zip(found.pieces, found.pieces[1:], strict=False)]
    assert end_of(start, terms, closed[:100]) == found.due


@given(MOMENTS, TERMS, st.decimals("0.25", "20", places=2))
def test_two_limits_one_after_the_other_are_one(start: datetime, terms: Terms, second: Decimal) -> None:
    then = Terms(Limit(second, terms.limit.unit), terms.system, terms.calendar)
    both = Terms(Limit(terms.limit.amount + second, terms.limit.unit), terms.system, terms.calendar)
    apart = end_of(end_of(start, terms), then)
    assert abs((apart - end_of(start, both)).total_seconds()) <= 1


@given(MOMENTS, TERMS, st.data())
def test_used_and_left_are_the_limit(start: datetime, terms: Terms, data: st.DataObject) -> None:
    gaps = data.draw(pauses(start))
    end = end_of(start, terms, gaps)
    moment = start + (end - start) * data.draw(st.floats(0, 1))
    used = used_s(start, moment, terms, gaps)
    left = used_s(moment, end, terms, gaps)
    assert used + left == pytest.approx(terms.limit_s, abs=1e-3)


@given(MOMENTS, TERMS, st.data())
def test_the_pieces_are_in_order_apart_and_add_up(start: datetime, terms: Terms, data: st.DataObject) -> None:
    found = due(start, terms, data.draw(pauses(start)), extensions := data.draw(st.integers(0, 2)))
    assert sum(piece.seconds for piece in found.pieces) == pytest.approx(terms.limit_s * (1 + extensions), abs=1e-3)
    for before, after in zip(found.pieces, found.pieces[1:], strict=False):
        assert before.begin < before.end <= after.begin
    assert found.due == found.pieces[-1].end
    assert explanation(found, Language.CHINESE)


@given(MOMENTS, st.sampled_from([unit for unit in LimitUnit if unit.is_continuous]), st.sampled_from(SYSTEMS))
def test_round_the_clock_units_ignore_the_calendar(start: datetime, unit: LimitUnit, system: TimeSystem) -> None:
    limit = Limit(Decimal(3), unit)
    assert end_of(start, Terms(limit, system, CHINA)) == start + timedelta(seconds=limit.seconds(1))
