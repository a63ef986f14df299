"""Months of figures on both databases: published once, revised by late facts, readable for ever, tampering told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache

import pytest

from central.core.availability.witnesses import WitnessRun
from central.core.case_machine.stages import BUILT_IN_CLOCKWORK
from central.core.evaluation.records import Payment
from central.core.kpis import BadPeriod, BoxMark, ByClockwork, CaseFact, folded, frozen, period_of
from central.core.kpis.periods import ZONE, CalendarUnit
from central.core.kpis.publishing import Broken, Fault, PublishingTerms, cut_off
from central.core.project_records import Revision, kind_of
from central.core.registers import Register
from central.services.figures.device_notes import DeviceNotes
from central.services.figures.kpis import Kpis
from central.services.figures.publishing import MonthRefused, MonthUnknown, Publication, Publishing
from central.services.figures.registers import Registers
from central.stores.ports import BadCursor, PageRequest, StoreRejected, Stores, StoreUnavailable
from protocol.texts import Language
from tests.support.central_stores import OPERATOR, Central, FailingStores
from tests.support.simulated_month import lived
from tests.support.speaking_box import SpeakingBox, later
from tests.support.store_contents import change

MARCH = period_of(CalendarUnit.MONTH, date(2026, 3, 15))
TERMS = PublishingTerms(ZONE)
NOW = cut_off(MARCH, TERMS)
EN = Language.ENGLISH
ALL = PageRequest(100)


@cache
def facts() -> Sequence[CaseFact]:
    """Those of a simulated time."""
    return tuple(folded(None, one.case, one.steps, ByClockwork(BUILT_IN_CLOCKWORK)) for one in lived(120, seed=5))


@pytest.fixture
def known(stores: Stores) -> Stores:
    """Return stores that know these facts."""
    with stores.writing() as unit:
        unit.facts.save(facts())
    return stores


def publishing(stores: Stores, terms: PublishingTerms = TERMS) -> Publishing:
    return Publishing(stores, Kpis(stores, BUILT_IN_CLOCKWORK), terms)


def reopened(stores: Stores) -> CaseFact:
    """Take back a closing of March, as a reopening does."""
    one = next(fact for fact in facts() if fact.registered_at and MARCH.begin <= fact.registered_at and fact.closed_at)
    with stores.writing() as unit:
        unit.facts.save([replace(one, closed_at=None, handled_at=None, is_reopened=True)])
    return one


def test_a_month_is_published_once_and_revised_by_a_late_fact(known: Stores) -> None:
    service = publishing(known)
    first = service.publish("2026-03", "wang", NOW)
    assert (first.is_new, first.snapshot.revision, first.snapshot.as_of) == (True, 1, NOW)
    assert {figure.group.partition("=")[0] for figure in first.snapshot.figures} == {"", "community", "unit"}
    assert not service.publish("2026-03", "wang", NOW + timedelta(days=3)).is_new
    unit = reopened(known).unit
    second = service.publish("2026-03", "li", NOW + timedelta(days=9))
    assert (second.is_new, second.snapshot.revision, second.before) == (True, 2, first.snapshot)
    assert (second.snapshot.as_of, second.snapshot.made_at) == (NOW, NOW + timedelta(days=9))
    told = service.difference("2026-03", 2, EN)
    assert any(line.startswith("closing rate (the city): ") for line in told)
    assert any(line.startswith(f"closing rate (department {unit or '(none)'}): ") for line in told)
    assert service.difference("2026-03", 1, EN) == ()
    assert service.revision("2026-03", 1).snapshot == first.snapshot
    assert {one.is_below_minimum for one in first.snapshot.figures if one.group} == {True, False}
    assert all((one.reason is None) == (one.value is not None) for one in first.snapshot.figures)
    assert service.revision("2026-03").snapshot == second.snapshot
    assert [(one.month, one.revision, one.made_by) for one in service.heads(None, ALL).items] == [
        ("2026-03", 2, "li"),
        ("2026-03", 1, "wang"),
    ]
    assert list(service.check()) == []


def test_what_was_told_after_the_cut_off_revises_the_month_it_is_of(known: Stores) -> None:
    """A payment of the month that is entered on day 4, people of a community that are entered on day 5."""
    service, day = publishing(known), timedelta(days=1)
    first = service.publish("2026-03", "wang", NOW).snapshot
    paid = Payment(id="p1", contract="c1", paid=date(2026, 3, 20), amount_cny=Decimal(9_000))
    told = Revision(kind_of(paid), "p1", 1, 2026, None, paid, "li", NOW + day, "late")
    with known.writing() as unit:
        unit.project_records.add([told])
    assert not service.publish("2026-03", "wang", NOW + day / 2).is_new, "not known yet"
    second = service.publish("2026-03", "wang", NOW + day)
    cost = {one.indicator: one for one in second.snapshot.figures if not one.group}["cost_per_closed_case"]
    assert (cost.hits, cost.value) == (9_000, 9_000 / cost.total)
    (line,) = [one for one in service.difference("2026-03", 2, EN) if one.startswith("cost per closed case")]
    assert line.startswith("cost per closed case (the city): no figure -> ")
    community = next(fact.community for fact in facts() if fact.community)
    people = {"community": community, "year": "2026", "people": "1000", "source": "公报"}
    Registers(known).enter(Register.POPULATION, people, OPERATOR, NOW + 2 * day)
    third = service.publish("2026-03", "wang", NOW + 2 * day)
    assert [line.split(" (")[0] for line in service.difference("2026-03", 3, EN)[1:]] == ["public participation"]
    assert (second.snapshot.as_of, third.snapshot.as_of) == (first.as_of, first.as_of)
    assert not service.publish("2026-03", "wang", NOW + 9 * day).is_new


def test_what_happens_after_the_cut_off_belongs_to_later_figures(known: Stores) -> None:
    service = publishing(known)
    first = service.publish("2026-03", "wang", NOW)
    open_one = next(fact for fact in facts() if fact.registered_at and MARCH.begin <= fact.registered_at < MARCH.end)
    with known.writing() as unit:
        unit.facts.save([replace(open_one, closed_at=open_one.closed_at or NOW + timedelta(hours=2))])
    again = service.publish("2026-03", "wang", NOW + timedelta(days=2))
    assert (again.is_new, again.snapshot) == (False, first.snapshot)
    early = publishing(known).publish("2026-02", "wang", MARCH.begin)
    assert early.snapshot.as_of == MARCH.begin


@pytest.mark.parametrize(
    ("month", "error", "said"),
    [
        ("2026-03", MonthRefused, r"2026-03 is not over; publish it from 2026-04-01 00:00 \(Asia/Shanghai\)"),
        ("2031-01", MonthRefused, "is not over"),
        ("March", BadPeriod, "write year and month as 2026-10"),
    ],
)
def test_what_cannot_be_published(stores: Stores, month: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        publishing(stores).publish(month, "wang", MARCH.end - timedelta(microseconds=1))


def test_a_month_waits_for_the_facts_of_older_cases(stocked: Stores) -> None:
    service = publishing(stocked)
    with pytest.raises(MonthRefused, match="older cases are still being counted in"):
        service.publish("2026-02", "wang", NOW)
    assert service.step(NOW) is None


def test_unknown_months_and_revisions(known: Stores) -> None:
    service = publishing(known)
    with pytest.raises(MonthUnknown, match="2026-03 was not published"):
        service.revision("2026-03")
    service.publish("2026-03", "wang", NOW)
    with pytest.raises(MonthUnknown, match="2026-03 has no revision 7; its revisions are 1 to 1"):
        service.difference("2026-03", 7, EN)
    with pytest.raises(BadCursor):
        service.heads(None, PageRequest(5, "?"))


def test_a_box_with_a_gap_leaves_the_month_incomplete_until_it_is_filled(known: Stores) -> None:
    central, box, start = Central(known), SpeakingBox(), later(0)
    central.register(box)
    central.receive(box.birth(0), box.scene(5, seq=1), box.scene(9, seq=4))
    month = period_of(CalendarUnit.MONTH, start.astimezone(ZONE).date())
    with known.reading() as unit:
        (mark,) = unit.months.marks(month)
        assert unit.months.marks(month.last) == []
    assert (mark.box, mark.upto, mark.has_gap) == (box.box, 1, True)
    service, name = publishing(known), f"{start.astimezone(ZONE):%Y-%m}"
    after = cut_off(month, TERMS)
    first = service.publish(name, "wang", after).snapshot
    assert not first.is_complete
    assert list(first.open_words(EN)) == [f"{box.box}: a gap after message 1 is not closed"]
    central.receive(box.scene(6, seq=2), box.scene(7, seq=3))
    with known.reading() as unit:
        (mark,) = unit.months.marks(month)
    assert (mark.upto, mark.has_gap) == (4, False)


def test_by_itself_last_month_is_published_and_published_ones_are_looked_at_once_a_day(known: Stores) -> None:
    service = publishing(known)

    def steps(now: datetime) -> list[Publication]:
        found = []
        while (one := service.step(now)) is not None:
            found.append(one)
        return found

    (done,) = steps(NOW)[:1]
    assert (done.is_new, done.snapshot.month, done.snapshot.made_by) == (True, MARCH, "central")
    assert steps(NOW + timedelta(hours=17)) == []
    reopened(known)
    revised = [one for one in steps(NOW + timedelta(days=1)) if one.is_new]
    assert [(one.snapshot.month, one.snapshot.revision) for one in revised] == [(MARCH, 2)]
    assert [one for one in steps(NOW + timedelta(days=40)) if one.is_new and one.snapshot.month == MARCH] == []
    off = publishing(known, replace(TERMS, is_automatic=False))
    assert off.step(NOW + timedelta(days=60)) is None


def test_what_the_store_did_not_keep_is_published_as_soon_as_it_does(known: Stores) -> None:
    service = publishing(FailingStores(known, iter([True])))
    with pytest.raises(StoreUnavailable):
        service.step(NOW)
    done = service.step(NOW + timedelta(hours=1))
    assert done is not None
    assert (done.is_new, done.snapshot.month) == (True, MARCH)


def test_an_installation_that_was_not_there_publishes_nothing_by_itself(stores: Stores) -> None:
    assert publishing(stores).step(NOW) is None
    DeviceNotes(stores).take_runs([WitnessRun("central", "first", NOW - timedelta(minutes=1), NOW)], NOW)
    assert publishing(stores).step(NOW + timedelta(days=1)) is None
    assert publishing(stores).heads(None, ALL).items == ()


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE kpi_months SET figures = '[]' WHERE revision = 1", [Broken("2026-03", 1, Fault.CHANGED)]),
        ("UPDATE kpi_months SET figures = '{{' WHERE revision = 2", [Broken("2026-03", 2, Fault.CHANGED)]),
        ("UPDATE kpi_months SET marks = 'x' WHERE revision = 2", [Broken("2026-03", 2, Fault.CHANGED)]),
        ("UPDATE kpi_months SET zone = '../x' WHERE revision = 2", [Broken("2026-03", 2, Fault.CHANGED)]),
        ("UPDATE kpi_months SET made_by = 'zhao' WHERE revision = 1", [Broken("2026-03", 1, Fault.CHANGED)]),
        ("DELETE FROM kpi_months WHERE revision = 1", [Broken("2026-03", 1, Fault.MISSING)]),
    ],
)
def test_tampering_is_told(known: Stores, statement: str, broken: list[Broken]) -> None:
    service = publishing(known)
    service.publish("2026-03", "wang", NOW)
    reopened(known)
    service.publish("2026-03", "wang", NOW + timedelta(days=1))
    change(known, statement)
    assert list(service.check()) == broken
    if broken[0] == Broken("2026-03", 2, Fault.CHANGED):
        assert not service.revision("2026-03").is_intact
        with pytest.raises(MonthRefused, match="revision 2 is not what was sealed"):
            service.publish("2026-03", "wang", NOW + timedelta(days=2))


def test_two_that_publish_at_the_same_moment_make_one_revision(stores: Stores) -> None:
    snapshot = frozen(MARCH, NOW, (BoxMark("b1", "e", 1, datetime(2026, 3, 2, tzinfo=UTC)),), ())
    with stores.writing() as unit:
        unit.months.add(snapshot)
    with pytest.raises(StoreRejected), stores.writing() as unit:
        unit.months.add(snapshot)
    with stores.reading() as unit:
        link = unit.months.newest("2026-03")
    assert link is not None
    assert (link.snapshot, link.is_intact) == (snapshot, True)
