"""What an action changes besides the status."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from central.core.case_machine.state import Asked, CaseState, Doer, Wish
from central.core.case_machine.words import CameraWord, CaseStatus, Closing, Petition, Post

Effect = Callable[[CaseState, Wish, Doer, datetime], CaseState]

APPROVERS: dict[Petition, tuple[Post, ...]] = {
    Petition.EXTENSION: (Post.DISPATCHER,),
    Petition.SUSPENSION: (Post.DISPATCHER, Post.LEADER),
    Petition.APPEAL: (Post.DISPATCHER, Post.ACCEPTOR),
}
"""Whose words a request needs, in this order; one person who fills both posts agrees twice, and both are recorded."""


def nothing(state: CaseState, _wish: Wish, _doer: Doer, _now: datetime) -> CaseState:
    """Only the status changes."""
    return state


def self_handled(state: CaseState, _wish: Wish, doer: Doer, _now: datetime) -> CaseState:
    """自行处置: who found it has handled it; it is counted apart."""
    return replace(state, is_self_handled=True, handled_by=doer.name)


def registered(state: CaseState, wish: Wish, _doer: Doer, _now: datetime) -> CaseState:
    """The condition under which the case was registered, its standard as it is now, and the component it is about."""
    return replace(state, registered_under=wish.condition, standard=wish.standard, component=wish.component)


def dispatched(state: CaseState, wish: Wish, _doer: Doer, _now: datetime) -> CaseState:
    """The same unit after a failed check is rework (返工); another is one that had been misdirected (错误派遣)."""
    again = state.failed_at != "" and wish.unit == state.failed_at
    elsewhere = bool(state.units) and state.units[-1] != wish.unit
    return replace(
        state,
        unit=wish.unit,
        units=(*state.units, wish.unit),
        failed_at="",
        handled_by="",
        taken_at=None,
        camera=None,
        reworks=state.reworks + again,
        misdirected=state.misdirected + elsewhere,
    )


def taken(state: CaseState, _wish: Wish, _doer: Doer, now: datetime) -> CaseState:
    """What left before this moment was not handled."""
    return replace(state, taken_at=now)


def submitted(state: CaseState, _wish: Wish, doer: Doer, now: datetime) -> CaseState:
    """Handling ends here; whether it was late is a fact from now on, whatever an appeal says."""
    return replace(state, handled_by=doer.name, overtime=is_late(state, now), asked=None, camera=None)


def passed(state: CaseState, _wish: Wish, doer: Doer, _now: datetime) -> CaseState:
    """The camera's own pass is its word; a person's leaves on record what the camera had said."""
    return replace(state, failed_at="", camera=_word(state, doer, CameraWord.CLEAR))


def failed(state: CaseState, _wish: Wish, doer: Doer, _now: datetime) -> CaseState:
    """The unit whose work it was, and who did it, are remembered until somebody dispatches again."""
    return replace(state, failed_at=state.unit, camera=_word(state, doer, CameraWord.STILL_THERE))


def gone(state: CaseState, _wish: Wish, _doer: Doer, _now: datetime) -> CaseState:
    """自行消除: the case remembers where it stood."""
    return replace(state, gone_from=state.status)


def gone_before(state: CaseState, wish: Wish, doer: Doer, now: datetime) -> CaseState:
    """It had left before anybody could handle it."""
    return replace(gone(state, wish, doer, now), camera=_word(state, doer, CameraWord.GONE_BEFORE))


def not_gone(state: CaseState, _wish: Wish, _doer: Doer, _now: datetime) -> CaseState:
    """Back to where it stood; what the camera had said stays on record.

    A case that does not remember goes to be checked where a unit had it, else to be accepted.
    """
    lost = CaseStatus.AWAITING_CHECK if state.units else CaseStatus.REPORTED
    return replace(state, status=state.gone_from or lost, gone_from=None)


def _word(state: CaseState, doer: Doer, word: CameraWord) -> CameraWord | None:
    return word if Post.CAMERA in doer.posts else state.camera


def closed(state: CaseState, wish: Wish, _doer: Doer, _now: datetime) -> CaseState:
    """Normal, or late when the handling was."""
    return replace(state, closed_under=wish.condition, closing=Closing.LATE if state.overtime else Closing.NORMAL)


def force_closed(state: CaseState, _wish: Wish, _doer: Doer, now: datetime) -> CaseState:
    """Closed as a special case, with whatever was asked dropped."""
    return replace(state, closing=Closing.SPECIAL, overtime=is_late(state, now), asked=None)


def dropped(state: CaseState, _wish: Wish, _doer: Doer, _now: datetime) -> CaseState:
    """Whatever was asked is moot."""
    return replace(state, asked=None)


def sent_back(state: CaseState, _wish: Wish, _doer: Doer, _now: datetime) -> CaseState:
    """Registered by mistake: no unit has it, and the condition is chosen anew; its 立案 counts once."""
    return replace(state, unit="", registered_under="", standard=None, component=None, asked=None)


def extension_asked(state: CaseState, wish: Wish, doer: Doer, now: datetime) -> CaseState:
    """A request, made before the deadline."""
    return replace(state, asked=Asked(Petition.EXTENSION, doer.name, now, wish.reason))


def extended(state: CaseState, _wish: Wish, _doer: Doer, _now: datetime) -> CaseState:
    """One more original limit."""
    return replace(state, extensions=state.extensions + 1, asked=None)


def suspension_asked(state: CaseState, wish: Wish, doer: Doer, now: datetime) -> CaseState:
    """A request with an end."""
    return replace(state, asked=Asked(Petition.SUSPENSION, doer.name, now, wish.reason, until=wish.until))


def suspension_approved(state: CaseState, _wish: Wish, doer: Doer, _now: datetime) -> CaseState:
    """One more who agrees; with the last the case is suspended."""
    asked = agreed(state, doer)
    if len(asked.agreed) < len(APPROVERS[Petition.SUSPENSION]):
        return replace(state, asked=asked)
    return replace(
        state,
        status=CaseStatus.SUSPENDED,
        suspended_from=state.status,
        was_suspended=True,
        suspended_until=asked.until,
        asked=None,
    )


def resumed(state: CaseState, _wish: Wish, _doer: Doer, _now: datetime) -> CaseState:
    """Back to where it was; the clock goes on."""
    return replace(state, status=before(state.suspended_from), suspended_from=None, suspended_until=None)


def merged(state: CaseState, wish: Wish, _doer: Doer, _now: datetime) -> CaseState:
    """The survivor goes on; this one remembers where it stood."""
    into = "" if wish.into is None else wish.into.id
    return replace(state, merged_from=state.status, merged_into=into, asked=None)


def unmerged(state: CaseState, _wish: Wish, _doer: Doer, _now: datetime) -> CaseState:
    """Back to where it was before the merge."""
    return replace(state, status=before(state.merged_from), merged_from=None, merged_into="")


def split(state: CaseState, wish: Wish, _doer: Doer, _now: datetime) -> CaseState:
    """Tasks of their own; this case closes when they are closed."""
    return replace(state, children_open=state.children_open + wish.children)


def task_of(state: CaseState, parent: str) -> CaseState:
    """A task that is split off from the case `parent`: registered as that is, with everything else before it."""
    return CaseState(
        CaseStatus.REGISTERED,
        is_public=state.is_public,
        registered_under=state.registered_under,
        standard=state.standard,
        component=state.component,
        parent=parent,
    )


def with_tasks(state: CaseState, change: int) -> CaseState:
    """So many more tasks that were split off go on; fewer where `change` is negative."""
    return replace(state, children_open=max(0, state.children_open + change))


def reopened(state: CaseState, _wish: Wish, _doer: Doer, _now: datetime) -> CaseState:
    """The same problem again; a later check that fails it is rework of the same unit."""
    return replace(
        state,
        reopened=state.reopened + 1,
        failed_at=state.unit,
        handled_by="",
        taken_at=None,
        camera=None,
        closed_under="",
        closing=None,
        asked=None,
    )


def appealed(state: CaseState, wish: Wish, doer: Doer, now: datetime) -> CaseState:
    """超时申诉: the fact stays, only its counting is in question."""
    return replace(state, was_appealed=True, asked=Asked(Petition.APPEAL, doer.name, now, wish.reason))


def appeal_upheld(state: CaseState, _wish: Wish, doer: Doer, _now: datetime) -> CaseState:
    """One more who agrees; with the last the overtime no longer counts, and stays on record."""
    asked = agreed(state, doer)
    if len(asked.agreed) < len(APPROVERS[Petition.APPEAL]):
        return replace(state, asked=asked)
    return replace(state, exempt=True, asked=None)


def transferred(state: CaseState, wish: Wish, _doer: Doer, _now: datetime) -> CaseState:
    """移交: somebody outside is asked; the case and its clock go on until they answer."""
    return replace(state, transferred_to=wish.partner)


def answered(state: CaseState, _wish: Wish, _doer: Doer, _now: datetime) -> CaseState:
    """回执: they have."""
    return replace(state, transferred_to="")


def agreed(state: CaseState, doer: Doer) -> Asked:
    """The request with the word of the post whose turn it is."""
    asked = state.asked
    assert asked is not None  # noqa: S101 - a guard has looked
    post = APPROVERS[asked.petition][len(asked.agreed)]
    return replace(asked, agreed=(*asked.agreed, (post, doer.name)))


def is_late(state: CaseState, now: datetime) -> bool:
    """Whether the handling limit has passed; a limit that a pause holds has not."""
    return state.overtime or (state.due_at is not None and now > state.due_at)


def before(status: CaseStatus | None) -> CaseStatus:
    """Where a suspended or merged case stood before."""
    assert status is not None  # noqa: S101 - the only ways into those statuses note it
    return status
