"""Leases, and requests that come twice, on every database: together with the change or not at all."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import event

from central.core.case_machine import CaseAction, CaseStatus, Wish
from central.core.cases.casefile import CaseView, Occurrence
from central.core.cases.leases import LEASE_S, LeaseHeld
from central.core.cases.requests import ANSWERS_KEPT, KeyReused, once
from central.core.retention import RetentionPolicy
from central.core.values import Actor, ActorKind, CaseSource, Role
from central.services.cases.audits import Audits
from central.services.cases.casework import CaseUnknown, StaleVersion
from central.services.cases.leases import Leases, MayNotDecide
from central.services.desks.actions import CaseRules
from central.services.desks.reports import PersonReport
from central.services.retention import Retention
from central.stores.open_stores import SqlStores, open_stores
from central.stores.ports import Stores
from tests.support.casework import CHINA, TO_CHECK, UNIT, Staff
from tests.support.central_stores import OPERATOR, VIEWER
from tests.support.store_contents import rows

OTHER = Actor(ActorKind.PERSON, "sun", Role.OPERATOR)
KEY = "7f3a-dispatch"
TABLES = ("cases", "case_steps", "case_numbers", "evidence_links", "answers")


@pytest.fixture
def staff(stores: Stores) -> Staff:
    return Staff(stores)


@pytest.fixture
def leases(stores: Stores) -> Leases:
    return Leases(stores, CaseRules(CHINA))


def registered(staff: Staff) -> CaseView:
    """Return a case that waits to be dispatched."""
    return staff.walk(staff.report().case.id, *TO_CHECK[:2])


def dispatch(
    staff: Staff, view: CaseView, key: str | None = KEY, actor: Actor = OPERATOR, unit: str = UNIT
) -> CaseView:
    """Dispatch a case as it was seen, under a key."""
    case = view.case
    asked = once(actor.name, key, case.id, "dispatch", unit) if key is not None else None
    wish = Wish(CaseAction.DISPATCH, unit=unit)
    return staff.casework.act(case.id, wish, actor, expected_version=case.version, now=staff.now, once=asked)


def report(staff: Staff, place: str = "东大街") -> CaseView:
    """Report a case under a key."""
    told = PersonReport(CaseSource.HOTLINE, "caller", place=place)
    asked = once(OPERATOR.name, KEY, "report", place)
    return staff.casework.report(told, OPERATOR, staff.now, staff.random, asked)


def contents(stores: Stores) -> list[object]:
    """Everything that a change of a case writes."""
    return [rows(stores, name) for name in TABLES]


# ---------- leases ----------


def test_a_lease_keeps_others_out_until_it_ends(staff: Staff, leases: Leases) -> None:
    case = registered(staff)
    leases.take(case.case.id, OTHER, staff.now)
    with pytest.raises(LeaseHeld, match="sun works on this case"):
        dispatch(staff, case)
    offered = staff.casework.actions(case.case.id, OPERATOR, staff.now)
    assert {(choice.allowed, choice.held_by) for choice in offered} == {(False, "sun")}
    assert any(choice.allowed for choice in staff.casework.actions(case.case.id, OTHER, staff.now))
    staff.wait_until(staff.now + timedelta(seconds=LEASE_S))
    assert leases.of([case.case.id], staff.now) == {}
    assert dispatch(staff, case).case.status is CaseStatus.DISPATCHED


def test_its_holder_renews_it_acts_and_lets_go(staff: Staff, leases: Leases) -> None:
    case = registered(staff)
    first = leases.take(case.case.id, OPERATOR, staff.now)
    later = staff.now + timedelta(seconds=LEASE_S - 1)
    assert leases.keep(case.case.id, OPERATOR, staff.now) == first
    again = leases.keep(case.case.id, OPERATOR, later)
    assert again is not None
    assert (again.since, again.until) == (first.since, later + timedelta(seconds=LEASE_S))
    assert dispatch(staff, case).case.status is CaseStatus.DISPATCHED
    leases.release(case.case.id, OTHER)
    assert leases.of([case.case.id], later)[case.case.id].holder == OPERATOR.name
    leases.release(case.case.id, OPERATOR)
    assert leases.keep(case.case.id, VIEWER, later) is None


def test_taking_over_is_told_to_both_and_stays_in_the_history(staff: Staff, leases: Leases) -> None:
    case = registered(staff)
    leases.take(case.case.id, OPERATOR, staff.now)
    with pytest.raises(LeaseHeld):
        leases.take(case.case.id, OTHER, staff.now)
    taken = leases.take(case.case.id, OTHER, staff.now, take_over=True)
    assert (taken.holder, taken.taken_from) == ("sun", OPERATOR.name)
    with pytest.raises(LeaseHeld) as told:
        leases.take(case.case.id, OPERATOR, staff.now)
    assert told.value.lease == taken
    leases.take(case.case.id, OTHER, staff.now + timedelta(seconds=5), take_over=True)
    lines = [(step.kind, step.actor.name, step.details) for step in staff.history(case.case.id)]
    assert lines[-1] == (Occurrence.TAKEN_OVER, "sun", {"from": OPERATOR.name})
    assert [kind for kind, _, _ in lines].count(Occurrence.TAKEN_OVER) == 1
    assert staff.case(case.case.id).version == case.case.version
    assert [one.findings for one in Audits(staff.stores).check()] == [()]


def test_who_may_not_decide_takes_nothing(staff: Staff, leases: Leases) -> None:
    case = staff.report().case.id
    with pytest.raises(MayNotDecide):
        leases.take(case, VIEWER, staff.now)
    with pytest.raises(CaseUnknown):
        leases.take("case-of-nobody", OPERATOR, staff.now)
    assert rows(staff.stores, "leases") == []


def test_of_many_who_take_a_case_at_once_one_has_it(staff: Staff, leases: Leases) -> None:
    case = staff.report().case.id
    people = [Actor(ActorKind.PERSON, f"person {number}", Role.OPERATOR) for number in range(12)]

    def take(person: Actor) -> str:
        try:
            return leases.take(case, person, staff.now).holder
        except LeaseHeld as held:
            return held.lease.holder

    with ThreadPoolExecutor(len(people)) as pool:
        assert len(set(pool.map(take, people))) == 1


# ---------- requests that come twice ----------


def test_the_same_request_is_answered_as_before(staff: Staff) -> None:
    opened = report(staff)
    assert report(staff) == opened
    assert len(rows(staff.stores, "cases")) == 1
    case = registered(staff)
    won = dispatch(staff, case, "other key")
    before = contents(staff.stores)
    staff.now += timedelta(minutes=5)
    assert dispatch(staff, case, "other key") == won
    assert contents(staff.stores) == before
    staff.act(case.case.id, CaseAction.TAKE)
    assert dispatch(staff, case, "other key") == won


def test_a_key_stands_for_one_request_of_one_person(staff: Staff) -> None:
    case = registered(staff)
    dispatch(staff, case)
    with pytest.raises(KeyReused, match="a key of its own"):
        dispatch(staff, case, unit="greening")
    other = registered(staff)
    assert dispatch(staff, other, actor=OTHER).case.status is CaseStatus.DISPATCHED


def test_what_was_refused_leaves_the_key_free(staff: Staff, leases: Leases) -> None:
    case = registered(staff)
    leases.take(case.case.id, OTHER, staff.now)
    with pytest.raises(LeaseHeld):
        dispatch(staff, case, unit="greening")
    leases.release(case.case.id, OTHER)
    assert dispatch(staff, case).case.state.unit == UNIT


def test_twenty_of_one_key_at_once_are_done_once_and_answered_alike(staff: Staff) -> None:
    case = registered(staff)
    with ThreadPoolExecutor(20) as pool:
        reported = list(pool.map(lambda _: report(staff), range(20)))
        dispatched = list(pool.map(lambda _: dispatch(staff, case, "at once"), range(20)))
    assert all(view == reported[0] for view in reported)
    assert all(view == dispatched[0] for view in dispatched)
    assert len(rows(staff.stores, "cases")) == 2
    assert [step.kind for step in staff.history(case.case.id)].count(CaseAction.DISPATCH) == 1


def test_answers_end_by_age_and_by_number(staff: Staff, leases: Leases) -> None:
    case = registered(staff)
    dispatch(staff, case, "old")
    leases.take(case.case.id, OPERATOR, staff.now)
    staff.now += ANSWERS_KEPT + timedelta(seconds=1)
    new = report(staff)
    with pytest.raises(StaleVersion):
        dispatch(staff, case, "old")
    Retention(staff.stores, RetentionPolicy()).step(staff.now)
    assert [row["key"] for row in rows(staff.stores, "answers")] == [KEY]
    assert (rows(staff.stores, "leases"), report(staff)) == ([], new)
    with staff.stores.writing() as unit:
        for number in range(5):
            assert unit.answers.claim(once("p", str(number), "x"), staff.now) is None
    with staff.stores.writing() as unit:
        assert unit.answers.drop_old(staff.now - ANSWERS_KEPT, 3, 100) == 3
    assert [row["key"] for row in rows(staff.stores, "answers")] == ["2", "3", "4"]


# ---------- crashes ----------


class Broken(Exception):
    """The database breaks off."""


@contextmanager
def breaking_at(stores: Stores, number: int) -> Iterator[list[str]]:
    """Let the statement of this number, from 1, fail; hand out those that came."""
    engine = cast("SqlStores", stores).database.engine
    seen: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_more: object) -> None:  # noqa: ANN401 - the driver's
        seen.append(statement)
        if len(seen) == number:
            raise Broken

    event.listen(engine, "before_cursor_execute", count)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", count)


def test_a_break_at_any_statement_leaves_all_or_nothing(staff: Staff) -> None:
    case = registered(staff)
    before = contents(staff.stores)
    for number in range(1, 100):
        with breaking_at(staff.stores, number) as seen:
            try:
                won = dispatch(staff, case)
            except Broken:
                assert contents(staff.stores) == before
                continue
        break
    assert len(seen) < number
    assert number > 8
    assert dispatch(staff, case) == won
    assert [one.findings for one in Audits(staff.stores).check()] == [()]


def test_a_process_that_dies_at_any_statement_leaves_all_or_nothing(staff: Staff, tmp_path: Path) -> None:
    case = registered(staff)
    before = contents(staff.stores)
    url = cast("SqlStores", staff.stores).database.engine.url.render_as_string(hide_password=False)
    died = 0
    while True:
        child = os.fork()
        if child == 0:
            _act_and_die(url, tmp_path / "child", staff, case, died + 1)
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) == 0:
            break
        died += 1
        assert contents(staff.stores) == before
    assert died > 8
    assert dispatch(staff, case).case.status is CaseStatus.DISPATCHED
    assert [step.kind for step in staff.history(case.case.id)].count(CaseAction.DISPATCH) == 1


def _act_and_die(url: str, folder: Path, staff: Staff, case: CaseView, number: int) -> None:
    """In a process of its own: end without any clearing up at the statement of this number."""
    code = 2
    try:
        stores = open_stores(database_url=url, evidence_dir=folder)
        twin = Staff.__new__(Staff)
        twin.stores, twin.now = stores, staff.now
        twin.casework = type(staff.casework)(stores, CaseRules(CHINA))
        seen = 0

        def count(*_: object) -> None:
            nonlocal seen
            seen += 1
            if seen == number:
                os._exit(1)

        event.listen(cast("SqlStores", stores).database.engine, "before_cursor_execute", count)
        dispatch(twin, case)
        code = 0
    finally:
        os._exit(code)
