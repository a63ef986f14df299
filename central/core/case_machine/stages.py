"""The clock of each stage of a case: when it began, what held it, how much of its limit was used."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from central.core.case_machine.state import CaseState, StageLimit
from central.core.case_machine.words import STAGES, CaseStatus, Stage
from central.core.clocks import (
    CHINA,
    Calendar,
    Deadline,
    Limit,
    LimitUnit,
    Pause,
    Terms,
    TimeSystem,
    due,
    used_s,
)
from central.core.clocks.time_systems import BUILT_IN

_QUARTER, _HALF = (Limit(Decimal(hours), LimitUnit.URGENT_HOURS) for hours in ("0.25", "0.5"))


STAGE_LIMITS: Mapping[Stage, StageLimit] = {
    Stage.ACCEPTING: StageLimit(_QUARTER),
    Stage.VERIFYING: StageLimit(_HALF),
    Stage.REGISTERING: StageLimit(_QUARTER),
    Stage.DISPATCHING: StageLimit(_QUARTER),
    Stage.HANDLING: StageLimit(Limit(Decimal(1), LimitUnit.WORKING_DAYS)),
    Stage.CHECKING: StageLimit(_HALF),
    Stage.CLOSING: StageLimit(_QUARTER),
}
"""受理 and 派遣 15 min, 核实 and 核查 30 min, continuous [YUNCHENG, EGOVA]; 立案 and 结案 15 min are our proposal.

Handling has the limit of its standard; one working day stands where a case was registered without one.
"""


SENDING_LIMITS: Mapping[Stage, StageLimit] = {Stage.VERIFYING: StageLimit(_HALF), Stage.CHECKING: StageLimit(_HALF)}
"""How soon a task of a collector is sent out: 发核实 and 发核查 30 min, continuous [EGOVA]."""


@dataclass(frozen=True, slots=True)
class Clockwork:
    """What limits are counted by: time systems by name, calendars by version; `calendar` is the one for new cases.

    `sending`: how soon tasks of these stages are sent out after they are owed.
    """

    systems: Mapping[str, TimeSystem]
    calendars: Mapping[str, Calendar]
    calendar: str
    sending: Mapping[Stage, StageLimit] = field(default_factory=lambda: SENDING_LIMITS)

    def terms(self, limit: StageLimit, calendar: str) -> Terms:
        """The terms of a run; `KeyError` names a time system that is not here any more.

        A calendar that is not here any more is stood in for by the one for new cases, which the terms tell.
        """
        known = self.calendars.get(calendar)
        instead_of = calendar if known is None else ""
        return Terms(limit.limit, self.systems[limit.system], known or self.calendars[self.calendar], instead_of)


BUILT_IN_CLOCKWORK = Clockwork(BUILT_IN, {CHINA.version: CHINA}, CHINA.version)


@dataclass(frozen=True, slots=True)
class Timing:
    """How long each stage may take, and by what that is counted."""

    limits: Mapping[Stage, StageLimit]
    clockwork: Clockwork


BUILT_IN_TIMING = Timing(STAGE_LIMITS, BUILT_IN_CLOCKWORK)


@dataclass(frozen=True, slots=True)
class StageRun:
    """One time that a case spent in a stage. `calendar` is the version it began under; `ended_at` None: it runs."""

    stage: Stage
    began_at: datetime
    limit: StageLimit
    calendar: str
    pauses: tuple[Pause, ...] = ()
    extensions: int = 0
    ended_at: datetime | None = None

    @property
    def is_paused(self) -> bool:
        """Whether a pause without an end holds it."""
        return bool(self.pauses) and self.pauses[-1].end is None

    def deadline(self, clockwork: Clockwork) -> Deadline:
        """When it is due, and why."""
        return due(self.began_at, clockwork.terms(self.limit, self.calendar), self.pauses, self.extensions)

    def used_s(self, now: datetime, clockwork: Clockwork) -> float:
        """Seconds of its own time so far, or when it ended."""
        terms = clockwork.terms(self.limit, self.calendar)
        return used_s(self.began_at, self.ended_at or now, terms, self.pauses)

    def limit_s(self, clockwork: Clockwork) -> float:
        """Seconds that it may take, extensions included."""
        return clockwork.terms(self.limit, self.calendar).limit_s * (1 + self.extensions)

    def is_overtime(self, now: datetime, clockwork: Clockwork) -> bool:
        """Whether more was used than the limit."""
        return self.used_s(now, clockwork) > self.limit_s(clockwork)


Runs = tuple[StageRun, ...]


def timed(
    runs: Runs, before: CaseState | None, after: CaseState, now: datetime, timing: Timing
) -> tuple[CaseState, Runs]:
    """The case and its runs after a transition, with the handling's due time as long as that runs."""
    moved = clocked(runs, before, after, now, timing.limits, timing.clockwork)
    handling = [run for run in moved if run.stage is Stage.HANDLING and run.ended_at is None]
    return replace(after, due_at=handling[-1].deadline(timing.clockwork).due if handling else None), moved


def clocked(  # noqa: PLR0913, PLR0917 - a transition is from, to, when and by what
    runs: Runs,
    before: CaseState | None,
    after: CaseState,
    now: datetime,
    limits: Mapping[Stage, StageLimit],
    clockwork: Clockwork,
) -> Runs:
    """The runs after a transition; `before` is None when the case begins.

    核实 holds the acceptor's clock, 挂账 and a merge hold whichever runs; each dispatch begins the handling anew, with
    the limit of the standard that the case is registered under.
    """
    if after.standard is not None:
        limits = {**limits, Stage.HANDLING: after.standard.limit}
    if _is_held(after.status):
        return _paused(runs, now)
    if before is not None and _is_held(before.status):
        runs = _resumed(runs, now)
    if before is not None and after.extensions > before.extensions:
        runs = tuple(replace(run, extensions=run.extensions + 1) if run.ended_at is None else run for run in runs)
    stage, running = STAGES.get(after.status), {run.stage for run in runs if run.ended_at is None}
    if stage is Stage.VERIFYING:
        held = _paused(runs, now, but=stage)
        return held if stage in running else (*held, _begun(stage, now, limits, clockwork))
    if Stage.VERIFYING in running and stage is Stage.ACCEPTING:
        return _resumed(_ended(runs, now, Stage.VERIFYING), now)
    if stage in running:
        return runs
    ended = _ended(runs, now)
    return ended if stage is None else (*ended, _begun(stage, now, limits, clockwork))


def _is_held(status: CaseStatus) -> bool:
    return status in {CaseStatus.SUSPENDED, CaseStatus.MERGED}


def _begun(stage: Stage, now: datetime, limits: Mapping[Stage, StageLimit], clockwork: Clockwork) -> StageRun:
    return StageRun(stage, now, limits[stage], clockwork.calendar)


def _ended(runs: Runs, now: datetime, only: Stage | None = None) -> Runs:
    """Those that run end now; a pause that holds one ends with it."""
    return tuple(
        replace(_unpaused(run, now), ended_at=now) if run.ended_at is None and only in {None, run.stage} else run
        for run in runs
    )


def _paused(runs: Runs, now: datetime, but: Stage | None = None) -> Runs:
    return tuple(
        replace(run, pauses=(*run.pauses, Pause(now)))
        if run.ended_at is None and not run.is_paused and run.stage is not but
        else run
        for run in runs
    )


def _resumed(runs: Runs, now: datetime) -> Runs:
    return tuple(_unpaused(run, now) if run.ended_at is None else run for run in runs)


def _unpaused(run: StageRun, now: datetime) -> StageRun:
    if not run.is_paused:
        return run
    return replace(run, pauses=(*run.pauses[:-1], Pause(run.pauses[-1].begin, max(now, run.pauses[-1].begin))))


__all__ = [
    "BUILT_IN_CLOCKWORK",
    "BUILT_IN_TIMING",
    "SENDING_LIMITS",
    "STAGE_LIMITS",
    "Clockwork",
    "Runs",
    "StageLimit",
    "StageRun",
    "Timing",
    "clocked",
    "timed",
]
