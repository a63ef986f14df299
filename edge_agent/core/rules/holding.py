"""The clock of every scene: for how long something has held, when that is told, and when it is over.

A scene says at each look which subjects meet its condition; this module turns that into episodes. A subject's hold
begins when it is first found (or earlier, where it is known since when it stands), is certain after `seen_s`, told
after `dwell_s`, and over when it was not found for the grace gap; it then ended when it was last found. Everything is
in seconds of capture time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from edge_agent.core.rules.sighting import Claim, Sighting, SightingPhase
from edge_agent.core.zones import overlap_of_smaller
from protocol.geometry import Box
from protocol.messages import EndReason
from protocol.scene_rules import SeverityStep

HOLDS_MAX = 256
TOLD_PLACES_MAX = 128
SAME_PLACE_SHARE = 0.5
PEAK_GAIN, PEAK_EVERY_S = 1.1, 5.0
"""A picture of the peak is worth taking when it tops the last one by so much, and not at every look."""


@dataclass(frozen=True, slots=True)
class Timing:
    """The durations of a rule, already stretched to the camera's cadence where that is slow."""

    dwell_s: float
    grace_s: float
    held_share: float
    silence_s: float
    seen_s: float
    severity: int
    steps: tuple[SeverityStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that meets a scene's condition now; `since`: where it is known from when on it stood there."""

    key: int
    label: str
    score: float
    box: Box
    since: datetime | None = None
    count: int | None = None
    area_share: float | None = None

    @property
    def weight(self) -> float:
        """By what the peak is chosen: how many, how much, else how surely it is seen."""
        return float(self.count or self.area_share or self.score)


@dataclass(frozen=True, slots=True)
class Found:
    """A scene's answer to a look; `hidden` are keys of subjects that cannot be seen now and are not known gone."""

    subjects: tuple[Subject, ...] = ()
    hidden: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Hold:
    """One subject's episode so far. `looks` counts looks since the start, `seen_looks` those that found it."""

    subject: Subject
    started_at: datetime
    found_at: datetime
    looks: int
    seen_looks: int
    severity: int
    peak: Subject
    peak_at: datetime
    seen_at: datetime | None = None
    raised_at: datetime | None = None

    @property
    def dwell_s(self) -> float:
        """Last found minus start."""
        return (self.found_at - self.started_at).total_seconds()

    @property
    def held_share(self) -> float:
        """Share of the looks that found it."""
        return self.seen_looks / self.looks


@dataclass(frozen=True, slots=True)
class Holds:
    """Holds in progress, oldest first, and the places that were told and stay silent until their time."""

    holds: tuple[Hold, ...] = ()
    told: tuple[tuple[Box, datetime], ...] = ()

    @property
    def raised(self) -> tuple[Hold, ...]:
        """Those that were told and go on."""
        return tuple(hold for hold in self.holds if hold.raised_at is not None)


def step(
    timing: Timing, holds: Holds, found: Found, claims: Iterable[Claim], now: datetime
) -> tuple[Holds, tuple[Sighting, ...]]:
    """Holds after a look, and what is to be told. `claims`: things that other rules tell already."""
    subjects = {subject.key: subject for subject in found.subjects}
    silent = tuple((box, until) for box, until in holds.told if until > now)
    taken = [claim.box for claim in claims]
    kept: list[Hold] = []
    told: list[Sighting] = []
    for hold in (*holds.holds, *_begun(holds, subjects, timing, now)):
        subject = subjects.get(hold.subject.key)
        if subject is not None:
            after, said = _found(timing, hold, subject, (*(box for box, _ in silent), *taken), now)
            if after.raised_at is not None and hold.raised_at is None:
                silent = (*silent, (after.subject.box, now + timedelta(seconds=timing.silence_s)))
            kept.append(after)
            told += said
        elif hold.subject.key in found.hidden:
            kept.append(hold)
        elif (now - hold.found_at).total_seconds() <= timing.grace_s:
            kept.append(replace(hold, looks=hold.looks + 1))
        elif hold.raised_at is not None:
            told.append(_sighting(SightingPhase.ENDED, hold))
    return Holds(tuple(kept), silent[-TOLD_PLACES_MAX:]), tuple(told)


def close(holds: Holds, reason: EndReason) -> tuple[Sighting, ...]:
    """Nobody looks any more, or it is permitted now: what was told ends when it was last found."""
    return tuple(replace(_sighting(SightingPhase.ENDED, hold), end_reason=reason) for hold in holds.raised)


def _begun(holds: Holds, subjects: Mapping[int, Subject], timing: Timing, now: datetime) -> list[Hold]:
    known = {hold.subject.key for hold in holds.holds}
    fresh = [subject for key, subject in subjects.items() if key not in known][: max(0, HOLDS_MAX - len(known))]
    return [
        Hold(subject, min(subject.since or now, now), now, 0, 0, timing.severity, subject, now) for subject in fresh
    ]


def _found(
    timing: Timing, hold: Hold, subject: Subject, taken: tuple[Box, ...], now: datetime
) -> tuple[Hold, list[Sighting]]:
    entered = hold.looks == 0
    after = replace(
        hold,
        subject=replace(subject, score=max(subject.score, hold.subject.score)),
        found_at=now,
        looks=hold.looks + 1,
        seen_looks=hold.seen_looks + 1,
    )
    told = [_sighting(SightingPhase.ENTERED, after)] if entered else []
    held = after.held_share >= timing.held_share
    if after.seen_at is None and held and after.dwell_s >= timing.seen_s:
        after = replace(after, seen_at=now)
    if _tops(after, subject, now):
        after = replace(after, peak=subject, peak_at=now)
        told.append(_sighting(SightingPhase.PEAKED, after))
    severity = severity_of(timing, after)
    if after.raised_at is None:
        if held and after.dwell_s >= timing.dwell_s and not any(same_place(box, subject.box) for box in taken):
            after = replace(after, raised_at=now, seen_at=after.seen_at or now, severity=severity)
            told.append(_sighting(SightingPhase.RAISED, after))
    elif severity > after.severity:
        after = replace(after, severity=severity)
        told.append(_sighting(SightingPhase.ESCALATED, after))
    return after, told


def _tops(hold: Hold, subject: Subject, now: datetime) -> bool:
    higher = subject.weight > PEAK_GAIN * hold.peak.weight
    return higher and (now - hold.peak_at).total_seconds() >= PEAK_EVERY_S


def severity_of(timing: Timing, hold: Hold) -> int:
    """How severe a hold is by the rule's steps."""
    count = hold.subject.count or 0
    reached = [
        step.severity
        for step in timing.steps
        if (step.after_s is None or hold.dwell_s >= step.after_s) and (step.count is None or count >= step.count)
    ]
    return max([timing.severity, *reached])


def same_place(box: Box, other: Box) -> bool:
    """Whether two boxes are about one thing: half of the smaller lies in the other."""
    return overlap_of_smaller(box, other) >= SAME_PLACE_SHARE


def _sighting(phase: SightingPhase, hold: Hold) -> Sighting:
    most = max((hold.peak, hold.subject), key=lambda one: one.weight)
    return Sighting(
        phase=phase,
        key=hold.subject.key,
        started_at=hold.started_at,
        seen_at=hold.seen_at,
        raised_at=hold.raised_at,
        last_seen_at=hold.found_at,
        label=hold.subject.label,
        score=hold.subject.score,
        box=hold.subject.box,
        severity=hold.severity,
        held_share=hold.held_share,
        count=most.count,
        area_share=most.area_share,
    )
