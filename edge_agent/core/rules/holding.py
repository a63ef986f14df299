"""The clock of every scene: for how long something has held, when that is told, and when it is over.

A scene says at each look which subjects meet its condition; this module turns that into episodes. A subject's hold
begins when it is first found (or earlier, where it is known since when it stands), is certain after `seen_s`, told
after `dwell_s`, and over when it was not found for the grace gap; it then ended when it was last surely seen.
Everything is in seconds of capture time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from edge_agent.core.rules.hold import Found, Hold, Holds, Subject, Timing, beside, same_place, same_thing
from edge_agent.core.rules.sighting import Claim, Sighting, SightingPhase
from protocol.geometry import Box
from protocol.messages import EndReason

HOLDS_MAX = 256
TOLD_PLACES_MAX = 128
LINGER_S = 60.0
"""For so long after an episode its place is taken: a lost track must not tell the same under another name."""
REMEMBERED_S = 3600.0
"""For so long it is known that a subject was lost: found again, its time before that does not count."""
CERTAIN_S = 2.0
"""However long something is known to stand, it must have met the condition for so long: one look decides nothing.

Not where no share of looks is asked for."""
PEAK_GAIN, PEAK_EVERY_S = 1.1, 5.0
"""A picture of the peak is worth taking when it tops the last one by so much, and not at every look."""


def step(
    timing: Timing, holds: Holds, found: Found, claims: Sequence[Claim], now: datetime
) -> tuple[Holds, tuple[Sighting, ...]]:
    """Holds after a look, and what is to be told. `claims`: things that other rules tell, or are about to."""
    subjects = {subject.key: subject for subject in found.subjects}
    silent_until = now + timedelta(seconds=timing.silence_s)
    silent = [(box, min(until, silent_until)) for box, until in holds.told if now < min(until, silent_until)]
    ended = [(box, until) for box, until in holds.ended if until > now]
    lost = {key: found_at for key, found_at in holds.lost if (now - found_at).total_seconds() <= REMEMBERED_S}
    kept: list[Hold] = []
    told: list[Sighting] = []
    for before in (*holds.holds, *_begun(holds, subjects, lost, now, timing.severity)):
        key, is_told = before.subject.key, before.raised_at is not None
        subject = subjects.get(key)
        if subject is not None and (subject.enough or is_told):
            after, said = _found(
                timing,
                _moved_on(before, subject, now, timing.severity),
                subject,
                _taken(timing, holds, subject, silent, claims),
                now,
            )
            if after.raised_at is not None and not is_told:
                silent.append((subject.box, silent_until))
            kept.append(after)
            told += said
        elif key in found.void and not is_told:
            continue
        elif key in found.hidden:
            kept.append(before)
        elif (now - before.found_at).total_seconds() <= timing.grace_s:
            kept.append(replace(before, looks=before.looks + 1))
        else:
            lost[key] = before.found_at
            if is_told:
                told.append(_sighting(SightingPhase.ENDED, before))
                ended.append((before.subject.box, now + timedelta(seconds=LINGER_S)))
    places = tuple(silent[-TOLD_PLACES_MAX:]), tuple(ended[-TOLD_PLACES_MAX:])
    return Holds(tuple(kept), *places, tuple(lost.items())[-HOLDS_MAX:]), tuple(told)


def close(holds: Holds, reason: EndReason) -> tuple[Sighting, ...]:
    """Nobody looks any more, or it is permitted now: what was told ends when it was last surely seen."""
    return tuple(replace(_sighting(SightingPhase.ENDED, hold), end_reason=reason) for hold in holds.raised)


def interrupted(holds: Holds, silence_s: float) -> Holds:
    """What is still known when looking begins anew: which places were told, and where told things stood last.

    Each stays silent for `silence_s` from when it was told. Keys may mean other things by then and are forgotten.
    """
    silence = timedelta(seconds=silence_s)
    last = tuple((hold.subject.box, hold.raised_at + silence) for hold in holds.holds if hold.raised_at is not None)
    return Holds(told=(*holds.told, *last)[-TOLD_PLACES_MAX:])


def _begun(
    holds: Holds, subjects: Mapping[int, Subject], lost: Mapping[int, datetime], now: datetime, severity: int
) -> list[Hold]:
    known = {hold.subject.key for hold in holds.holds}
    fresh = [
        _since_found_again(subject, lost.get(key))
        for key, subject in subjects.items()
        if subject.enough and key not in known
    ]
    return [_begin(subject, now, severity) for subject in fresh[: max(0, HOLDS_MAX - len(known))]]


def _since_found_again(subject: Subject, lost_at: datetime | None) -> Subject:
    """The subject; nothing of the time before it was lost counts, wherever it stood."""
    if lost_at is None or subject.since is None or subject.since > lost_at:
        return subject
    return replace(subject, since=None)


def _begin(subject: Subject, now: datetime, severity: int) -> Hold:
    started_at = min(subject.since or now, now)
    return Hold(subject, subject.box, started_at, now, now, now, 0, 0, severity, subject, now)


def _moved_on(hold: Hold, subject: Subject, now: datetime, severity: int) -> Hold:
    """The hold, or a new one where the subject has come to stand at another place since it was last found."""
    if hold.raised_at is not None or subject.since is None or subject.since <= hold.found_at:
        return hold
    return hold if same_place(hold.first_box, subject.box) else _begin(subject, now, severity)


@dataclass(frozen=True, slots=True)
class _Taken:
    """Places that this rule has told lately, its other episodes that go on, and what the other rules say."""

    silent: Sequence[Box]
    going_on: Sequence[Box]
    claims: Sequence[Claim]
    in_pieces: bool

    def told_elsewhere(self, box: Box) -> bool:
        """Whether another rule tells the thing."""
        return any(claim.told and same_thing(claim, box) for claim in self.claims)

    def bars(self, box: Box) -> bool:
        """Whether the thing is not to be told now."""
        return (
            any(same_place(place, box) for place in (*self.silent, *self.going_on))
            or (self.in_pieces and any(beside(place, box) for place in self.going_on))
            or any(same_thing(claim, box) for claim in self.claims)
        )


def _taken(
    timing: Timing, holds: Holds, subject: Subject, silent: Sequence[tuple[Box, datetime]], claims: Sequence[Claim]
) -> _Taken:
    """What bars a subject: what stands at this rule's other episodes, that go on or are just over, is part of them.

    What other rules told before it came is not about it.
    """
    told, going_on = [box for box, _ in silent], list[Box]()
    if timing.silence_s:
        told += [box for box, _ in holds.ended]
        going_on += [hold.subject.box for hold in holds.raised if hold.subject.key != subject.key]
    about = [claim for claim in claims if not (subject.came and claim.over)]
    return _Taken(told, going_on, about, timing.in_pieces)


def _found(timing: Timing, hold: Hold, subject: Subject, taken: _Taken, now: datetime) -> tuple[Hold, list[Sighting]]:
    entered = hold.looks == 0
    after = replace(
        hold,
        subject=replace(subject, score=max(subject.score, hold.subject.score)),
        started_at=_start(hold, subject, now),
        found_at=max(subject.seen_at or now, hold.found_at if hold.looks else hold.started_at),
        sure_at=max(subject.sure_at or now, hold.sure_at if hold.looks else hold.started_at),
        looks=hold.looks + 1,
        seen_looks=hold.seen_looks + 1,
        elsewhere=hold.elsewhere or (hold.raised_at is None and taken.told_elsewhere(subject.box)),
    )
    told = [_sighting(SightingPhase.ENTERED, after)] if entered else []
    certain = not timing.held_share or (now - after.begun_at).total_seconds() >= min(CERTAIN_S, timing.dwell_s)
    held = certain and after.held_share >= timing.held_share and after.subject.score >= timing.score_min
    if after.certain_at is None and held and after.dwell_s >= timing.seen_s:
        after = replace(after, certain_at=now)
    if _tops(after, subject, now):
        after = replace(after, peak=subject, peak_at=now)
        told.append(_sighting(SightingPhase.PEAKED, after))
    severity = severity_of(timing, after)
    if after.raised_at is None:
        fresh = (now - after.found_at).total_seconds() <= timing.fresh_s
        due = held and fresh and after.dwell_s >= timing.dwell_s
        if due and not after.elsewhere and not taken.bars(subject.box):
            after = replace(
                after, raised_at=now, sure_at=after.found_at, certain_at=after.certain_at or now, severity=severity
            )
            told.append(_sighting(SightingPhase.RAISED, after))
    elif severity > after.severity:
        after = replace(after, severity=severity)
        told.append(_sighting(SightingPhase.ESCALATED, after))
    return after, told


def _start(hold: Hold, subject: Subject, now: datetime) -> datetime:
    """Since when it holds: until that is certain a single look may be wrong about a group, and tell it too early."""
    if hold.certain_at is not None or subject.since is None:
        return hold.started_at
    return max(hold.started_at, min(subject.since, now))


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


def _sighting(phase: SightingPhase, hold: Hold) -> Sighting:
    most = max((hold.peak, hold.subject), key=lambda one: one.weight)
    return Sighting(
        phase=phase,
        key=hold.subject.key,
        started_at=hold.started_at,
        certain_at=hold.certain_at,
        raised_at=hold.raised_at,
        last_seen_at=hold.sure_at if phase is SightingPhase.ENDED else hold.found_at,
        label=hold.subject.label,
        score=hold.subject.score,
        box=hold.subject.box,
        severity=hold.severity,
        held_share=hold.held_share,
        count=most.count,
        area_share=most.area_share,
    )
