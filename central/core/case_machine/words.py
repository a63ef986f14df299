"""The words of the case machine: statuses, actions, posts, reasons."""

from enum import StrEnum


class Status(StrEnum):
    """Where a case stands."""

    CANDIDATE = "candidate"
    REPORTED = "reported"
    VERIFYING = "verifying"
    ACCEPTED = "accepted"
    REGISTERED = "registered"
    DISPATCHED = "dispatched"
    IN_PROGRESS = "in_progress"
    RETURNED = "returned"
    SUSPENDED = "suspended"
    AWAITING_CHECK = "awaiting_check"
    AWAITING_CLOSE = "awaiting_close"
    CLOSED = "closed"
    REJECTED = "rejected"
    VOIDED = "voided"
    GONE = "gone"
    MERGED = "merged"


class Action(StrEnum):
    """What may be done with a case. `ask_…` requests something that others grant, approve or refuse."""

    CONFIRM = "confirm"
    ACCEPT = "accept"
    REJECT = "reject"
    GONE = "gone"
    SEND_VERIFY = "send_verify"
    VERIFY = "verify"
    REGISTER = "register"
    DISPATCH = "dispatch"
    TAKE = "take"
    SUBMIT = "submit"
    LEFT = "left"
    PASS = "pass"  # noqa: S105 - an action, not a password
    FAIL = "fail"
    CLOSE = "close"
    RETURN = "return"
    SEND_BACK = "send_back"
    VOID = "void"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    ASK_SUSPENSION = "ask_suspension"
    APPROVE_SUSPENSION = "approve_suspension"
    REFUSE_SUSPENSION = "refuse_suspension"
    RESUME = "resume"
    SUPERVISE = "supervise"
    URGE = "urge"
    SPLIT = "split"
    MERGE = "merge"
    UNMERGE = "unmerge"
    FORCE_CLOSE = "force_close"
    REOPEN = "reopen"
    APPEAL = "appeal"
    UPHOLD_APPEAL = "uphold_appeal"
    DISMISS_APPEAL = "dismiss_appeal"


class Post(StrEnum):
    """Who does what (岗位). Which person fills which posts is data: one person may fill all of a small county's."""

    ACCEPTOR = "acceptor"
    LEADER = "leader"
    DISPATCHER = "dispatcher"
    DEPARTMENT = "department"
    COLLECTOR = "collector"
    SUPERVISOR = "supervisor"
    CAMERA = "camera"
    CLOCK = "clock"


class Closing(StrEnum):
    """How a case ended."""

    NORMAL = "normal"
    LATE = "late"
    ERROR = "error"
    SPECIAL = "special"


class Petition(StrEnum):
    """What waits for the word of others."""

    EXTENSION = "extension"
    SUSPENSION = "suspension"
    APPEAL = "appeal"


class Stage(StrEnum):
    """A part of a case with a clock of its own."""

    ACCEPTING = "accepting"
    VERIFYING = "verifying"
    REGISTERING = "registering"
    DISPATCHING = "dispatching"
    HANDLING = "handling"
    CHECKING = "checking"
    CLOSING = "closing"


STAGES: dict[Status, Stage] = {
    Status.CANDIDATE: Stage.ACCEPTING,
    Status.REPORTED: Stage.ACCEPTING,
    Status.VERIFYING: Stage.VERIFYING,
    Status.ACCEPTED: Stage.REGISTERING,
    Status.REGISTERED: Stage.DISPATCHING,
    Status.RETURNED: Stage.DISPATCHING,
    Status.DISPATCHED: Stage.HANDLING,
    Status.IN_PROGRESS: Stage.HANDLING,
    Status.AWAITING_CHECK: Stage.CHECKING,
    Status.AWAITING_CLOSE: Stage.CLOSING,
}
"""Where a clock runs; in any other status none does, and 挂账 pauses that of the handling."""
OPEN = frozenset(STAGES) | {Status.SUSPENDED}
"""Neither closed nor given up."""
REGISTERED_ON = frozenset(
    {
        Status.REGISTERED, Status.DISPATCHED, Status.IN_PROGRESS, Status.RETURNED, Status.SUSPENDED,
        Status.AWAITING_CHECK, Status.AWAITING_CLOSE,
    }
)  # fmt: skip
"""After 立案 and not ended."""
HANDLED = (Status.DISPATCHED, Status.IN_PROGRESS)
"""With a department."""
