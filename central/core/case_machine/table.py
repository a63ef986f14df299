"""The whole case machine as one table: (status, action) -> where to, who, under which conditions, with what effect.

A missing cell is an illegal transition. Merged from the practice of 数字城管 platforms; `docs/case-machine.md` is
generated from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from central.core.case_machine import effects
from central.core.case_machine.effects import Effect
from central.core.case_machine.guards import Guard
from central.core.case_machine.words import HANDLED, OPEN, REGISTERED_ON, CaseAction, CaseStatus, Post


@dataclass(frozen=True, slots=True)
class Cell:
    """One way on. `to` None: back to where the case came from. `effect` may hold the step back until all agree."""

    to: CaseStatus | None
    posts: frozenset[Post]
    guards: tuple[Guard, ...] = ()
    effect: Effect = effects.nothing


def _by(*posts: Post) -> frozenset[Post]:
    return frozenset(posts)


ACCEPTOR, LEADER, DISPATCHER = _by(Post.ACCEPTOR), _by(Post.LEADER), _by(Post.DISPATCHER)
DEPARTMENT, CHECKERS = _by(Post.DEPARTMENT), _by(Post.COLLECTOR, Post.CAMERA)
OFFICE = _by(Post.ACCEPTOR, Post.DISPATCHER)
GONE_BY = _by(Post.ACCEPTOR, Post.CAMERA)
_ASKING = (Guard.REASON, Guard.OWN_CASE, Guard.NOTHING_ASKED)

Table = Mapping[tuple[CaseStatus, CaseAction], Cell]


def _intake() -> Table:
    refuse = (Guard.TYPED_REASON,)
    return {
        (CaseStatus.CANDIDATE, CaseAction.CONFIRM): Cell(CaseStatus.ACCEPTED, _by(Post.ACCEPTOR, Post.CLOCK)),
        (CaseStatus.CANDIDATE, CaseAction.REJECT): Cell(CaseStatus.REJECTED, ACCEPTOR, refuse),
        (CaseStatus.CANDIDATE, CaseAction.GONE): Cell(CaseStatus.GONE, GONE_BY, (), effects.gone),
        (CaseStatus.REPORTED, CaseAction.SEND_VERIFY): Cell(CaseStatus.VERIFYING, ACCEPTOR, (Guard.PUBLIC,)),
        (CaseStatus.VERIFYING, CaseAction.VERIFY): Cell(
            CaseStatus.REPORTED, _by(Post.COLLECTOR), (Guard.FINDING, Guard.PICTURE)
        ),
        (CaseStatus.REPORTED, CaseAction.ACCEPT): Cell(CaseStatus.ACCEPTED, ACCEPTOR),
        (CaseStatus.REPORTED, CaseAction.REJECT): Cell(CaseStatus.REJECTED, ACCEPTOR, refuse),
        (CaseStatus.REPORTED, CaseAction.GONE): Cell(CaseStatus.GONE, GONE_BY, (), effects.gone),
        (CaseStatus.ACCEPTED, CaseAction.REJECT): Cell(CaseStatus.REJECTED, LEADER, refuse),
        (CaseStatus.ACCEPTED, CaseAction.GONE): Cell(CaseStatus.GONE, GONE_BY, (), effects.gone),
        (CaseStatus.ACCEPTED, CaseAction.REGISTER): Cell(
            CaseStatus.REGISTERED, LEADER, (Guard.CONDITION,), effects.registered
        ),
    }  # fmt: skip


def _handling() -> Table:
    unit = (Guard.UNIT,)
    return {
        (CaseStatus.REGISTERED, CaseAction.DISPATCH): Cell(CaseStatus.DISPATCHED, DISPATCHER, unit, effects.dispatched),
        (CaseStatus.DISPATCHED, CaseAction.TAKE): Cell(
            CaseStatus.IN_PROGRESS, DEPARTMENT, (Guard.OWN_CASE,), effects.taken
        ),
        (CaseStatus.IN_PROGRESS, CaseAction.SUBMIT): Cell(
            CaseStatus.AWAITING_CHECK, DEPARTMENT, (Guard.OWN_CASE, Guard.PICTURE), effects.submitted
        ),
        (CaseStatus.RETURNED, CaseAction.DISPATCH): Cell(CaseStatus.DISPATCHED, DISPATCHER, unit, effects.dispatched),
        (CaseStatus.RETURNED, CaseAction.SEND_BACK): Cell(
            CaseStatus.ACCEPTED, DISPATCHER, (Guard.REASON,), effects.sent_back
        ),
        **_in(
            HANDLED,
            {
                CaseAction.RETURN: Cell(
                    CaseStatus.RETURNED, DEPARTMENT, (Guard.OWN_CASE, Guard.REASON), effects.dropped
                ),
                CaseAction.LEFT: Cell(
                    CaseStatus.AWAITING_CLOSE, _by(Post.DEPARTMENT, Post.CAMERA), (Guard.OWN_CASE, Guard.PICTURE),
                    effects.submitted,
                ),
            },
        ),
    }  # fmt: skip


def _closing() -> Table:
    return {
        (CaseStatus.AWAITING_CHECK, CaseAction.PASS): Cell(
            CaseStatus.AWAITING_CLOSE, CHECKERS, (Guard.PICTURE, Guard.NOT_THE_HANDLER, Guard.OVERRIDE), effects.passed
        ),
        (CaseStatus.AWAITING_CHECK, CaseAction.FAIL): Cell(
            CaseStatus.REGISTERED, CHECKERS, (Guard.REASON, Guard.PICTURE, Guard.NOT_THE_HANDLER), effects.failed
        ),
        (CaseStatus.AWAITING_CHECK, CaseAction.GONE): Cell(
            CaseStatus.GONE, CHECKERS, (Guard.PICTURE, Guard.NOT_THE_HANDLER, Guard.OVERRIDE), effects.gone_before
        ),
        (CaseStatus.GONE, CaseAction.NOT_GONE): Cell(
            None, _by(Post.ACCEPTOR, Post.COLLECTOR, Post.LEADER), (Guard.REASON, Guard.NOT_THE_HANDLER),
            effects.not_gone,
        ),
        (CaseStatus.REGISTERED, CaseAction.PASS): Cell(
            CaseStatus.AWAITING_CLOSE, _by(Post.COLLECTOR),
            (Guard.REASON, Guard.PICTURE, Guard.NOT_THE_HANDLER, Guard.CAMERA_FAILED), effects.passed,
        ),
        (CaseStatus.AWAITING_CLOSE, CaseAction.FAIL): Cell(
            CaseStatus.REGISTERED, _by(Post.COLLECTOR, Post.LEADER), (Guard.REASON, Guard.CAMERA_PASSED), effects.failed
        ),
        (CaseStatus.AWAITING_CLOSE, CaseAction.CLOSE): Cell(
            CaseStatus.CLOSED, _by(Post.LEADER, Post.CLOCK), (Guard.CONDITION, Guard.CHILDREN_CLOSED), effects.closed
        ),
        (CaseStatus.CLOSED, CaseAction.REOPEN): Cell(
            CaseStatus.REGISTERED, _by(Post.LEADER, Post.CLOCK), (Guard.REASON,), effects.reopened
        ),
        (CaseStatus.CLOSED, CaseAction.APPEAL): Cell(
            CaseStatus.CLOSED, DEPARTMENT,
            (Guard.REASON, Guard.OWN_CASE, Guard.OVERTIME, Guard.NEVER_APPEALED), effects.appealed,
        ),
        (CaseStatus.CLOSED, CaseAction.UPHOLD_APPEAL): Cell(
            CaseStatus.CLOSED, _by(Post.DISPATCHER, Post.ACCEPTOR),
            (Guard.APPEAL_ASKED, Guard.APPROVERS_TURN), effects.appeal_upheld,
        ),
        (CaseStatus.CLOSED, CaseAction.DISMISS_APPEAL): Cell(
            CaseStatus.CLOSED, _by(Post.DISPATCHER, Post.ACCEPTOR),
            (Guard.APPEAL_ASKED, Guard.APPROVERS_TURN, Guard.REASON), effects.dropped,
        ),
        **_in(OPEN, {CaseAction.FORCE_CLOSE: Cell(CaseStatus.CLOSED, LEADER, (Guard.REASON,), effects.force_closed)}),
    }  # fmt: skip


def _time() -> Table:
    """Extensions and suspensions: a department asks, others answer."""
    cells: dict[tuple[CaseStatus, CaseAction], Cell] = {
        (CaseStatus.SUSPENDED, CaseAction.RESUME): Cell(None, _by(Post.DISPATCHER, Post.CLOCK), (), effects.resumed),
    }
    for status in HANDLED:
        cells |= {
            (status, CaseAction.ASK_EXTENSION): Cell(
                status, DEPARTMENT, (*_ASKING, Guard.BEFORE_DUE, Guard.EXTENSIONS_LEFT), effects.extension_asked
            ),
            (status, CaseAction.GRANT_EXTENSION): Cell(
                status, DISPATCHER, (Guard.EXTENSION_ASKED,), effects.extended
            ),
            (status, CaseAction.REFUSE_EXTENSION): Cell(
                status, DISPATCHER, (Guard.EXTENSION_ASKED, Guard.REASON), effects.dropped
            ),
            (status, CaseAction.ASK_SUSPENSION): Cell(
                status, DEPARTMENT, (*_ASKING, Guard.NEVER_SUSPENDED, Guard.WITHIN_A_YEAR), effects.suspension_asked
            ),
            (status, CaseAction.APPROVE_SUSPENSION): Cell(
                CaseStatus.SUSPENDED, _by(Post.DISPATCHER, Post.LEADER),
                (Guard.SUSPENSION_ASKED, Guard.APPROVERS_TURN), effects.suspension_approved,
            ),
            (status, CaseAction.REFUSE_SUSPENSION): Cell(
                status, _by(Post.DISPATCHER, Post.LEADER),
                (Guard.SUSPENSION_ASKED, Guard.APPROVERS_TURN, Guard.REASON), effects.dropped,
            ),
        }  # fmt: skip
    return cells


def _anywhere() -> Table:
    """What may be done at many statuses."""
    notes = {
        status: {
            CaseAction.SUPERVISE: Cell(status, _by(Post.LEADER, Post.SUPERVISOR), (Guard.NOTE,)),
            CaseAction.URGE: Cell(status, _by(Post.ACCEPTOR, Post.DISPATCHER, Post.SUPERVISOR), (Guard.NOTE,)),
        }
        for status in REGISTERED_ON
    }
    cells = {(status, action): cell for status, row in notes.items() for action, cell in row.items()}
    cells |= {
        (status, CaseAction.SPLIT): Cell(status, DISPATCHER, (Guard.SPLIT_SIZE,), effects.split)
        for status in (CaseStatus.REGISTERED, *HANDLED)
    }
    cells |= _in(
        REGISTERED_ON, {CaseAction.VOID: Cell(CaseStatus.VOIDED, LEADER, (Guard.TYPED_REASON,), effects.dropped)}
    )
    cells |= _in(OPEN, {CaseAction.MERGE: Cell(CaseStatus.MERGED, ACCEPTOR, (Guard.SURVIVOR_OPEN,), effects.merged)})
    outward = (Guard.REASON, Guard.PARTNER, Guard.NOT_TRANSFERRED)
    cells |= {
        (status, CaseAction.TRANSFER): Cell(status, OFFICE, outward, effects.transferred)
        for status in (CaseStatus.ACCEPTED, *sorted(REGISTERED_ON))
    }
    cells |= {
        (status, CaseAction.RECEIPT): Cell(
            status, OFFICE | {Post.PARTNER}, (Guard.TRANSFERRED, Guard.OWN_TRANSFER, Guard.ANSWER), effects.answered
        )
        for status in CaseStatus
        if status not in {CaseStatus.CANDIDATE, CaseStatus.REPORTED, CaseStatus.VERIFYING}
    }
    cells[CaseStatus.MERGED, CaseAction.UNMERGE] = Cell(None, ACCEPTOR, (Guard.REASON,), effects.unmerged)
    return cells


def _in(statuses: Iterable[CaseStatus], row: Mapping[CaseAction, Cell]) -> Table:
    return {(status, action): cell for status in statuses for action, cell in row.items()}


OPENINGS: Mapping[CaseAction, Cell] = {
    CaseAction.DETECT: Cell(CaseStatus.CANDIDATE, _by(Post.CAMERA)),
    CaseAction.REPORT: Cell(CaseStatus.REPORTED, _by(Post.ACCEPTOR, Post.COLLECTOR, Post.SUPERVISOR)),
    CaseAction.SELF_HANDLE: Cell(
        CaseStatus.AWAITING_CLOSE, _by(Post.COLLECTOR), (Guard.TWO_PICTURES,), effects.self_handled
    ),
}
"""How a case begins."""

TABLE: Table = {**_intake(), **_handling(), **_closing(), **_time(), **_anywhere()}
