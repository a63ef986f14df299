"""The words of the case machine: statuses, actions, posts, reasons."""

from enum import StrEnum


class CaseStatus(StrEnum):
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


class CaseAction(StrEnum):
    """What may be done with a case; the first three begin one (检出, 上报, 自行处置).

    `ask_…` requests something that others grant, approve or refuse.
    """

    DETECT = "detect"
    REPORT = "report"
    SELF_HANDLE = "self_handle"
    CONFIRM = "confirm"
    ACCEPT = "accept"
    REJECT = "reject"
    GONE = "gone"
    NOT_GONE = "not_gone"
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
    TRANSFER = "transfer"
    RECEIPT = "receipt"


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
    PARTNER = "partner"


OF_SYSTEMS = frozenset({Post.CAMERA, Post.CLOCK, Post.PARTNER})
"""No person fills them: boxes, rules of central, and systems of outside parties act by them."""


class RejectReason(StrEnum):
    """Why a case was refused or voided."""

    FALSE_ALARM = "false_alarm"
    DUPLICATE = "duplicate"
    NOT_OUR_DUTY = "not_our_duty"
    ALREADY_HANDLED = "already_handled"
    NO_VIOLATION = "no_violation"
    UNCLEAR_PICTURE = "unclear_picture"


class CameraWord(StrEnum):
    """What the camera says to "done": it looks, or its verdict."""

    LOOKING = "looking"
    CLEAR = "clear"
    STILL_THERE = "still_there"
    GONE_BEFORE = "gone_before"
    CANNOT_TELL = "cannot_tell"


class TransferAnswer(StrEnum):
    """What an outside party said to a case that was transferred to it."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


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


STAGES: dict[CaseStatus, Stage] = {
    CaseStatus.CANDIDATE: Stage.ACCEPTING,
    CaseStatus.REPORTED: Stage.ACCEPTING,
    CaseStatus.VERIFYING: Stage.VERIFYING,
    CaseStatus.ACCEPTED: Stage.REGISTERING,
    CaseStatus.REGISTERED: Stage.DISPATCHING,
    CaseStatus.RETURNED: Stage.DISPATCHING,
    CaseStatus.DISPATCHED: Stage.HANDLING,
    CaseStatus.IN_PROGRESS: Stage.HANDLING,
    CaseStatus.AWAITING_CHECK: Stage.CHECKING,
    CaseStatus.AWAITING_CLOSE: Stage.CLOSING,
}
"""Where a clock runs; in any other status none does, and 挂账 pauses that of the handling."""
OPEN = frozenset(STAGES) | {CaseStatus.SUSPENDED}
"""Neither closed nor given up."""
REGISTERED_ON = frozenset(
    {
        CaseStatus.REGISTERED, CaseStatus.DISPATCHED, CaseStatus.IN_PROGRESS, CaseStatus.RETURNED, CaseStatus.SUSPENDED,
        CaseStatus.AWAITING_CHECK, CaseStatus.AWAITING_CLOSE,
    }
)  # fmt: skip
"""After 立案 and not ended."""
BEFORE_REGISTERED = frozenset({CaseStatus.CANDIDATE, CaseStatus.REPORTED, CaseStatus.ACCEPTED})
"""Where a case whose cause leaves is over by itself; once registered somebody has to say so."""
HANDLED = (CaseStatus.DISPATCHED, CaseStatus.IN_PROGRESS)
"""With a department."""
