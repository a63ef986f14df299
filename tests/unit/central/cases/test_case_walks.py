"""Whatever people do with cases, in whatever order: what always holds of what is stored."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central.core.case_machine import OPEN, CaseAction, CaseStatus, GuardRefused, Post, Stage
from central.core.cases.casefile import CaseView
from central.core.values import Actor, ActorKind, Role
from central.services.cases.audits import Audits
from central.stores.ports import CaseFilter, PageRequest, Stores
from tests.support.casework import UNIT, Staff
from tests.support.store_contents import rows

Fresh = Callable[[], AbstractContextManager[Stores]]
POSTS = {Role.OPERATOR: frozenset(Post) - {Post.CAMERA, Post.CLOCK}}
PEOPLE = [Actor(ActorKind.PERSON, name, Role.OPERATOR, UNIT) for name in ("zhou", "wu")]


def everything(staff: Staff) -> list[CaseView]:
    return list(staff.casework.cases(CaseFilter(), PageRequest(500)).items)


def one_step(staff: Staff, data: st.DataObject) -> None:
    """Let somebody do something that is offered to them; a merge may still be into a case that is over."""
    known = [view.case.id for view in everything(staff)]
    case, actor = data.draw(st.sampled_from(known)), data.draw(st.sampled_from(PEOPLE))
    staff.now += timedelta(minutes=data.draw(st.integers(0, 3000)))
    staff.casework.resume_ended(staff.now)
    allowed = [one.action for one in staff.casework.actions(case, actor, staff.now) if one.allowed]
    if allowed:
        action = data.draw(st.sampled_from(allowed))
        into = data.draw(st.sampled_from(known)) if action is CaseAction.MERGE else ""
        try:
            staff.act(case, action, actor, into=into)
        except GuardRefused:
            assert action is CaseAction.MERGE or staff.case(case).state.due_at is not None


def check(staff: Staff) -> None:
    views = everything(staff)
    kept = {row["id"]: row for row in rows(staff.stores, "cases")}
    for view in views:
        case, row = view.case, kept[view.case.id]
        state = case.state
        assert (row["status"], row["unit"], row["due_at"]) == (state.status, state.unit, state.due_at)
        running = [run for run in case.runs if run.ended_at is None and not run.is_paused]
        held = state.status in {CaseStatus.SUSPENDED, CaseStatus.MERGED}
        assert len(running) == (state.status in OPEN and not held)
        assert (state.due_at is not None) == any(run.stage is Stage.HANDLING for run in running)
        tasks = [one.case for one in views if one.case.state.parent == case.id]
        assert state.children_open == sum(task.status in OPEN for task in tasks)
        inside = {one.case.id for one in views if one.case.state.status is CaseStatus.MERGED} & set(view.absorbed)
        assert len(inside) == len(view.absorbed)
        assert case.id not in view.absorbed
    assert [case.number for case in Audits(staff.stores).check() if case.findings] == []


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_walk_leaves_rows_clocks_and_histories_that_agree(fresh_stores: Fresh, data: st.DataObject) -> None:
    with fresh_stores() as stores:
        staff = Staff(stores, POSTS)
        for _ in range(3):
            staff.report()
        for _ in range(data.draw(st.integers(5, 25))):
            one_step(staff, data)
        check(staff)
