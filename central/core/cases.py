"""The case machine: a table of what may be done, when and by whom."""

from dataclasses import dataclass

from central.core.values import CaseAction, CaseStatus, RejectReason, Role


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

    def __init__(self, action: CaseAction, roles: frozenset[Role]) -> None:
        super().__init__(f"{action} needs the role {' or '.join(sorted(roles)) or '(boxes only)'}")
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
class ActionChoice:
    """An action as offered to one person: allowed, or why not (`why_not` is "" exactly when allowed)."""

    action: CaseAction
    allowed: bool
    why_not: str
    reasons: tuple[RejectReason, ...] = ()
