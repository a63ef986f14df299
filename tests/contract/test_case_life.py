"""Whole lives of cases, on every database: one transaction for each step, whoever else is at it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from central.core.case_machine import (
    CaseAction,
    CaseStatus,
    Closing,
    Guard,
    GuardRefused,
    PostMissing,
    Stage,
    Wish,
)
from central.core.cases.casefile import Occurrence
from central.core.values import CaseSource
from central.services.cases.audits import Audits
from central.services.cases.casework import StaleVersion
from central.services.desks.reports import PictureMissing
from central.stores.ports import CaseFilter, PageRequest, Stores
from protocol.messages import EndReason
from tests.support.casework import HANDLER, OTHER_HANDLER, OTHER_UNIT, TO_CHECK, UNIT, Staff
from tests.support.central_stores import OPERATOR, Central
from tests.support.pictures import PICTURE_SHA
from tests.support.speaking_box import SpeakingBox, later
from tests.support.store_contents import crashing, rows


@pytest.fixture
def staff(stores: Stores) -> Staff:
    return Staff(stores)


def sound(stores: Stores) -> bool:
    """Tell whether every history is as it was written."""
    return [case.number for case in Audits(stores).check() if case.findings] == []


def test_from_report_to_close(staff: Staff) -> None:
    case = staff.report().case.id
    assert staff.case(case).status is CaseStatus.REPORTED
    staff.walk(case, *TO_CHECK)
    view = staff.walk(case, CaseAction.PASS, CaseAction.CLOSE)
    state = view.case.state
    assert (state.status, state.closing, state.unit, state.units) == (CaseStatus.CLOSED, Closing.NORMAL, UNIT, (UNIT,))
    assert (state.registered_under, state.closed_under, state.handled_by) == ("c", "c", HANDLER.name)
    assert [step.kind for step in staff.history(case)] == [
        Occurrence.OPENED, *TO_CHECK, Occurrence.CAMERA_CANNOT_TELL, CaseAction.PASS, CaseAction.CLOSE,
    ]  # fmt: skip
    stages = staff.casework.stages(view.case, staff.now)
    assert [stage.stage for stage in stages] == [
        Stage.ACCEPTING, Stage.REGISTERING, Stage.DISPATCHING, Stage.HANDLING, Stage.CHECKING, Stage.CLOSING,
    ]  # fmt: skip
    assert all(stage.ended_at is not None and not stage.overtime for stage in stages)
    assert sound(staff.stores)


def test_the_due_time_is_that_of_the_handling_and_stands_beside_it_for_lists(staff: Staff) -> None:
    case = staff.walk(staff.report().case.id, *TO_CHECK[:3]).case
    (row,) = rows(staff.stores, "cases")
    assert case.state.due_at is not None
    assert (row["status"], row["unit"], row["due_at"]) == (CaseStatus.DISPATCHED, UNIT, case.state.due_at)
    assert staff.casework.stages(case, staff.now)[-1].deadline.due == case.state.due_at  # type: ignore[union-attr]
    asked = staff.walk(case.id, CaseAction.ASK_EXTENSION, CaseAction.GRANT_EXTENSION).case
    assert asked.state.due_at > case.state.due_at  # type: ignore[operator]
    assert staff.walk(case.id, CaseAction.TAKE, CaseAction.SUBMIT).case.state.due_at is None


def test_late_handling_is_a_fact_and_an_appeal_only_excuses_it(staff: Staff) -> None:
    case = staff.walk(staff.report().case.id, *TO_CHECK[:4]).case
    staff.wait_until(case.state.due_at + timedelta(hours=1))  # type: ignore[operator]
    late = staff.walk(case.id, CaseAction.SUBMIT, CaseAction.PASS, CaseAction.CLOSE).case
    assert (late.state.overtime, late.state.closing) == (True, Closing.LATE)
    assert staff.casework.stages(late, staff.now)[3].overtime
    after = staff.walk(case.id, CaseAction.APPEAL, CaseAction.UPHOLD_APPEAL, CaseAction.UPHOLD_APPEAL).case
    assert (after.state.overtime, after.state.exempt, after.state.closing) == (True, True, Closing.LATE)


def test_rework_and_misdirection_are_told_apart(staff: Staff) -> None:
    same, other = staff.handled().case.id, staff.handled().case.id
    assert staff.walk(same, CaseAction.FAIL, CaseAction.DISPATCH).case.state.reworks == 1
    staff.act(other, CaseAction.FAIL)
    assert staff.act(other, CaseAction.DISPATCH, unit=OTHER_UNIT).case.state.misdirected == 1
    with pytest.raises(GuardRefused) as refused:
        staff.act(other, CaseAction.TAKE)
    assert refused.value.guards == (Guard.OWN_CASE,)
    assert staff.act(other, CaseAction.TAKE, OTHER_HANDLER).case.status is CaseStatus.IN_PROGRESS


def test_a_suspension_ends_by_itself(staff: Staff) -> None:
    case = staff.walk(staff.report().case.id, *TO_CHECK[:4]).case
    steps = (CaseAction.ASK_SUSPENSION, CaseAction.APPROVE_SUSPENSION, CaseAction.APPROVE_SUSPENSION)
    held = staff.walk(case.id, *steps).case
    until = held.state.suspended_until
    assert (held.status, held.state.due_at) == (CaseStatus.SUSPENDED, None)
    assert until is not None
    assert staff.casework.resume_ended(until - timedelta(seconds=1)) == 0
    assert [staff.casework.resume_ended(until) for _ in range(2)] == [1, 0]
    back = staff.case(case.id)
    assert (back.status, back.state.suspended_until) == (CaseStatus.IN_PROGRESS, None)
    assert back.state.due_at is not None
    assert back.state.due_at > case.state.due_at  # type: ignore[operator]
    last = staff.history(case.id)[-1]
    assert (last.kind, last.actor.name, last.at) == (CaseAction.RESUME, "suspension_end", until)
    assert sound(staff.stores)


def test_a_merged_case_brings_its_pictures_and_can_be_taken_back(
    staff: Staff, central: Central, box: SpeakingBox
) -> None:
    central.receive(box.scene(0))
    (seen,) = staff.casework.cases(CaseFilter(source=CaseSource.DETECTOR), PageRequest(5)).items
    told = staff.report(evidence=(PICTURE_SHA,)).case.id
    staff.act(told, CaseAction.MERGE, into=seen.case.id)
    whole = staff.casework.case(seen.case.id)
    assert (whole.absorbed, [item.sha256 for item in whole.evidence]) == ((told,), [PICTURE_SHA])
    assert whole.episodes == seen.episodes
    assert staff.history(seen.case.id)[-1].kind is Occurrence.TOOK_IN
    third = staff.report().case.id
    staff.act(seen.case.id, CaseAction.MERGE, into=third)
    assert staff.casework.case(third).absorbed == (seen.case.id, told)
    assert len(staff.casework.case(third).episodes) == 1
    back = staff.act(told, CaseAction.UNMERGE)
    assert (back.case.status, staff.casework.case(third).absorbed) == (CaseStatus.REPORTED, (seen.case.id,))
    assert staff.history(seen.case.id)[-1].kind is Occurrence.GAVE_BACK
    assert sound(staff.stores)


@pytest.mark.parametrize("into", ["itself", "nowhere", ""])
def test_a_case_merges_into_another_open_one_only(into: str, staff: Staff) -> None:
    case = staff.report().case.id
    with pytest.raises(GuardRefused) as refused:
        staff.act(case, CaseAction.MERGE, into=case if into == "itself" else into)
    assert refused.value.guards == (Guard.SURVIVOR_OPEN,)


def at_once(*attempts: Callable[[], object]) -> list[str]:
    """Start all together; return what became of each."""
    together = threading.Barrier(len(attempts))

    def outcome(attempt: Callable[[], object]) -> str:
        together.wait()
        try:
            attempt()
        except (StaleVersion, GuardRefused) as refused:
            return type(refused).__name__
        return "won"

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(outcome, attempts))


def test_two_merges_in_opposite_directions_have_one_winner(staff: Staff) -> None:
    for _ in range(5):
        pair = [staff.report().case.id for _ in range(2)]

        def merge(case: str, into: str) -> object:
            wish = Wish(CaseAction.MERGE)
            return staff.casework.act(case, wish, OPERATOR, expected_version=1, now=staff.now, into=into)

        outcomes = at_once(lambda: merge(*pair), lambda: merge(*pair[::-1]))  # noqa: B023 - run within this round
        assert sorted(outcomes) == ["GuardRefused", "won"]
        assert sorted(staff.case(case).status for case in pair) == [CaseStatus.MERGED, CaseStatus.REPORTED]
    assert sound(staff.stores)


def test_of_twenty_dispatches_at_once_one_wins(staff: Staff) -> None:
    case = staff.walk(staff.report().case.id, *TO_CHECK[:2]).case

    def dispatch() -> object:
        wish = Wish(CaseAction.DISPATCH, unit=UNIT)
        return staff.casework.act(case.id, wish, OPERATOR, expected_version=case.version, now=staff.now)

    assert sorted(at_once(*[dispatch] * 20)) == ["StaleVersion"] * 19 + ["won"]
    assert staff.case(case.id).state.units == (UNIT,)


def test_a_split_case_closes_after_its_tasks(staff: Staff) -> None:
    parent = staff.walk(staff.report(evidence=(PICTURE_SHA,)).case.id, *TO_CHECK[:2]).case
    staff.act(parent.id, CaseAction.SPLIT, children=2)
    tasks = [view for view in staff.casework.cases(CaseFilter(), PageRequest(9)).items if view.case.state.parent]
    assert {view.case.state.parent for view in tasks} == {parent.id}
    assert len({parent.number, *(view.case.number for view in tasks)}) == 3
    assert [item.sha256 for item in tasks[0].evidence] == [PICTURE_SHA]
    assert staff.case(parent.id).state.children_open == 2
    staff.walk(parent.id, *TO_CHECK[2:], CaseAction.PASS)
    with pytest.raises(GuardRefused) as refused:
        staff.act(parent.id, CaseAction.CLOSE)
    assert refused.value.guards == (Guard.CHILDREN_CLOSED,)
    staff.act(tasks[0].case.id, CaseAction.VOID)
    staff.walk(tasks[1].case.id, *TO_CHECK[2:], CaseAction.PASS, CaseAction.CLOSE)
    assert [step.kind for step in staff.history(parent.id)][-2:] == [Occurrence.TASK_ENDED] * 2
    assert staff.act(parent.id, CaseAction.CLOSE).case.status is CaseStatus.CLOSED
    assert sound(staff.stores)


def test_what_was_handled_at_once_is_only_reviewed(staff: Staff) -> None:
    with pytest.raises(GuardRefused):
        staff.report(CaseSource.COLLECTOR, self_handled=True, evidence=(PICTURE_SHA,))
    assert rows(staff.stores, "cases") == []


def test_a_public_report_is_verified_before_it_is_taken(staff: Staff) -> None:
    case = staff.report(CaseSource.HOTLINE).case.id
    assert staff.act(case, CaseAction.SEND_VERIFY).case.status is CaseStatus.VERIFYING
    staff.act(case, CaseAction.VERIFY, genuine=False)
    assert staff.history(case)[-1].details["genuine"] is False
    assert staff.act(case, CaseAction.ACCEPT).case.status is CaseStatus.ACCEPTED
    own = staff.report(CaseSource.INSPECTION).case.id
    with pytest.raises(GuardRefused) as refused:
        staff.act(own, CaseAction.SEND_VERIFY)
    assert refused.value.guards == (Guard.PUBLIC,)


def test_a_box_takes_back_what_left_before_it_was_registered(staff: Staff, central: Central, box: SpeakingBox) -> None:
    central.receive(box.scene(0))
    (seen,) = staff.casework.cases(CaseFilter(), PageRequest(5)).items
    staff.act(seen.case.id, CaseAction.CONFIRM)
    central.receive(box.scene(200, started_s=0, end_reason=EndReason.LEFT), at_s=201)
    gone = staff.case(seen.case.id)
    assert (gone.status, gone.runs[-1].ended_at) == (CaseStatus.GONE, later(201))
    assert sound(staff.stores)


def test_a_picture_that_is_not_here_is_named(staff: Staff) -> None:
    case = staff.handled().case
    wish = Wish(CaseAction.PASS)
    with pytest.raises(PictureMissing, match="upload it first"):
        staff.casework.act(case.id, wish, OPERATOR, expected_version=case.version, now=staff.now, evidence=("ab" * 32,))


def test_only_a_post_of_the_cell_may(staff: Staff) -> None:
    case = staff.walk(staff.report().case.id, *TO_CHECK[:3]).case
    with pytest.raises(PostMissing) as refused:
        staff.act(case.id, CaseAction.TAKE, OPERATOR)
    assert refused.value.posts == {"department"}


@pytest.mark.parametrize(
    ("when", "table"),
    [
        ("UPDATE OF state", "cases"),
        ("INSERT", "case_steps"),
        ("UPDATE OF seal", "cases"),
        ("INSERT", "evidence_links"),
    ],
)
def test_a_crash_between_two_statements_leaves_nothing(when: str, table: str, staff: Staff) -> None:
    case = staff.walk(staff.report().case.id, *TO_CHECK[:4]).case

    def contents() -> list[object]:
        return [rows(staff.stores, name) for name in ("cases", "case_steps", "evidence_links")]

    before = contents()
    with crashing(staff.stores, when, table), pytest.raises(Exception, match="injected"):
        staff.act(case.id, CaseAction.SUBMIT)
    assert contents() == before
    assert staff.act(case.id, CaseAction.SUBMIT).case.status is CaseStatus.AWAITING_CHECK
    assert sound(staff.stores)
