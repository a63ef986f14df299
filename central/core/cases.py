"""The case machine: a table of what may be done, when and by whom."""

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from central.core.values import Actor, ActorKind, CaseAction, CaseStatus, RejectReason, Role


class CaseProblem(Exception):
    """Base of what can be wrong with an action; the text is fit for the person who asked."""


class IllegalTransition(CaseProblem):
    """The case's status does not know this action."""

    def __init__(self, status: CaseStatus, action: CaseAction) -> None:
        super().__init__(f"a case that is {status} cannot be changed by {action}")
        self.status = status
        self.action = action


class RoleRefused(CaseProblem):
    """The person's role may not do this."""

    def __init__(self, action: str, roles: frozenset[Role]) -> None:
        super().__init__(f"{action} needs the role {' or '.join(sorted(roles))}")
        self.action = action
        self.roles = roles


class ReasonMissing(CaseProblem):
    """The action needs a typed reason."""

    def __init__(self, action: CaseAction) -> None:
        super().__init__(f"{action} needs a reason: {', '.join(RejectReason)}")
        self.action = action


class StaleVersion(CaseProblem):
    """Somebody else changed the case since the person looked at it."""

    def __init__(self, expected: int, current: int) -> None:
        super().__init__(f"the case is at version {current}, not {expected}; load it again and decide anew")
        self.expected = expected
        self.current = current


@dataclass(frozen=True, slots=True)
class Transition:
    """What an action leads to. `box`: the box that opened the case may do it; `reason`: it needs a typed reason."""

    to: CaseStatus
    roles: frozenset[Role]
    box: bool = False
    reason: bool = False


@dataclass(frozen=True, slots=True)
class ActionChoice:
    """An action as offered to one person: allowed, or why not (`why_not` is "" exactly when allowed)."""

    action: CaseAction
    allowed: bool
    why_not: str
    reasons: tuple[RejectReason, ...] = ()


_OPERATOR = frozenset({Role.OPERATOR})

TRANSITIONS: dict[tuple[CaseStatus, CaseAction], Transition] = {
    (CaseStatus.CANDIDATE, CaseAction.CONFIRM): Transition(CaseStatus.ACCEPTED, _OPERATOR),
    (CaseStatus.CANDIDATE, CaseAction.REJECT): Transition(CaseStatus.REJECTED, _OPERATOR, reason=True),
    (CaseStatus.CANDIDATE, CaseAction.GONE): Transition(CaseStatus.GONE, _OPERATOR, box=True),
    (CaseStatus.ACCEPTED, CaseAction.REJECT): Transition(CaseStatus.REJECTED, _OPERATOR, reason=True),
    (CaseStatus.ACCEPTED, CaseAction.GONE): Transition(CaseStatus.GONE, _OPERATOR),
}
"""A missing cell is an illegal transition."""

OPEN_STATUSES = (CaseStatus.CANDIDATE, CaseStatus.ACCEPTED)
"""Statuses in which a case takes in further sightings."""


def case_number(day: date, serial: int) -> str:
    """The number that people call a case by: E (event), the local day, and a serial of that day."""
    return f"E{day:%Y%m%d}{serial:04d}"


def transition(status: CaseStatus, action: CaseAction, actor: Actor, reason: RejectReason | None = None) -> CaseStatus:
    """The status after `action`; raises `IllegalTransition`, `RoleRefused` or `ReasonMissing`."""
    cell = TRANSITIONS.get((status, action))
    if cell is None:
        raise IllegalTransition(status, action)
    if not _is_permitted(cell, actor):
        raise RoleRefused(action, cell.roles)
    if cell.reason and reason is None:
        raise ReasonMissing(action)
    return cell.to


def allowed_actions(status: CaseStatus, actor: Actor) -> tuple[ActionChoice, ...]:
    """Every action with whether `actor` may do it now, else why not."""
    return tuple(_choice(status, action, actor) for action in CaseAction)


def _choice(status: CaseStatus, action: CaseAction, actor: Actor) -> ActionChoice:
    cell = TRANSITIONS.get((status, action))
    reasons = tuple(RejectReason) if cell is not None and cell.reason else ()
    try:
        transition(status, action, actor, reasons[0] if reasons else None)
    except CaseProblem as problem:
        return ActionChoice(action, allowed=False, why_not=str(problem), reasons=reasons)
    return ActionChoice(action, allowed=True, why_not="", reasons=reasons)


def _is_permitted(cell: Transition, actor: Actor) -> bool:
    match actor.kind:
        case ActorKind.PERSON:
            return actor.role in cell.roles
        case ActorKind.BOX:
            return cell.box
        case ActorKind.RULE:
            return False
        case _:
            assert_never(actor.kind)
