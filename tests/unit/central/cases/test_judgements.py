"""A decision about a case reaches the box that saw it."""

from datetime import timedelta
from pathlib import Path

import pytest

from central.core.case_machine import CaseAction, RejectReason, Wish
from central.core.cases.feedback import MASK_DAYS, judgement_of
from central.core.values import Actor, ActorKind, Role
from protocol.messages import CommandName, Judgement
from tests.support.office import BOX, office, settings_in

OPERATOR = Actor(ActorKind.PERSON, "li", Role.OPERATOR)


@pytest.mark.parametrize(
    ("action", "reason", "judgement", "masks"),
    [
        (CaseAction.CONFIRM, None, Judgement.CONFIRMED, False),
        (CaseAction.REJECT, RejectReason.FALSE_ALARM, Judgement.REJECTED, True),
        (CaseAction.REJECT, RejectReason.NO_VIOLATION, Judgement.REJECTED, True),
        (CaseAction.REJECT, RejectReason.UNCLEAR_PICTURE, Judgement.REJECTED, False),
        (CaseAction.REJECT, RejectReason.DUPLICATE, None, False),
        (CaseAction.REJECT, RejectReason.NOT_OUR_DUTY, None, False),
        (CaseAction.REJECT, RejectReason.ALREADY_HANDLED, None, False),
        (CaseAction.GONE, None, None, False),
    ],
)
def test_the_box_learns_what_was_said_of_its_recognition(
    tmp_path: Path, action: CaseAction, reason: RejectReason | None, judgement: Judgement | None, *, masks: bool
) -> None:
    assert judgement_of(action, reason) is judgement
    with office(settings_in(tmp_path)) as desk:
        desk.staff()
        desk.born()
        case = desk.see().case
        desk.services.casework.act(
            case.id, Wish(action, reason or ""), OPERATOR, expected_version=case.version, now=desk.now()
        )
        told = [one.command for one in desk.services.commands.unpublished(desk.now())]
    if judgement is None:
        assert told == []
        return
    (command,) = told
    assert (command.name, command.camera, command.judgement) == (CommandName.JUDGED, "cam-1", judgement)
    assert (command.zone, command.scene, command.reason) == ("z1", case.scene, str(reason or ""))
    assert command.episode is not None
    assert command.box is not None
    assert command.mask_until == (desk.now() + timedelta(days=MASK_DAYS) if masks else None)


def test_a_second_decision_supersedes_the_first(tmp_path: Path) -> None:
    with office(settings_in(tmp_path)) as desk:
        desk.staff()
        desk.born()
        case = desk.see().case
        before = desk.services.casework.act(
            case.id, Wish(CaseAction.CONFIRM), OPERATOR, expected_version=case.version, now=desk.now()
        )
        desk.services.casework.act(
            case.id,
            Wish(CaseAction.REJECT, RejectReason.FALSE_ALARM),
            OPERATOR,
            expected_version=before.case.version,
            now=desk.now(),
        )
        told = desk.services.commands.unpublished(desk.now())
    assert [one.command.judgement for one in told] == [Judgement.CONFIRMED, Judgement.REJECTED]
    assert {one.box for one in told} == {BOX}
