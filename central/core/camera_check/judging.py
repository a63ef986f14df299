"""From looks to a verdict: each condition by itself, then what they say together."""

from collections.abc import Callable
from datetime import datetime, timedelta

from central.core.camera_check.terms import CheckTerms
from central.core.camera_check.values import CameraCheck, Circumstances, Condition, Look, Point, Verdict
from central.core.case_machine import CameraWord
from central.core.cases.casefile import Episode
from protocol.messages import EndReason, Presence

LEFT_BEFORE, UNKNOWN = "left_before", "unknown"
"""Words of `SEEN_WHEN_TAKEN`: the box saw it leave before, or nobody knows."""


def judged(check: CameraCheck, facts: Circumstances, now: datetime) -> Verdict | None:
    """The verdict, None while further looks may still bring one."""
    run, points = counted(check, facts), _points(check, facts)
    failed = {point.condition: point for point in points if not point.holds}
    is_seen = bool(run) and run[-1].presence is Presence.PRESENT
    if not failed:
        return _verdict(CameraWord.CLEAR, run, points, now, is_proven=True)
    if failed.keys() == {Condition.SEEN_WHEN_TAKEN}:
        has_left = failed[Condition.SEEN_WHEN_TAKEN].word == LEFT_BEFORE
        word = CameraWord.GONE_BEFORE if has_left else CameraWord.CANNOT_TELL
        return _verdict(word, run, points, now, is_proven=has_left)
    if is_seen and not failed.keys() & _MUST_HOLD_TO_FAIL:
        return _verdict(CameraWord.STILL_THERE, run, points, now, is_proven=True)
    if Condition.ASKABLE in failed or (check.running is None and is_hopeless(check, facts, now)):
        # Seen in a poor picture is no proof, but nobody shall pass it without a reason.
        word = CameraWord.STILL_THERE if is_seen else CameraWord.CANNOT_TELL
        return _verdict(word, run, points, now, is_proven=False)
    return None


def is_hopeless(check: CameraCheck, facts: Circumstances, now: datetime) -> bool:
    """Whether a person has to check: time is over, or no run of clear looks has begun in time and none can any more."""
    if now >= check.ends_at:
        return True
    run = counted(check, facts)
    began_at = run[0].began_at if run and all(is_clear(look, check.terms, facts) for look in run) else None
    return now > check.latest_start_at and (began_at is None or began_at > check.latest_start_at)


def is_clear(look: Look, terms: CheckTerms, facts: Circumstances) -> bool:
    """Whether a look shows the place free, in a picture that can be trusted."""
    return look.presence is Presence.GONE and all(point.holds for point in _picture_points((look,), terms, facts))


def counted(check: CameraCheck, facts: Circumstances) -> tuple[Look, ...]:
    """The looks that the verdict rests on: the newest that say the same one after the other, else the newest alone."""
    answered = [look for look in check.looks if look.finding is not None]
    if not answered:
        return ()
    last = answered[-1]
    if last.presence is Presence.PRESENT:
        return _trailing(answered, lambda look: look.presence is Presence.PRESENT)
    return _trailing(answered, lambda look: is_clear(look, check.terms, facts)) or (last,)


def _trailing(looks: list[Look], belongs: Callable[[Look], bool]) -> tuple[Look, ...]:
    start = len(looks)
    while start and belongs(looks[start - 1]):
        start -= 1
    return tuple(looks[start:])


_MUST_HOLD_TO_FAIL = {
    Condition.FRAMES, Condition.OBSERVED, Condition.HEALTHY, Condition.ON_PRESET, Condition.LIT, Condition.PICTURED,
}  # fmt: skip
"""Who says that it is still there must have seen it as well as who says that it is gone."""


def _points(check: CameraCheck, facts: Circumstances) -> tuple[Point, ...]:
    if facts.obstacle is not None:
        return (Point(Condition.ASKABLE, holds=False, word=facts.obstacle),)
    run, terms = counted(check, facts), check.terms
    askable = Point(Condition.ASKABLE, holds=True)
    if not run:
        failures = [look.failure for look in check.looks if look.failure]
        return askable, Point(
            Condition.ANSWERED, holds=False, seen=len(failures), word=failures[-1] if failures else ""
        )
    clear_s = sum(look.length_s for look in run if look.presence is Presence.GONE)
    began_at = run[0].began_at or run[0].asked_at
    after_s = (began_at - check.handled_at).total_seconds()
    frames = sum(look.finding.looks for look in run if look.finding is not None)
    return (
        askable,
        Point(Condition.ANSWERED, holds=True, seen=len(run)),
        Point(Condition.CLEAR, holds=run[-1].presence is Presence.GONE, word=str(run[-1].presence or "")),
        Point(Condition.IN_TIME, began_at <= check.latest_start_at, max(0.0, after_s), terms.within_s),
        Point(Condition.LASTING, clear_s >= terms.clear_s, clear_s, terms.clear_s),
        Point(Condition.FRAMES, frames >= terms.frames_min, frames, terms.frames_min),
        *_picture_points(run, terms, facts),
        Point(Condition.OVER, holds=all(one.ended_at is not None for one in facts.episodes)),
        _seen_when_taken(check.taken_at, facts.episodes),
        Point(Condition.PICTURED, holds=any(look.pictures for look in run)),
    )


def _picture_points(run: tuple[Look, ...], terms: CheckTerms, facts: Circumstances) -> tuple[Point, ...]:
    findings = [look.finding for look in run if look.finding is not None]
    faults = [finding.picture_health for finding in findings if finding.picture_health is not None]
    away = facts.is_dome and not all(finding.on_preset for finding in findings)
    lights = [finding.light for finding in findings]
    known = [light for light in lights if light is not None]
    darkest = min(known) if known and len(known) == len(lights) else None
    share = observed_share(run)
    return (
        Point(Condition.OBSERVED, share >= terms.observed_share_min, share, terms.observed_share_min),
        Point(Condition.HEALTHY, holds=not faults, word=str(faults[-1]) if faults else ""),
        Point(Condition.ON_PRESET, holds=not away, word="dome" if facts.is_dome else "fixed"),
        Point(Condition.LIT, darkest is not None and darkest >= terms.light_min, darkest, terms.light_min),
    )


def observed_share(run: tuple[Look, ...]) -> float:
    """Share of the time of these looks for which the place could be seen."""
    lasted_s = sum(look.length_s for look in run)
    seen_s = sum(look.length_s * look.finding.observed_share for look in run if look.finding is not None)
    return seen_s / lasted_s if lasted_s else 0.0


def _seen_when_taken(taken_at: datetime | None, episodes: tuple[Episode, ...]) -> Point:
    """Whether there was still something to handle when the unit took the case."""
    if taken_at is None or not episodes:
        return Point(Condition.SEEN_WHEN_TAKEN, holds=False, word=UNKNOWN)
    if any(one.ended_at is None or one.ended_at >= taken_at for one in episodes):
        return Point(Condition.SEEN_WHEN_TAKEN, holds=True)
    has_left = all(one.end_reason is EndReason.LEFT for one in episodes)
    last = max(one.ended_at for one in episodes if one.ended_at is not None)
    before_s = (taken_at - last) / timedelta(seconds=1)
    return Point(Condition.SEEN_WHEN_TAKEN, holds=False, seen=before_s, word=LEFT_BEFORE if has_left else UNKNOWN)


def _verdict(
    word: CameraWord, run: tuple[Look, ...], points: tuple[Point, ...], now: datetime, *, is_proven: bool
) -> Verdict:
    return Verdict(
        word,
        now,
        points,
        is_proven,
        looked_s=sum(look.length_s for look in run),
        clear_s=sum(look.length_s for look in run if look.presence is Presence.GONE),
        frames=sum(look.finding.looks for look in run if look.finding is not None),
        observed_share=round(observed_share(run), 3),
        pictures=tuple(dict.fromkeys(picture.sha256 for look in run for picture in look.pictures)),
    )
