"""Camera-verified closing over real stores: from "done" to the camera's word, through machine, history and audit."""

from dataclasses import replace

import pytest

from central.core.camera_check import CheckPolicy, CheckTerms, Condition, Obstacle
from central.core.case_machine import CameraWord, CaseAction, CaseStatus, Guard, GuardRefused, Stage
from central.core.cases.casefile import Occurrence
from central.core.values import ActorKind
from central.services.cases.audits import Audits
from central.services.desks.actions import CaseRules
from protocol import messages as m
from tests.support.casework import CHINA, TO_CHECK, Staff
from tests.support.central_stores import OPERATOR, Central
from tests.support.checked_case import CheckedCase
from tests.support.pictures import PICTURE_SHA
from tests.support.speaking_box import SpeakingBox, later


@pytest.fixture
def checked(central: Central, box: SpeakingBox) -> CheckedCase:
    return CheckedCase(central, box)


def sound(checked: CheckedCase) -> bool:
    return [case for case in Audits(checked.central.stores).check() if case.findings] == []


def test_a_clear_place_is_passed_by_the_camera_with_its_pictures(checked: CheckedCase) -> None:
    checked.done()
    assert checked.case.state.camera is CameraWord.LOOKING
    (asked,) = checked.step()
    command = asked.command
    assert (command.camera, command.zone, command.scene, command.seconds) == ("cam-1", "z1", "stay", 60.0)
    assert (command.box, command.stood_at) == ((0.1, 0.1, 0.5, 0.5), later(0))
    assert checked.step(1.0) == ()
    checked.answer(asked)
    (again,) = checked.step()
    checked.answer(again)
    assert checked.step() == ()
    assert (checked.case.status, checked.case.state.camera) == (CaseStatus.AWAITING_CLOSE, CameraWord.CLEAR)
    assert checked.line() == ("pass", ActorKind.BOX, "clear")
    told = checked.staff.history(checked.id)[-1].details
    assert (told["unmet"], told["clear_s"], told["frames"], told["observed_percent"]) == ([], 120, 200, 97)
    assert told["evidence"] == [PICTURE_SHA]
    assert PICTURE_SHA in {item.sha256 for item in checked.staff.casework.case(checked.id).evidence}
    assert sound(checked)
    checked.staff.walk(checked.id, CaseAction.CLOSE)
    assert checked.case.status is CaseStatus.CLOSED


def test_what_is_still_there_goes_back_and_is_rework_when_the_same_unit_gets_it(checked: CheckedCase) -> None:
    checked.done(left_s=500.0)
    assert checked.look_until_told(presence=m.Presence.PRESENT) == 1
    assert (checked.case.status, checked.case.state.camera) == (CaseStatus.REGISTERED, CameraWord.STILL_THERE)
    assert checked.line() == ("fail", ActorKind.BOX, "still_there")
    checked.staff.walk(checked.id, CaseAction.DISPATCH, CaseAction.TAKE, CaseAction.SUBMIT)
    assert checked.case.state.reworks == 1
    assert len(checked.checks.of_case(checked.id)) == 2
    assert sound(checked)


def test_what_had_left_before_the_case_was_taken_is_gone_by_itself(checked: CheckedCase) -> None:
    checked.leave(5.0, m.EndReason.INTERRUPTED)
    checked.done(left_s=100.0)
    assert checked.case.state.taken_at is not None
    checked.look_until_told()
    assert (checked.case.status, checked.case.state.camera) == (CaseStatus.AWAITING_CHECK, CameraWord.CANNOT_TELL)
    assert [point.condition for point in checked.check.verdict.failed] == [Condition.SEEN_WHEN_TAKEN]  # type: ignore[union-attr]


def test_a_cause_that_left_during_dispatch_was_not_handled(checked: CheckedCase) -> None:
    checked.staff.walk(checked.id, CaseAction.CONFIRM, CaseAction.REGISTER, CaseAction.DISPATCH)
    checked.leave(checked.now_s)
    checked.staff.walk(checked.id, CaseAction.TAKE, CaseAction.SUBMIT)
    checked.look_until_told()
    assert (checked.case.status, checked.case.state.camera) == (CaseStatus.GONE, CameraWord.GONE_BEFORE)
    assert checked.line() == ("gone", ActorKind.BOX, "gone_before")
    assert sound(checked)


def test_a_person_takes_back_that_it_had_gone_and_it_is_checked_by_people(checked: CheckedCase) -> None:
    checked.staff.walk(checked.id, CaseAction.CONFIRM, CaseAction.REGISTER, CaseAction.DISPATCH)
    checked.leave(checked.now_s)
    checked.staff.walk(checked.id, CaseAction.TAKE, CaseAction.SUBMIT)
    checked.look_until_told()
    (offer,) = [one for one in checked.staff.casework.actions(checked.id, OPERATOR, checked.staff.now) if one.allowed]
    assert (offer.action, offer.asks) == (CaseAction.NOT_GONE, (Guard.REASON,))
    with pytest.raises(GuardRefused, match="a reason is needed"):
        checked.staff.act(checked.id, CaseAction.NOT_GONE, reason="")
    checked.staff.act(checked.id, CaseAction.NOT_GONE, reason="挪到了灯杆背后")
    assert (checked.case.status, checked.case.state.camera) == (CaseStatus.AWAITING_CHECK, CameraWord.GONE_BEFORE)
    assert (checked.case.runs[-1].stage, checked.case.runs[-1].ended_at) == (Stage.CHECKING, None)
    assert checked.line() == ("not_gone", ActorKind.PERSON, "挪到了灯杆背后")
    assert checked.step() == ()
    checked.staff.walk(checked.id, CaseAction.PASS, CaseAction.CLOSE)
    assert checked.case.status is CaseStatus.CLOSED
    assert sound(checked)


def test_a_candidate_that_was_called_gone_is_a_candidate_again(checked: CheckedCase) -> None:
    checked.leave(checked.now_s)
    assert (checked.case.status, checked.case.state.gone_from) == (CaseStatus.GONE, CaseStatus.CANDIDATE)
    checked.staff.walk(checked.id, CaseAction.NOT_GONE, CaseAction.CONFIRM)
    assert checked.case.status is CaseStatus.ACCEPTED
    assert sound(checked)


def test_an_episode_that_ends_while_the_camera_checks_closes_nothing_by_itself(checked: CheckedCase) -> None:
    checked.done(left_s=400.0)
    assert checked.case.status is CaseStatus.AWAITING_CHECK


@pytest.mark.parametrize(
    ("found", "unmet"),
    [
        ({"light": 12.0}, Condition.LIT),
        ({"picture_health": m.CameraReason.BLURRED}, Condition.HEALTHY),
        ({"presence": m.Presence.CANNOT_TELL, "observed_share": 0.2}, Condition.CLEAR),
        ({"pictures": False}, Condition.PICTURED),
    ],
)
def test_what_proves_nothing_goes_to_a_person_who_reads_why(
    found: dict[str, object], unmet: Condition, checked: CheckedCase
) -> None:
    checked.done()
    assert 2 <= checked.look_until_told(**found) <= 20
    verdict = checked.check.verdict
    assert verdict is not None
    assert unmet in {point.condition for point in verdict.failed}
    assert checked.line() == (Occurrence.CAMERA_CANNOT_TELL, ActorKind.RULE, "")
    assert checked.staff.now <= checked.check.ends_at + (later(120) - later(0))
    assert checked.case.status is CaseStatus.AWAITING_CHECK
    checked.staff.act(checked.id, CaseAction.PASS, reason="")
    assert checked.case.status is CaseStatus.AWAITING_CLOSE
    assert sound(checked)


def test_a_box_that_is_offline_hands_over_in_the_moment_of_done(checked: CheckedCase) -> None:
    checked.central.receive(checked.box.state(m.BoxState.LOST, 1.0), at_s=1.0)
    checked.done()
    assert checked.line() == (Occurrence.CAMERA_CANNOT_TELL, ActorKind.RULE, "")
    verdict = checked.check.verdict
    assert verdict is not None
    assert [point.word for point in verdict.failed] == [Obstacle.BOX_OFFLINE]
    assert checked.step() == ()


def test_a_box_that_goes_while_it_is_asked_hands_over_at_once(checked: CheckedCase) -> None:
    checked.done()
    assert len(checked.step()) == 1
    checked.central.receive(checked.box.state(m.BoxState.LOST, checked.now_s), at_s=checked.now_s)
    checked.step(200.0)
    assert checked.case.state.camera is CameraWord.CANNOT_TELL


def test_a_citizens_report_is_checked_by_a_person_at_once(central: Central) -> None:
    staff = Staff(central.stores)
    case = staff.report().case.id
    staff.walk(case, *TO_CHECK)
    assert staff.case(case).state.camera is CameraWord.CANNOT_TELL
    assert staff.history(case)[-1].kind is Occurrence.CAMERA_CANNOT_TELL
    staff.act(case, CaseAction.PASS, reason="")


def test_a_person_who_passes_before_the_camera_has_looked_says_why(checked: CheckedCase) -> None:
    checked.done()
    (asked,) = checked.step()
    with pytest.raises(GuardRefused) as refused:
        checked.staff.act(checked.id, CaseAction.PASS, reason="")
    assert refused.value.guards == (Guard.OVERRIDE,)
    checked.staff.act(checked.id, CaseAction.PASS, reason="seen on site")
    checked.answer(asked, presence=m.Presence.PRESENT)
    checked.step()
    assert (checked.check.next_at, checked.check.verdict) == (None, None)
    assert checked.case.status is CaseStatus.AWAITING_CLOSE
    assert sound(checked)


def test_a_look_that_gets_no_answer_is_repeated_and_counts_for_nothing(checked: CheckedCase) -> None:
    checked.done()
    (asked,) = checked.step()
    checked.fail(asked, "the camera gives no picture now")
    assert checked.step() == ()
    (again,) = checked.step(31.0)
    assert again.command.command != asked.command.command
    checked.step(600.0)
    assert [bool(look.failure) for look in checked.check.looks][:2] == [True, True]


def test_a_box_whose_clock_is_wrong_is_believed_by_centrals(central: Central) -> None:
    box = SpeakingBox(clock_ahead_s=7200.0)
    central.register(box)
    checked = CheckedCase(central, box)
    checked.staff.walk(checked.id, CaseAction.CONFIRM, CaseAction.REGISTER, CaseAction.DISPATCH, CaseAction.TAKE)
    checked.leave(checked.now_s + 30)
    checked.staff.walk(checked.id, CaseAction.SUBMIT)
    checked.look_until_told()
    for look in checked.check.looks:
        assert look.began_at is not None
        assert look.asked_at <= look.began_at <= checked.staff.now


def test_a_city_may_let_what_the_camera_passed_be_closed(central: Central, box: SpeakingBox) -> None:
    closing = replace(CheckTerms(), closes=True)
    checked = CheckedCase(central, box, CaseRules(CHINA, check=CheckPolicy(terms=closing)))
    checked.done()
    checked.look_until_told()
    assert checked.case.status is CaseStatus.CLOSED
    assert [checked.line(2), checked.line()] == [
        ("pass", ActorKind.BOX, "clear"),
        ("close", ActorKind.RULE, ""),
    ]
    assert sound(checked)


def test_a_city_may_leave_it_all_to_people(central: Central, box: SpeakingBox) -> None:
    checked = CheckedCase(central, box, CaseRules(CHINA, check=CheckPolicy(enabled=False)))
    checked.done()
    assert checked.checks.of_case(checked.id) == ()
    assert checked.case.state.camera is None
