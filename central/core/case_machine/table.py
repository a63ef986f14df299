"""The whole case machine as one table: (status, action) -> where to, who, under which conditions, with what effect.

A missing cell is an illegal transition. Merged from the practice of 数字城管 platforms; `docs/case-machine.md` is
generated from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from central.core.case_machine import effects
from central.core.case_machine.effects import Effect
from central.core.case_machine.guards import Guard
from central.core.case_machine.words import HANDLED, OPEN, REGISTERED_ON, Action, Post, Status


@dataclass(frozen=True, slots=True)
class Cell:
    """One way on. `to` None: back to where the case came from. `effect` may hold the step back until all agree."""

    to: Status | None
    posts: frozenset[Post]
    guards: tuple[Guard, ...] = ()
    effect: Effect = effects.nothing


def _by(*posts: Post) -> frozenset[Post]:
    return frozenset(posts)


ACCEPTOR, LEADER, DISPATCHER = _by(Post.ACCEPTOR), _by(Post.LEADER), _by(Post.DISPATCHER)
DEPARTMENT, CHECKERS = _by(Post.DEPARTMENT), _by(Post.COLLECTOR, Post.CAMERA)
_ASKING = (Guard.REASON, Guard.OWN_CASE, Guard.NOTHING_ASKED)

Table = Mapping[tuple[Status, Action], Cell]


def _intake() -> Table:
    refuse = (Guard.REASON,)
    return {
        (Status.CANDIDATE, Action.CONFIRM): Cell(Status.ACCEPTED, _by(Post.ACCEPTOR, Post.CLOCK)),
        (Status.CANDIDATE, Action.REJECT): Cell(Status.REJECTED, ACCEPTOR, refuse),
        (Status.CANDIDATE, Action.GONE): Cell(Status.GONE, _by(Post.ACCEPTOR, Post.CAMERA)),
        (Status.REPORTED, Action.SEND_VERIFY): Cell(Status.VERIFYING, ACCEPTOR, (Guard.PUBLIC,)),
        (Status.VERIFYING, Action.VERIFY): Cell(Status.REPORTED, _by(Post.COLLECTOR), (Guard.FINDING, Guard.PICTURE)),
        (Status.REPORTED, Action.ACCEPT): Cell(Status.ACCEPTED, ACCEPTOR),
        (Status.REPORTED, Action.REJECT): Cell(Status.REJECTED, ACCEPTOR, refuse),
        (Status.REPORTED, Action.GONE): Cell(Status.GONE, _by(Post.ACCEPTOR, Post.CAMERA)),
        (Status.ACCEPTED, Action.REJECT): Cell(Status.REJECTED, LEADER, refuse),
        (Status.ACCEPTED, Action.GONE): Cell(Status.GONE, _by(Post.ACCEPTOR, Post.CAMERA)),
        (Status.ACCEPTED, Action.REGISTER): Cell(
            Status.REGISTERED, LEADER, (Guard.CONDITION,), effects.registered
        ),
    }  # fmt: skip


def _handling() -> Table:
    unit = (Guard.UNIT,)
    return {
        (Status.REGISTERED, Action.DISPATCH): Cell(Status.DISPATCHED, DISPATCHER, unit, effects.dispatched),
        (Status.DISPATCHED, Action.TAKE): Cell(Status.IN_PROGRESS, DEPARTMENT, (Guard.OWN_CASE,)),
        (Status.IN_PROGRESS, Action.SUBMIT): Cell(
            Status.AWAITING_CHECK, DEPARTMENT, (Guard.OWN_CASE, Guard.PICTURE), effects.submitted
        ),
        (Status.RETURNED, Action.DISPATCH): Cell(Status.DISPATCHED, DISPATCHER, unit, effects.dispatched),
        (Status.RETURNED, Action.SEND_BACK): Cell(Status.ACCEPTED, DISPATCHER, (Guard.REASON,), effects.sent_back),
        **_in(
            HANDLED,
            {
                Action.RETURN: Cell(Status.RETURNED, DEPARTMENT, (Guard.OWN_CASE, Guard.REASON), effects.dropped),
                Action.LEFT: Cell(
                    Status.AWAITING_CLOSE, _by(Post.DEPARTMENT, Post.CAMERA), (Guard.OWN_CASE, Guard.PICTURE),
                    effects.submitted,
                ),
            },
        ),
    }  # fmt: skip


def _closing() -> Table:
    return {
        (Status.AWAITING_CHECK, Action.PASS): Cell(
            Status.AWAITING_CLOSE, CHECKERS, (Guard.PICTURE, Guard.NOT_THE_HANDLER)
        ),
        (Status.AWAITING_CHECK, Action.FAIL): Cell(
            Status.REGISTERED, CHECKERS, (Guard.REASON, Guard.PICTURE, Guard.NOT_THE_HANDLER), effects.failed
        ),
        (Status.AWAITING_CLOSE, Action.CLOSE): Cell(
            Status.CLOSED, LEADER, (Guard.CONDITION, Guard.CHILDREN_CLOSED), effects.closed
        ),
        (Status.CLOSED, Action.REOPEN): Cell(
            Status.REGISTERED, _by(Post.LEADER, Post.CLOCK), (Guard.REASON,), effects.reopened
        ),
        (Status.CLOSED, Action.APPEAL): Cell(
            Status.CLOSED, DEPARTMENT,
            (Guard.REASON, Guard.OWN_CASE, Guard.OVERTIME, Guard.NEVER_APPEALED), effects.appealed,
        ),
        (Status.CLOSED, Action.UPHOLD_APPEAL): Cell(
            Status.CLOSED, _by(Post.DISPATCHER, Post.ACCEPTOR),
            (Guard.APPEAL_ASKED, Guard.APPROVERS_TURN), effects.appeal_upheld,
        ),
        (Status.CLOSED, Action.DISMISS_APPEAL): Cell(
            Status.CLOSED, _by(Post.DISPATCHER, Post.ACCEPTOR),
            (Guard.APPEAL_ASKED, Guard.APPROVERS_TURN, Guard.REASON), effects.dropped,
        ),
        **_in(OPEN, {Action.FORCE_CLOSE: Cell(Status.CLOSED, LEADER, (Guard.REASON,), effects.force_closed)}),
    }  # fmt: skip


def _time() -> Table:
    """Extensions and suspensions: a department asks, others answer."""
    cells: dict[tuple[Status, Action], Cell] = {
        (Status.SUSPENDED, Action.RESUME): Cell(None, _by(Post.DISPATCHER, Post.CLOCK), (), effects.resumed),
    }
    for status in HANDLED:
        cells |= {
            (status, Action.ASK_EXTENSION): Cell(
                status, DEPARTMENT, (*_ASKING, Guard.BEFORE_DUE, Guard.EXTENSIONS_LEFT), effects.extension_asked
            ),
            (status, Action.GRANT_EXTENSION): Cell(
                status, DISPATCHER, (Guard.EXTENSION_ASKED,), effects.extended
            ),
            (status, Action.REFUSE_EXTENSION): Cell(
                status, DISPATCHER, (Guard.EXTENSION_ASKED, Guard.REASON), effects.dropped
            ),
            (status, Action.ASK_SUSPENSION): Cell(
                status, DEPARTMENT, (*_ASKING, Guard.NEVER_SUSPENDED, Guard.WITHIN_A_YEAR), effects.suspension_asked
            ),
            (status, Action.APPROVE_SUSPENSION): Cell(
                Status.SUSPENDED, _by(Post.DISPATCHER, Post.LEADER),
                (Guard.SUSPENSION_ASKED, Guard.APPROVERS_TURN), effects.suspension_approved,
            ),
            (status, Action.REFUSE_SUSPENSION): Cell(
                status, _by(Post.DISPATCHER, Post.LEADER),
                (Guard.SUSPENSION_ASKED, Guard.APPROVERS_TURN, Guard.REASON), effects.dropped,
            ),
        }  # fmt: skip
    return cells


def _anywhere() -> Table:
    """What may be done at many statuses."""
    notes = {
        status: {
            Action.SUPERVISE: Cell(status, _by(Post.LEADER, Post.SUPERVISOR), (Guard.NOTE,)),
            Action.URGE: Cell(status, _by(Post.ACCEPTOR, Post.DISPATCHER, Post.SUPERVISOR), (Guard.NOTE,)),
        }
        for status in REGISTERED_ON
    }
    cells = {(status, action): cell for status, row in notes.items() for action, cell in row.items()}
    cells |= {
        (status, Action.SPLIT): Cell(status, DISPATCHER, (Guard.SPLIT_SIZE,), effects.split)
        for status in (Status.REGISTERED, *HANDLED)
    }
    cells |= _in(REGISTERED_ON, {Action.VOID: Cell(Status.VOIDED, LEADER, (Guard.REASON,), effects.dropped)})
    cells |= _in(OPEN, {Action.MERGE: Cell(Status.MERGED, ACCEPTOR, (Guard.SURVIVOR_OPEN,), effects.merged)})
    cells[Status.MERGED, Action.UNMERGE] = Cell(None, ACCEPTOR, (Guard.REASON,), effects.unmerged)
    return cells


def _in(statuses: Iterable[Status], row: Mapping[Action, Cell]) -> Table:
    return {(status, action): cell for status in statuses for action, cell in row.items()}


TABLE: Table = {**_intake(), **_handling(), **_closing(), **_time(), **_anywhere()}
