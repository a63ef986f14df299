"""Pages behind figures of registers are the whole, part by part, and the whole is what a recount says."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from central.core.case_machine.stages import BUILT_IN_CLOCKWORK
from central.core.kpis import COUNTERS, INDICATORS, CaseFact, Measured, Part, groups_of, holds, period_of
from central.core.kpis.periods import CalendarUnit
from central.core.kpis.recall import FOUND_AFTER, FOUND_BEFORE, WATCHABLE, codes_of
from central.core.places.position import Position
from central.core.places.zone_grounds import ZoneMap
from central.core.values import PUBLIC_SOURCES, ActorKind, CaseSource
from central.services.figures.kpis import Kpis
from central.services.figures.measuring import MEASURES
from central.services.figures.measuring.by_key import ByKey
from central.stores.ports import Asked, BadCursor, PageRequest, Stores
from tests.support.registered_city import BEGIN, City, city, put

MARCH = period_of(CalendarUnit.MONTH, date(2026, 3, 2))
AFTER = MARCH.end + timedelta(days=60)
BY_KEY = [
    name
    for name, one in INDICATORS.items()
    if isinstance(one.formula, Measured) and isinstance(MEASURES[one.formula.by], ByKey)
]
MADE = city()
TRUE = COUNTERS["registered_public_true"]


@pytest.fixture
def kpis(stores: Stores) -> Kpis:
    put(stores, MADE)
    return Kpis(stores, BUILT_IN_CLOCKWORK)


def turned(kpis: Kpis, name: str, limit: int, by: str | None = None, group: str | None = None) -> list[Part]:
    """All parts, a page after the other; each page but the last is full."""
    asked, cursor, found = Asked(MARCH, AFTER, by), None, list[Part]()
    while True:
        page = kpis.parts(name, asked, group, PageRequest(limit, cursor))
        found += page.items
        if page.next is None:
            return found
        assert len(page.items) == limit
        cursor = page.next


def true_reports(made: City) -> list[CaseFact]:
    """Verified public reports that were registered, in that order."""
    found = [fact for fact in made.facts if fact.registered_at is not None and holds(TRUE.condition, fact, AFTER)]
    return sorted(found, key=lambda fact: str(fact.registered_at))


def missed(made: City) -> Iterator[str]:
    for fact in true_reports(made):
        if any(
            fact.code.startswith(duty.subject)
            and fact.grid.startswith(duty.party)
            and duty.starts_at <= fact.opened_at < duty.ends_at
            for duty in made.duties
        ):
            yield fact.case


def trials(made: City) -> Iterator[tuple[str, bool]]:
    zones = ZoneMap(made.grounds)
    for fact in true_reports(made):
        place, at = made.places[fact.case], fact.opened_at
        inside = {(one.camera, one.zone) for one in zones.at(Position(*place))} if place is not None else set()
        if inside and fact.code in WATCHABLE and at < MARCH.end:
            yield (
                fact.case,
                any(
                    at - FOUND_BEFORE <= one.opened_at <= at + FOUND_AFTER
                    and one.source is CaseSource.DETECTOR
                    and (one.camera, one.zone) in inside
                    and fact.code in codes_of(one.scene)
                    for one in made.facts
                ),
            )


def joined(made: City) -> Iterator[str]:
    zones, facts = ZoneMap(made.grounds), {fact.case: fact for fact in made.facts}
    for report in made.joined:
        fact = facts[report.case]
        if report.source not in PUBLIC_SOURCES or fact.reported_at is None or not MARCH.begin <= report.at < MARCH.end:
            continue
        assert report.latitude is not None
        assert report.longitude is not None
        inside = zones.at(Position(report.latitude, report.longitude))
        if (fact.camera, fact.zone) in {(one.camera, one.zone) for one in inside}:
            yield report.case


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 500])
def test_pages_are_the_whole_whatever_their_length(kpis: Kpis, limit: int) -> None:
    assert set(BY_KEY) == {"missed_report_rate", "public_participation", "seat_usage", "field_recall"}
    for name in BY_KEY:
        figure, whole = kpis.figure(name, MARCH, AFTER), turned(kpis, name, 100)
        assert len(whole) > 7, name
        assert turned(kpis, name, limit) == whole, name
        assert (figure.hits, figure.total) == tuple(
            round(sum(getattr(one, of) for one in whole)) for of in ("hits", "total")
        )


@pytest.mark.parametrize("limit", [1, 4, 500])
def test_so_are_those_of_each_group(kpis: Kpis, limit: int) -> None:
    for name in BY_KEY:
        for by in groups_of(INDICATORS[name]):
            whole, told = turned(kpis, name, 100, by), list[Part]()
            figures = {one.group: (one.hits, one.total) for one in kpis.grouped(name, MARCH, AFTER, by)}
            assert figures.keys() == {part.group for part in whole}
            for group, numbers in figures.items():
                parts = turned(kpis, name, limit, by, group)
                assert parts == [part for part in whole if part.group == group], (name, by, group)
                assert numbers == tuple(round(sum(getattr(one, of) for one in parts)) for of in ("hits", "total"))
                told += parts
            assert len(told) == len(whole)
            assert turned(kpis, name, limit, by, "none of these") == []


def test_parts_are_what_a_recount_says(kpis: Kpis) -> None:
    parts = {name: turned(kpis, name, 500) for name in BY_KEY}
    registered = [
        fact for fact in MADE.facts if fact.registered_at is not None and MARCH.begin <= fact.registered_at < MARCH.end
    ]
    in_march = {fact.case for fact in registered}
    inside, *found = parts["missed_report_rate"]
    assert (inside.id, inside.total) == ("registered", len(registered))
    assert [one.id for one in found] == [case for case in missed(MADE) if case in in_march]
    told = [(case, hit) for case, hit in trials(MADE) if case in in_march]
    recall = [(one.id, bool(one.hits)) for one in parts["field_recall"]]
    assert recall[: len(told)] == told
    assert {hit for _, hit in told} == {True, False}
    assert sorted(recall[len(told) :]) == sorted((case, True) for case in joined(MADE))
    assert len(recall) > len(told) > 9
    by_community = {one.id: (one.hits, one.total) for one in parts["public_participation"]}
    newest = {
        one.subject: one for one in sorted(MADE.people, key=lambda one: one.starts_at) if one.starts_at.year >= 2016
    }
    public = [fact for fact in MADE.facts if fact.source in PUBLIC_SOURCES and fact.reported_at is not None]
    assert by_community == {
        code: (sum(fact.community == code and fact.reported_at < MARCH.end for fact in public), one.amount)
        for code, one in newest.items()
    }
    assert list(by_community) == sorted(by_community)


def test_shifts_are_those_hours_in_which_their_person_acts(kpis: Kpis) -> None:
    acts = [(step.actor.name, step.at) for step in MADE.steps if step.actor.kind is ActorKind.PERSON]
    expected = []
    for shift in sorted(MADE.shifts, key=lambda one: (one.starts_at, one.subject, one.party)):
        begin, end = max(shift.starts_at, MARCH.begin), shift.ends_at
        if end > begin:
            total_s = (end - begin).total_seconds()
            hours = {
                (at - begin) // timedelta(hours=1) for name, at in acts if name == shift.party and begin <= at < end
            }
            expected.append(
                (shift.subject, shift.party, sum(min(3600, total_s - 3600 * hour) for hour in hours), total_s)
            )
    found = [(one.id, one.note, one.hits, one.total) for one in turned(kpis, "seat_usage", 3)]
    assert found == expected
    assert sum(hits for _, _, hits, _ in found) > 0


@pytest.mark.parametrize(
    "cursor",
    ["", "0", "1", "1@b1.cam-1", "shifts", "shifts.", "shifts.rg-none", "communities.", "communities.x", "missed.x",
     "told.x", "joined.MQ", "missed." + "x" * 201, "told.\x00", "none.1", "registered"],
)  # fmt: skip
def test_a_cursor_of_another_list(kpis: Kpis, cursor: str) -> None:
    for name in BY_KEY:
        with pytest.raises(BadCursor):
            kpis.parts(name, Asked(MARCH, AFTER), None, PageRequest(5, cursor))


def test_a_cursor_of_one_figure_is_none_of_another(kpis: Kpis) -> None:
    cursors = {name: kpis.parts(name, Asked(MARCH, AFTER), None, PageRequest(3)).next for name in BY_KEY}
    for name in INDICATORS:
        if kpis.is_measured(name):
            for other, cursor in cursors.items():
                if other != name:
                    with pytest.raises(BadCursor):
                        kpis.parts(name, Asked(MARCH, AFTER), None, PageRequest(3, cursor))


def test_what_was_withdrawn_is_no_part(stores: Stores) -> None:
    gone = next(one for one in MADE.shifts if one.starts_at > BEGIN)
    put(stores, MADE, gone)
    kpis = Kpis(stores, BUILT_IN_CLOCKWORK)
    found = [(one.begin, one.id) for one in turned(kpis, "seat_usage", 2)]
    assert (gone.starts_at, gone.subject) not in found
    assert len(found) > 9
