"""Trial and formal operation cut a period at the day that formal operation began, and nowhere else."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.core.kpis import NOTE_WORDS, Note, Period, Phase, notes_of, period_of, phase_of, phases_of
from central.core.kpis.periods import CalendarUnit

MARCH = period_of(CalendarUnit.MONTH, date(2026, 3, 15))
MIDDLE = MARCH.begin + timedelta(days=9)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("formal_since", "parts"),
    [
        (None, {Phase.FORMAL: MARCH}),
        (MARCH.begin, {Phase.FORMAL: MARCH}),
        (MARCH.end, {Phase.TRIAL: MARCH}),
        (MARCH.end + SECOND, {Phase.TRIAL: MARCH}),
        (MIDDLE, {Phase.TRIAL: Period(MARCH.begin, MIDDLE), Phase.FORMAL: Period(MIDDLE, MARCH.end)}),
    ],
)
def test_the_parts_of_a_month(formal_since: datetime | None, parts: dict[Phase, Period]) -> None:
    assert phases_of(MARCH, formal_since) == parts


@given(
    moment=st.datetimes(datetime(2026, 2, 1), datetime(2026, 5, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - given a zone
    formal_since=st.datetimes(datetime(2026, 2, 1), datetime(2026, 5, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_each_moment_of_a_period_lies_in_the_part_of_its_phase(moment: datetime, formal_since: datetime) -> None:
    inside = [phase for phase, part in phases_of(MARCH, formal_since).items() if part.begin <= moment < part.end]
    assert inside == ([phase_of(moment, formal_since)] if MARCH.begin <= moment < MARCH.end else [])


@pytest.mark.parametrize(
    ("formal_since", "complete", "notes"),
    [
        (None, True, ()),
        (MARCH.begin, True, ()),
        (MARCH.begin + SECOND, True, (Note.TRIAL_OPERATION,)),
        (None, False, (Note.INCOMPLETE_FACTS,)),
        (MARCH.end, False, (Note.INCOMPLETE_FACTS, Note.TRIAL_OPERATION)),
    ],
)
def test_what_stands_beside_a_figure(formal_since: datetime | None, complete: bool, notes: tuple[Note, ...]) -> None:  # noqa: FBT001 - a row
    assert notes_of(MARCH, formal_since, facts_complete=complete) == notes
    assert all(NOTE_WORDS[note].zh and NOTE_WORDS[note].en for note in notes)
