"""A second count of every figure of cases: plain loops over histories, without facts, conditions or SQL."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil

from central.core.case_machine import CaseAction as Do
from central.core.case_machine import CaseStatus, Stage
from central.core.cases.casefile import CaseStep
from central.core.kpis import ByClockwork
from central.core.values import ActorKind, CaseSource
from tests.support.simulated_month import Lived

PUBLIC = {CaseSource.HOTLINE, CaseSource.WEB, CaseSource.MEDIA}
HALF_AN_HOUR = timedelta(minutes=30)
"""How soon verifications and checks are sent out, as delivered."""


class Told:
    """One case as its lines tell it; a moment is None where it never came or was taken back."""

    def __init__(self, one: Lived, counting: ByClockwork, as_of: datetime) -> None:
        self.one, self.counting, self.as_of = one, counting, as_of
        self.state, self.source = one.case.state, one.case.source
        self.opened, self.found = one.case.opened_at, one.case.first_seen_at
        self.public, self.community = self.source in PUBLIC, one.case.grid[:12]
        told = one.steps[0].to_status is CaseStatus.REPORTED
        self.reported = one.steps[0].at if told else self.first(Do.CONFIRM)
        self.accepted = self.first(Do.CONFIRM, Do.ACCEPT)
        self.registered, self.dispatched = self.first(Do.REGISTER), self.first(Do.DISPATCH)
        self.verify_asked = self.last(Do.SEND_VERIFY)
        self.verified = self.last(Do.VERIFY, behind=Do.SEND_VERIFY)
        self.genuine = [step.details["genuine"] for step in one.steps if step.kind is Do.VERIFY][-1:] == [True]
        self.closed = self.last(Do.CLOSE, Do.FORCE_CLOSE, behind=Do.REOPEN)
        self.rejected, self.voided = self.last(Do.REJECT), self.last(Do.VOID)
        self.gone, self.merged = self.last(Do.GONE, behind=Do.NOT_GONE), self.last(Do.MERGE, behind=Do.UNMERGE)
        self.check_asked = self.last(Do.SUBMIT)
        self.verify_sent = self.first(Do.SEND_VERIFY)
        self.handled, self.checked, self.has_left = self._ends()
        self.check_sent = self._check_sent()
        self.given_up = one.case.status in _GIVEN_UP
        self.done = self.handled is not None and one.case.status is not CaseStatus.GONE

    def first(self, *kinds: Do) -> datetime | None:
        """When one of these first stood in the history."""
        return next((step.at for step in self.one.steps if step.kind in kinds), None)

    def last(self, *kinds: Do, behind: Do | None = None) -> datetime | None:
        """When one of these stood there last, with no `behind` after it."""
        for step in reversed(self.one.steps):
            if step.kind is behind:
                return None
            if step.kind in kinds:
                return step.at
        return None

    def who(self, field: str) -> str:
        """The person whom a field of a fact names, read from the lines; "" where no person took the step."""
        by = next(iter(self._judging(field)), None)
        return by.actor.name if by is not None and by.actor.kind is ActorKind.PERSON else ""

    def _judging(self, field: str) -> list[CaseStep]:
        """The line that a person is judged by, if any stands."""
        steps, opening = self.one.steps, self.one.steps[0]
        if field == "reported_by":
            is_own = self.source is CaseSource.COLLECTOR and opening.actor.name == self.one.case.reporter
            return [opening] if is_own and opening.to_status is CaseStatus.REPORTED else []
        if field == "checked_by":
            return [step for step in steps if step.at == self.checked]
        if field in _FIRST:
            return [step for step in steps if step.kind in _FIRST[field]][:1]
        kinds, undone = _LAST[field]
        last = [step for step in steps if step.kind in {*kinds, undone}][-1:]
        return [step for step in last if step.kind in kinds]

    def _ends(self) -> tuple[datetime | None, datetime | None, bool]:
        handled = checked = asked = None
        left = False
        for step in self.one.steps:
            if step.kind is Do.SUBMIT:
                handled, asked, checked = step.at, step.at, None
            elif step.kind is Do.LEFT:
                handled, left = step.at, True
            elif step.kind is Do.PASS:
                handled, checked = handled or asked or step.at, step.at
            elif step.kind is Do.FAIL:
                handled, checked, left = None, checked or step.at, False
            elif step.kind is Do.REOPEN:
                handled, left = None, False
            elif step.kind is Do.GONE and step.from_status is CaseStatus.AWAITING_CHECK:
                checked = step.at
        return handled, checked, left

    def _check_sent(self) -> datetime | None:
        sent, asked = None, False
        for step in self.one.steps:
            if step.kind is Do.SUBMIT:
                sent, asked = None, True
            elif step.kind in {Do.PASS, Do.FAIL} or (
                step.kind is Do.GONE and step.from_status is CaseStatus.AWAITING_CHECK
            ):
                sent = sent or step.at
        return sent if asked else None

    def due(self, stage: Stage, *, first: bool = False) -> datetime | None:
        """The deadline of the first or last time in a stage."""
        runs = [run for run in self.one.case.runs if run.stage is stage]
        return self.counting.due_of(runs[0] if first else runs[-1]) if runs else None

    def within(self, moment: datetime | None, stage: Stage, *, first: bool = False) -> bool:
        """Whether something came not after a deadline that is known."""
        due = self.due(stage, first=first)
        return moment is not None and due is not None and moment <= due

    def in_limit(self) -> bool:
        """按期: handled in the limit, or an appeal says so."""
        if not self.done:
            return False
        return self.state.exempt or (self.within(self.handled, Stage.HANDLING) and not self.state.overtime)

    def overdue(self) -> bool:
        """Past the handling limit, and still owed."""
        due = self.due(Stage.HANDLING)
        return due is not None and due < self.as_of and not self.given_up

    def to_close(self) -> bool:
        """应结案: closed, or waiting for it; what ended otherwise is closed by nobody."""
        if self.given_up:
            return False
        return self.one.case.status is CaseStatus.CLOSED or self.done or self.overdue()

    def owed(self, task: datetime | None, made: datetime | None) -> bool:
        """Whether somebody owes a task that was asked for: made, or not moot meanwhile."""
        return task is not None and (made is not None or not self.given_up)

    def late(self) -> bool:
        """超期."""
        if self.in_limit():
            return False
        return self.done or (self.overdue() and self.closed is None)


_GIVEN_UP = {CaseStatus.VOIDED, CaseStatus.GONE, CaseStatus.MERGED, CaseStatus.REJECTED}
"""How a case ends that nobody closes."""
_FIRST = {
    "accepted_by": {Do.CONFIRM, Do.ACCEPT},
    "verify_sent_by": {Do.SEND_VERIFY},
    "registered_by": {Do.REGISTER},
    "dispatched_by": {Do.DISPATCH},
}
"""Whose first line counts."""
_LAST = {"verified_by": ({Do.VERIFY}, Do.SEND_VERIFY), "closed_by": ({Do.CLOSE, Do.FORCE_CLOSE}, Do.REOPEN)}
"""Whose last line counts, until something takes it back."""


def _all(_: Told) -> bool:
    return True


_Rule = Callable[[Told], object]
_Cohort = Callable[[Told], datetime | None]


def _reported(told: Told) -> datetime | None:
    return None if told.state.is_self_handled or told.state.parent else told.reported


def _registered(told: Told) -> datetime | None:
    return told.registered


def _opened(told: Told) -> datetime | None:
    return told.opened


def _soon(owed: datetime | None, sent: datetime | None) -> bool:
    return owed is not None and sent is not None and sent <= owed + HALF_AN_HOUR


def _passed(owed: datetime | None, as_of: datetime) -> bool:
    return owed is not None and owed + HALF_AN_HOUR < as_of


def _to_handle(told: Told) -> bool:
    return told.dispatched is not None and told.one.case.status is not CaseStatus.GONE


def _component(told: Told) -> bool:
    return told.state.component is not None


RATIOS: Mapping[str, tuple[_Cohort, _Rule, _Rule]] = {
    "registration_rate": (_reported, lambda told: told.registered, _all),
    "registration_rate_of_accepted": (_reported, lambda told: told.registered, lambda told: told.accepted),
    "registration_rate_with_candidates": (
        lambda told: None if told.state.is_self_handled or told.state.parent else told.opened,
        lambda told: told.registered,
        _all,
    ),
    "valid_report_rate": (_reported, lambda told: told.registered and not told.voided, _all),
    "collector_valid_report_rate": (
        _reported,
        lambda told: told.registered and not told.voided,
        lambda told: told.source is CaseSource.COLLECTOR,
    ),
    "acceptance_in_time_rate": (
        _reported,
        lambda told: told.within(told.accepted, Stage.ACCEPTING, first=True),
        lambda told: told.accepted,
    ),
    "verification_true_rate": (
        _reported,
        lambda told: told.verified and told.genuine,
        lambda told: told.owed(told.verify_asked, told.verified),
    ),
    "verification_in_time_rate": (
        _reported,
        lambda told: told.within(told.verified, Stage.VERIFYING),
        lambda told: told.owed(told.verify_asked, told.verified),
    ),
    "verification_sent_in_time_rate": (
        _reported,
        lambda told: told.public and _soon(told.reported, told.verify_sent),
        lambda told: told.public and (told.verify_sent or (_passed(told.reported, told.as_of) and not told.given_up)),
    ),
    "check_sent_in_time_rate": (
        _registered,
        lambda told: _soon(told.check_asked, told.check_sent),
        lambda told: (
            told.check_asked and (told.check_sent or (_passed(told.check_asked, told.as_of) and not told.given_up))
        ),
    ),
    "duplicate_rate": (_reported, lambda told: told.merged, _all),
    "registration_in_time_rate": (
        _registered,
        lambda told: told.within(told.registered, Stage.REGISTERING, first=True),
        _all,
    ),
    "registration_accuracy": (_registered, lambda told: not told.voided, _all),
    "voiding_rate": (_registered, lambda told: told.voided, _all),
    "recurrence_rate": (_registered, lambda told: told.one.case.recurrence_of, _all),
    "dispatch_in_time_rate": (
        _registered,
        lambda told: told.within(told.dispatched, Stage.DISPATCHING, first=True),
        _all,
    ),
    "dispatch_accuracy": (_registered, lambda told: told.dispatched and not told.state.misdirected, _all),
    "handling_rate": (_registered, lambda told: told.done, _to_handle),
    "handling_in_time_rate": (_registered, lambda told: told.in_limit(), _to_handle),
    "late_rate": (_registered, lambda told: told.late(), _to_handle),
    "rework_rate": (
        _registered,
        lambda told: told.state.reworks,
        lambda told: _to_handle(told) and told.done,
    ),
    "check_in_time_rate": (
        _registered,
        lambda told: told.within(told.checked, Stage.CHECKING),
        lambda told: told.owed(told.check_asked, told.checked),
    ),
    "closing_rate": (_registered, lambda told: told.closed, lambda told: told.to_close()),
    "closing_within_limit_rate": (
        _registered,
        lambda told: told.closed and told.in_limit(),
        lambda told: told.to_close(),
    ),
    "event_closing_rate": (
        _registered,
        lambda told: told.closed,
        lambda told: told.to_close() and not _component(told),
    ),
    "component_closing_rate": (
        _registered,
        lambda told: told.closed,
        lambda told: told.to_close() and _component(told),
    ),
    "desk_closing_in_time_rate": (
        _registered,
        lambda told: told.within(told.closed, Stage.CLOSING),
        lambda told: told.closed,
    ),
    "public_verified_rate": (_registered, lambda told: told.public and told.verified and told.genuine, _all),
    "active_finding_rate": (_registered, lambda told: not told.public, _all),
    "public_report_rate": (_registered, lambda told: told.public, _all),
    "collector_share": (_registered, lambda told: told.source is CaseSource.COLLECTOR, _all),
    "scene_precision": (
        _opened,
        lambda told: told.reported,
        lambda told: told.source is CaseSource.DETECTOR and (told.reported or told.rejected),
    ),
}
"""Of each ratio: by which moment a case belongs to the period, what is hit, and of what."""


def _timed(told: Told) -> bool:
    left = told.has_left or told.gone
    return told.handled is not None and not told.state.was_suspended and not left


DURATIONS: Mapping[str, tuple[Callable[[Told], object], Callable[[Told], tuple[datetime | None, datetime | None]]]] = {
    "handling_time": (_timed, lambda told: (told.dispatched, told.handled)),
    "finding_to_handling_time": (_timed, lambda told: (told.found, told.handled)),
    "registration_to_closing_time": (lambda told: told.closed, lambda told: (told.registered, told.closed)),
}
"""Of each duration: which cases, from when to when; `…_work` counts the same in office hours."""


def recounted(cases: Sequence[Told], name: str, begin: datetime, end: datetime) -> tuple[int, int]:
    """Hits and total of a ratio."""
    moment, hit, counted = RATIOS[name]
    total = [told for told in _within(cases, moment, begin, end) if counted(told)]
    return sum(bool(hit(told)) for told in total), len(total)


def lasted(cases: Sequence[Told], name: str, begin: datetime, end: datetime) -> list[int]:
    """Seconds of each case of a duration, from the shortest."""
    counted, ends = DURATIONS[name.removesuffix("_work")]
    found = []
    for told in _within(cases, _registered, begin, end):
        start, stop = ends(told)
        if counted(told) and start is not None and stop is not None:
            worked = name.endswith("_work")
            seconds = told.counting.worked_s(start, stop) if worked else round((stop - start).total_seconds())
            found.append(max(0, seconds))
    return sorted(found)


def summed_up(seconds: Sequence[int]) -> tuple[int, float, int, int, float]:
    """How many, the mean, the median and ninth decile by nearest rank, and the share of two hours at most."""
    count = len(seconds)
    middle, tenth = seconds[ceil(count / 2) - 1], seconds[ceil(count * 0.9) - 1]
    return count, sum(seconds) / count, middle, tenth, len([one for one in seconds if one <= 7_200]) / count


def _within(
    cases: Sequence[Told], moment: Callable[[Told], datetime | None], begin: datetime, end: datetime
) -> Iterator[Told]:
    for told in cases:
        at = moment(told)
        if at is not None and begin <= at < end:
            yield told
