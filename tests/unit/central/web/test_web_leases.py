"""Who works on a case, at the seat."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from central.core.case_machine import CaseAction
from central.core.cases.leases import LEASE_S
from central.core.values import Actor, ActorKind, Role
from central.web.seat.desk import Desk, Refusal
from tests.support.office import Office, office, settings_in

WANG, LI = Actor(ActorKind.PERSON, "wang", Role.OPERATOR), Actor(ActorKind.PERSON, "li", Role.OPERATOR)
VIEWER = Actor(ActorKind.PERSON, "zhou", Role.VIEWER)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Office]:
    with office(settings_in(tmp_path)) as opened:
        opened.staff()
        opened.born()
        yield opened


def test_who_looks_at_a_case_has_it_until_they_turn_away(opened: Office) -> None:
    desk, case = Desk(opened.services, opened.clock), opened.see().case.id
    mine = desk.detail(case, WANG, at_work=True)
    seen = desk.detail(case, LI, at_work=True)
    assert mine is not None
    assert seen is not None
    assert mine.lease == seen.lease
    assert mine.lease is not None
    assert mine.lease.holder == "wang"
    assert (mine.choice(CaseAction.CONFIRM).allowed, seen.choice(CaseAction.CONFIRM).allowed) == (True, False)  # type: ignore[union-attr]
    assert desk.decide(seen.view, CaseAction.CONFIRM, lambda: LI, None, "") == Refusal("decision.refused_held")
    desk.leave(seen, LI)
    desk.leave(mine, WANG)
    assert desk.decide(seen.view, CaseAction.CONFIRM, lambda: LI, None, "") is None


def test_taking_over_is_seen_by_both(opened: Office) -> None:
    desk, case = Desk(opened.services, opened.clock), opened.see().case.id
    desk.detail(case, WANG, at_work=True)
    assert desk.take_over(case, lambda: VIEWER) == Refusal("decision.refused_role")
    assert desk.take_over(case, lambda: None) == Refusal("decision.signed_out")
    assert desk.take_over("nothing", lambda: LI) == Refusal("decision.refused_gone")
    assert desk.take_over(case, lambda: LI) is None
    leases = [
        detail.lease
        for detail in (desk.detail(case, WANG, at_work=True), desk.detail(case, LI, at_work=True))
        if detail is not None
    ]
    assert [(lease.holder, lease.taken_from) for lease in leases if lease is not None] == [("li", "wang")] * 2


def test_a_viewer_holds_nobody_up(opened: Office) -> None:
    desk, case = Desk(opened.services, opened.clock), opened.see().case.id
    detail = partial(desk.detail, case, at_work=True)
    assert detail(VIEWER).lease is None  # type: ignore[union-attr]
    assert detail(WANG).lease.holder == "wang"  # type: ignore[union-attr]


def test_a_page_renews_what_it_shows(opened: Office) -> None:
    desk, case = Desk(opened.services, opened.clock), opened.see().case.id
    first = desk.detail(case, WANG, at_work=True).lease  # type: ignore[union-attr]
    assert first is not None
    for _ in range(4):
        opened.at += timedelta(seconds=LEASE_S / 2)
        kept = desk.detail(case, WANG, at_work=True).lease  # type: ignore[union-attr]
        assert kept is not None
        assert (kept.since, kept.until > opened.at) == (first.since, True)


def test_a_page_that_nobody_works_at_holds_nobody_up(opened: Office) -> None:
    desk, case = Desk(opened.services, opened.clock), opened.see().case.id
    assert desk.detail(case, WANG).lease is None  # type: ignore[union-attr]
    assert desk.detail(case, LI).choice(CaseAction.CONFIRM).allowed  # type: ignore[union-attr]
