"""Which month is published when, how far boxes have told it, and what a chain of revisions proves."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from central.core.kpis import BadPeriod, Snapshot, frozen, period_of
from central.core.kpis.periods import CalendarUnit
from central.core.kpis.publishing import (
    Broken,
    Fault,
    Link,
    PublishingTerms,
    StreamTold,
    cut_off,
    faults,
    mark_of,
    month_name,
    month_of,
    to_look_at,
)

CITY = ZoneInfo("Asia/Shanghai")
TERMS = PublishingTerms(CITY, revise_months=3)
MARCH = period_of(CalendarUnit.MONTH, date(2026, 3, 1), CITY)
HOUR = timedelta(hours=1)


def local(*told: int) -> datetime:
    return datetime(*told, tzinfo=CITY)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2026",
        "2026-13",
        "2026-00",
        "2026-1",
        "26-10",
        "２０２６-10",
        "2026-10-01",
        "2026/10",
        "1989-12",
        "0000-12",
        "x" * 99,
    ],
)
def test_words_that_are_no_month_are_refused(written: str) -> None:
    with pytest.raises(BadPeriod):
        month_of(written, CITY)


def test_a_month_has_edges_at_the_citys_midnights_and_crosses_the_year() -> None:
    december = month_of("2026-12", CITY)
    assert (december.begin, december.end) == (local(2026, 12, 1), local(2027, 1, 1))
    assert month_name(december) == "2026-12"
    assert cut_off(december, TERMS) == local(2027, 1, 3, 6)
    assert cut_off(december, replace(TERMS, day=1, hour=0)) == december.end


@pytest.mark.parametrize(
    ("now", "first"),
    [
        (local(2027, 1, 3, 6), "2026-12"),
        (local(2027, 1, 3, 6) - timedelta(microseconds=1), "2026-11"),
        (local(2027, 1, 1), "2026-11"),
        (local(2026, 12, 31, 23, 59), "2026-11"),
        (local(2027, 2, 3, 5, 59).astimezone(UTC), "2026-12"),
    ],
)
def test_the_last_month_is_due_from_its_cut_off(now: datetime, first: str) -> None:
    months = [month_name(one) for one in to_look_at(now, TERMS)]
    assert (months[0], len(months)) == (first, 3)
    assert months == sorted(months, reverse=True)


FULL = StreamTold("e2", 9, 9, MARCH.end + HOUR, MARCH.begin + HOUR)
GAP = StreamTold("e2", 5, 9, MARCH.end + HOUR, MARCH.begin + HOUR)
OLD_GAP = StreamTold("e1", 3, 7, MARCH.begin + 2 * HOUR, MARCH.begin)


@pytest.mark.parametrize(
    ("streams", "heard_at", "waiting_s", "until", "has_gap"),
    [
        ((), None, None, None, False),
        ((), MARCH.end + HOUR, 0.0, MARCH.end + HOUR, False),
        ((FULL,), None, None, FULL.spoken_at, False),
        ((FULL,), MARCH.end + HOUR, None, FULL.spoken_at, False),
        ((FULL,), MARCH.end + HOUR, 0.0, MARCH.end + HOUR, False),
        ((FULL,), MARCH.end + HOUR, 7_200.0, MARCH.end - HOUR, False),
        ((GAP,), MARCH.end + HOUR, 0.0, GAP.spoken_at, True),
        ((replace(GAP, spoken_at=None),), MARCH.end + HOUR, 0.0, None, True),
        ((OLD_GAP, FULL), MARCH.end + HOUR, 0.0, OLD_GAP.spoken_at, True),
        ((replace(OLD_GAP, moved_at=MARCH.begin - HOUR), FULL), MARCH.end + HOUR, 0.0, MARCH.end + HOUR, False),
        ((replace(OLD_GAP, upto=7), FULL), MARCH.end + HOUR, 0.0, MARCH.end + HOUR, False),
    ],
)
def test_how_far_a_box_has_told_a_month(
    streams: tuple[StreamTold, ...],
    heard_at: datetime | None,
    waiting_s: float | None,
    until: datetime | None,
    has_gap: bool,  # noqa: FBT001 - a row
) -> None:
    mark = mark_of("b1", streams, heard_at, waiting_s, MARCH)
    assert (mark.until, mark.has_gap) == (until, has_gap)


def chain() -> list[Snapshot]:
    from central.core.kpis.publishing.snapshots import BoxMark, revised  # noqa: PLC0415

    first = frozen(MARCH, MARCH.end, (), ())
    second = revised(first, frozen(MARCH, MARCH.end, (BoxMark("b1", "e", 1, None),), ()))
    assert second is not None
    return [first, second]


def test_a_whole_chain_has_no_fault_and_each_tampering_one() -> None:
    one, two = (Link("2026-03", snapshot.revision, snapshot) for snapshot in chain())
    other = Link("2026-02", 1, frozen(MARCH.last, MARCH.end, (), ()))
    assert list(faults([other, one, two])) == []
    assert list(faults([two])) == [Broken("2026-03", 1, Fault.MISSING)]
    spoilt = replace(one, snapshot=replace(one.snapshot, made_by="wang"))
    assert list(faults([spoilt, two])) == [Broken("2026-03", 1, Fault.CHANGED)]
    assert list(faults([replace(one, month="2026-04")])) == [Broken("2026-04", 1, Fault.CHANGED)]
    forged = frozen(MARCH, MARCH.end, (), (), made_by="wang")
    assert list(faults([replace(one, snapshot=forged), two])) == [Broken("2026-03", 2, Fault.CHANGED)]
