"""What figures know of a case: moments, deadlines, parties, flags; folded from its history, one line at a time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from central.core.case_machine import CaseAction, CaseStatus, Closing, Stage
from central.core.case_machine.stages import Clockwork, StageRun
from central.core.cases.casefile import Case, CaseStep, Occurrence
from central.core.clocks import OFFICE, Limit, LimitUnit, Terms, due, used_s
from central.core.values import ActorKind, CaseSource

WORKED = Limit(Decimal(1), LimitUnit.WORKING_HOURS)
"""What counts office hours: of the limit itself only the unit matters."""
FACT_FORM = 3
"""Raise it when a fact learns something new: facts of a lower form, or of none, are made anew of the histories."""
COMMUNITY_DIGITS = 12
"""A unit grid's code begins with that of its community (GB/T 30428.1)."""


@dataclass(frozen=True, slots=True)
class CaseFact:
    """All that figures know of a case; a moment is None until it comes, and again when it is taken back.

    `reported_at` (上报): when a candidate was confirmed, when people told; never for what was handled on the spot or
    was split off from a case, for these are counted apart. `handled_at`, `closed_at` are taken back by a failed check
    and by a reopening. `verify_sent_at` is when a public report was first sent out to be verified (owed when it was
    reported); `check_sent_at` when the camera was asked, at the latest when somebody checked (owed when the handler
    said done). A `…_due_at` is the deadline under which that stage ran: the first of what comes before the
    handling, the last of what follows; None while a pause holds it. `…_s` are natural seconds, `…_work_s` those of
    office hours. `has_left`: the cause went by itself after the dispatch.

    A `…_by` names the person whose line gave the moment of the same name, and is taken back with it; "" where a box, a
    rule or a partner took the step. `reported_by` only names a collector who entered what they saw themselves.
    """

    case: str
    number: str
    source: CaseSource
    status: CaseStatus
    opened_at: datetime
    found_at: datetime
    camera: str = ""
    scene: str = ""
    zone: str = ""
    grid: str = ""
    community: str = ""
    unit: str = ""
    code: str = ""
    reported_at: datetime | None = None
    reported_by: str = ""
    accepted_at: datetime | None = None
    accepted_by: str = ""
    accept_due_at: datetime | None = None
    verify_asked_at: datetime | None = None
    verify_sent_at: datetime | None = None
    verify_sent_by: str = ""
    verify_send_due_at: datetime | None = None
    verified_at: datetime | None = None
    verified_by: str = ""
    verify_due_at: datetime | None = None
    registered_at: datetime | None = None
    registered_by: str = ""
    register_due_at: datetime | None = None
    dispatched_at: datetime | None = None
    dispatched_by: str = ""
    dispatch_due_at: datetime | None = None
    handled_at: datetime | None = None
    handle_due_at: datetime | None = None
    check_asked_at: datetime | None = None
    check_sent_at: datetime | None = None
    check_send_due_at: datetime | None = None
    checked_at: datetime | None = None
    checked_by: str = ""
    check_due_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str = ""
    close_due_at: datetime | None = None
    rejected_at: datetime | None = None
    voided_at: datetime | None = None
    gone_at: datetime | None = None
    merged_at: datetime | None = None
    found_to_handled_s: int | None = None
    found_to_handled_work_s: int | None = None
    dispatched_to_handled_s: int | None = None
    dispatched_to_handled_work_s: int | None = None
    registered_to_closed_s: int | None = None
    registered_to_closed_work_s: int | None = None
    closing: Closing | None = None
    is_self_handled: bool = False
    is_task: bool = False
    is_component: bool = False
    is_genuine: bool = False
    is_late: bool = False
    is_exempt: bool = False
    is_reworked: bool = False
    is_misdirected: bool = False
    is_reopened: bool = False
    is_recurrence: bool = False
    was_suspended: bool = False
    has_left: bool = False


class Counting(Protocol):
    """By what deadlines and office hours are counted."""

    def due_of(self, run: StageRun) -> datetime | None:
        """When a stage is due; None while a pause holds it."""
        ...

    def send_due(self, stage: Stage, owed_at: datetime) -> datetime | None:
        """Until when the task of a stage is sent out that is owed since a moment."""
        ...

    def worked_s(self, begin: datetime, end: datetime) -> int:
        """Seconds of office hours between the two."""
        ...


@dataclass(frozen=True, slots=True)
class ByClockwork:
    """`Counting` by a city's time systems and calendars; office hours are those of the calendar for new cases."""

    clockwork: Clockwork

    def due_of(self, run: StageRun) -> datetime | None:
        """See the protocol."""
        return run.deadline(self.clockwork).due

    def send_due(self, stage: Stage, owed_at: datetime) -> datetime | None:
        """See the protocol."""
        return due(owed_at, self.clockwork.terms(self.clockwork.sending[stage], self.clockwork.calendar)).due

    def worked_s(self, begin: datetime, end: datetime) -> int:
        """See the protocol."""
        if end <= begin:
            return 0
        system = self.clockwork.systems.get(OFFICE.name, OFFICE)
        calendar = self.clockwork.calendars[self.clockwork.calendar]
        return round(used_s(begin, end, Terms(WORKED, system, calendar)))


def begun(case: Case) -> CaseFact:
    """The fact of a case before the first line of its history."""
    return CaseFact(case.id, case.number, case.source, case.status, case.opened_at, case.first_seen_at)


def after(fact: CaseFact | None, case: Case, step: CaseStep, counting: Counting) -> CaseFact:
    """The fact after one more line; `case` is the case after it, or as it is now.

    What of it is read from `case` is overwritten by each line, so that both give the same in the end.
    """
    return _of_case(_moved(fact or begun(case), step), case, counting)


def folded(fact: CaseFact | None, case: Case, steps: Iterable[CaseStep], counting: Counting) -> CaseFact:
    """The fact after several lines, as `after` gives it one by one."""
    told = fact or begun(case)
    for step in steps:
        told = _moved(told, step)
    return _of_case(told, case, counting)


_Change = Callable[[CaseFact, CaseStep], CaseFact]


FIRST_COUNTS = frozenset({"reported", "accepted", "verify_sent", "registered", "dispatched"})
"""Steps that count when they are taken first, and whoever takes them again is not judged by it; others when last."""


def _taken(fact: CaseFact, step: CaseStep, name: str) -> CaseFact:
    """The moment of a step, and the person who took it."""
    if name in FIRST_COUNTS and getattr(fact, f"{name}_at") is not None:
        return fact
    who = step.actor.name if step.actor.kind is ActorKind.PERSON else ""
    taken: dict[str, Any] = {f"{name}_at": step.at, f"{name}_by": who}
    return replace(fact, **taken)


def _taking(name: str) -> _Change:
    return lambda fact, step: _taken(fact, step, name)


def _opened(fact: CaseFact, step: CaseStep) -> CaseFact:
    return _taken(fact, step, "reported") if step.to_status is CaseStatus.REPORTED else fact


def _confirmed(fact: CaseFact, step: CaseStep) -> CaseFact:
    return _taken(replace(fact, reported_at=fact.reported_at or step.at), step, "accepted")


def _verified(fact: CaseFact, step: CaseStep) -> CaseFact:
    return replace(_taken(fact, step, "verified"), is_genuine=step.details.get("genuine") is True)


def _handled(fact: CaseFact, step: CaseStep) -> CaseFact:
    said = replace(fact, handled_at=step.at, check_asked_at=step.at)
    return replace(said, check_sent_at=None, checked_at=None, checked_by="")


def _left(fact: CaseFact, step: CaseStep) -> CaseFact:
    return replace(fact, handled_at=step.at, has_left=True)


def _passed(fact: CaseFact, step: CaseStep) -> CaseFact:
    # Where a person overrules a failed check, the handling ended when it was said to be done.
    handled = fact.handled_at or fact.check_asked_at or step.at
    return replace(_checked(fact, step), handled_at=handled)


def _failed(fact: CaseFact, step: CaseStep) -> CaseFact:
    checked = fact if fact.checked_at is not None else _checked(fact, step)
    sent = checked.check_sent_at or step.at
    return replace(checked, check_sent_at=sent, handled_at=None, has_left=False)


def _checked(fact: CaseFact, step: CaseStep) -> CaseFact:
    return replace(_taken(fact, step, "checked"), check_sent_at=fact.check_sent_at or step.at)


def _gone(fact: CaseFact, step: CaseStep) -> CaseFact:
    if step.from_status is not CaseStatus.AWAITING_CHECK:
        return replace(fact, gone_at=step.at)
    return replace(_checked(fact, step), gone_at=step.at)


def _verify_sent(fact: CaseFact, step: CaseStep) -> CaseFact:
    return replace(_taken(fact, step, "verify_sent"), verify_asked_at=step.at, verified_at=None, verified_by="")


def _camera_asked(fact: CaseFact, step: CaseStep) -> CaseFact:
    return replace(fact, check_sent_at=fact.check_sent_at or step.at)


_CHANGES: dict[CaseAction | Occurrence, _Change] = {
    Occurrence.OPENED: _opened,
    CaseAction.REPORT: _opened,
    CaseAction.CONFIRM: _confirmed,
    CaseAction.ACCEPT: _taking("accepted"),
    CaseAction.SEND_VERIFY: _verify_sent,
    Occurrence.CAMERA_ASKED: _camera_asked,
    CaseAction.VERIFY: _verified,
    CaseAction.REGISTER: _taking("registered"),
    CaseAction.DISPATCH: _taking("dispatched"),
    CaseAction.SUBMIT: _handled,
    CaseAction.LEFT: _left,
    CaseAction.PASS: _passed,
    CaseAction.FAIL: _failed,
    CaseAction.CLOSE: _taking("closed"),
    CaseAction.FORCE_CLOSE: _taking("closed"),
    CaseAction.REOPEN: lambda fact, _: replace(fact, closed_at=None, closed_by="", handled_at=None, has_left=False),
    CaseAction.REJECT: lambda fact, step: replace(fact, rejected_at=step.at),
    CaseAction.VOID: lambda fact, step: replace(fact, voided_at=step.at),
    CaseAction.GONE: _gone,
    CaseAction.NOT_GONE: lambda fact, _: replace(fact, gone_at=None),
    CaseAction.MERGE: lambda fact, step: replace(fact, merged_at=step.at),
    CaseAction.UNMERGE: lambda fact, _: replace(fact, merged_at=None),
}


def _moved(fact: CaseFact, step: CaseStep) -> CaseFact:
    change = _CHANGES.get(step.kind)
    return fact if change is None else change(fact, step)


def _of_case(fact: CaseFact, case: Case, counting: Counting) -> CaseFact:
    state = case.state
    first, last = _runs_by_stage(case)
    dues = {stage: counting.due_of(run) for stage, run in (last | first).items()}
    handled, closed = fact.handled_at, fact.closed_at
    return replace(
        fact,
        number=case.number,
        status=case.status,
        found_at=case.first_seen_at,
        camera=case.camera or "",
        scene=case.scene or "",
        zone=case.zone or "",
        grid=case.grid,
        community=case.grid[:COMMUNITY_DIGITS],
        unit=state.unit or (state.units[-1] if state.units else ""),
        code=state.standard.code if state.standard is not None else "",
        reported_by=fact.reported_by if _saw_it(fact.reported_by, case) else "",
        verify_send_due_at=_send_due(fact.reported_at if state.is_public else None, Stage.VERIFYING, counting),
        check_send_due_at=_send_due(fact.check_asked_at, Stage.CHECKING, counting),
        accept_due_at=dues.get(Stage.ACCEPTING),
        verify_due_at=dues.get(Stage.VERIFYING),
        register_due_at=dues.get(Stage.REGISTERING),
        dispatch_due_at=dues.get(Stage.DISPATCHING),
        handle_due_at=dues.get(Stage.HANDLING),
        check_due_at=dues.get(Stage.CHECKING),
        close_due_at=dues.get(Stage.CLOSING),
        found_to_handled_s=_seconds(case.first_seen_at, handled),
        found_to_handled_work_s=_worked(case.first_seen_at, handled, counting),
        dispatched_to_handled_s=_seconds(fact.dispatched_at, handled),
        dispatched_to_handled_work_s=_worked(fact.dispatched_at, handled, counting),
        registered_to_closed_s=_seconds(fact.registered_at, closed),
        registered_to_closed_work_s=_worked(fact.registered_at, closed, counting),
        closing=state.closing,
        is_self_handled=state.is_self_handled,
        is_task=state.parent != "",
        is_component=state.component is not None,
        is_late=state.overtime,
        is_exempt=state.exempt,
        is_reworked=state.reworks > 0,
        is_misdirected=state.misdirected > 0,
        is_reopened=state.reopened > 0,
        is_recurrence=case.recurrence_of != "",
        was_suspended=state.was_suspended,
    )


def _saw_it(who: str, case: Case) -> bool:
    """Whether who entered a report is the collector who made it, and not a desk that was told."""
    return case.source is CaseSource.COLLECTOR and case.reporter == who


_FIRST = frozenset({Stage.ACCEPTING, Stage.REGISTERING, Stage.DISPATCHING})


def _runs_by_stage(case: Case) -> tuple[dict[Stage, StageRun], dict[Stage, StageRun]]:
    """The first run of what comes before the handling, the last of every stage."""
    first: dict[Stage, StageRun] = {}
    for run in case.runs:
        if run.stage in _FIRST:
            first.setdefault(run.stage, run)
    return first, {run.stage: run for run in case.runs}


def _send_due(owed_at: datetime | None, stage: Stage, counting: Counting) -> datetime | None:
    return None if owed_at is None else counting.send_due(stage, owed_at)


def _seconds(begin: datetime | None, end: datetime | None) -> int | None:
    return None if begin is None or end is None else max(0, round((end - begin).total_seconds()))


def _worked(begin: datetime | None, end: datetime | None, counting: Counting) -> int | None:
    return None if begin is None or end is None else counting.worked_s(begin, end)
