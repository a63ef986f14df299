"""Every cell of the case machine, legal and not."""

import itertools

import pytest

from central.core.cases import (
    TRANSITIONS,
    IllegalTransition,
    ReasonMissing,
    RoleRefused,
    allowed_actions,
    transition,
)
from central.core.values import SOURCE_NUMBERS, Actor, ActorKind, CaseAction, CaseSource, CaseStatus, RejectReason, Role

LEGAL = {
    (CaseStatus.CANDIDATE, CaseAction.CONFIRM): CaseStatus.ACCEPTED,
    (CaseStatus.CANDIDATE, CaseAction.REJECT): CaseStatus.REJECTED,
    (CaseStatus.CANDIDATE, CaseAction.GONE): CaseStatus.GONE,
    (CaseStatus.ACCEPTED, CaseAction.REJECT): CaseStatus.REJECTED,
    (CaseStatus.ACCEPTED, CaseAction.GONE): CaseStatus.GONE,
}
CELLS = list(itertools.product(CaseStatus, CaseAction))
OPERATOR = Actor(ActorKind.PERSON, "wang", Role.OPERATOR)
BOX = Actor(ActorKind.BOX, "b1")
RULE = Actor(ActorKind.RULE, "auto")
OTHERS = [Actor(ActorKind.PERSON, "li", Role.VIEWER), Actor(ActorKind.PERSON, "zhao", Role.TECHNICIAN), RULE]


@pytest.mark.parametrize(("status", "action"), CELLS)
def test_an_operator_gets_what_the_table_says(status: CaseStatus, action: CaseAction) -> None:
    if (status, action) in LEGAL:
        assert transition(status, action, OPERATOR, RejectReason.FALSE_ALARM) is LEGAL[status, action]
    else:
        with pytest.raises(IllegalTransition, match=f"{status}.*{action}"):
            transition(status, action, OPERATOR, RejectReason.FALSE_ALARM)


@pytest.mark.parametrize(("status", "action"), CELLS)
@pytest.mark.parametrize("actor", OTHERS, ids=lambda actor: actor.name)
def test_nobody_else_may_decide(status: CaseStatus, action: CaseAction, actor: Actor) -> None:
    with pytest.raises(RoleRefused if (status, action) in LEGAL else IllegalTransition):
        transition(status, action, actor, RejectReason.FALSE_ALARM)


@pytest.mark.parametrize(("status", "action"), CELLS)
def test_a_box_may_only_take_its_candidate_back(status: CaseStatus, action: CaseAction) -> None:
    if (status, action) == (CaseStatus.CANDIDATE, CaseAction.GONE):
        assert transition(status, action, BOX) is CaseStatus.GONE
    else:
        with pytest.raises((RoleRefused, IllegalTransition)):
            transition(status, action, BOX, RejectReason.FALSE_ALARM)


@pytest.mark.parametrize(("status", "action"), [cell for cell in LEGAL if cell[1] is CaseAction.REJECT])
def test_a_refusal_needs_a_reason(status: CaseStatus, action: CaseAction) -> None:
    with pytest.raises(ReasonMissing, match="false_alarm"):
        transition(status, action, OPERATOR)


@pytest.mark.parametrize("status", CaseStatus)
@pytest.mark.parametrize("actor", [OPERATOR, *OTHERS], ids=lambda actor: actor.name)
def test_offers_agree_with_the_machine(status: CaseStatus, actor: Actor) -> None:
    for choice in allowed_actions(status, actor):
        legal = (status, choice.action) in LEGAL and actor is OPERATOR
        assert (choice.allowed, choice.why_not == "") == (legal, legal)
        assert bool(choice.reasons) == (choice.action is CaseAction.REJECT and (status, choice.action) in LEGAL)


def test_the_table_has_no_cell_that_these_tests_do_not_know() -> None:
    assert {cell: found.to for cell, found in TRANSITIONS.items()} == LEGAL


def test_every_source_has_its_number() -> None:
    assert set(SOURCE_NUMBERS) == set(CaseSource)
    assert SOURCE_NUMBERS[CaseSource.VIDEO_PATROL] == 34
