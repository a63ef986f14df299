"""What a check does next: look, wait, or give its word. Every check ends."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from central.core.camera_check.judging import counted, is_clear, judged
from central.core.camera_check.terms import LOOKS_MAX
from central.core.camera_check.values import CameraCheck, Circumstances, Verdict
from central.core.fleet.devices import ANSWER_S

UPLOAD_S = 45.0
"""After the look its pictures travel: a command is done when central has them."""
OVERDUE_S = 5.0


@dataclass(frozen=True, slots=True)
class Ask:
    """Look now, for `seconds`; the command's deadline is `timeout_s` from now."""

    seconds: float
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do before `until`, unless the box answers."""

    until: datetime


def next_step(check: CameraCheck, facts: Circumstances, now: datetime) -> Verdict | Ask | Wait:
    """The next step of a check that is not over. Looks that got no answer in time are expected to be noted already."""
    verdict = judged(check, facts, now)
    if verdict is not None:
        return verdict
    running = check.running
    if running is not None:
        patience_s = check.terms.look_s + UPLOAD_S + ANSWER_S + OVERDUE_S
        return Wait(running.asked_at + timedelta(seconds=patience_s))
    if len(check.looks) >= LOOKS_MAX:
        return _given_up(check, facts, now)
    return _pause(check, facts, now) or Ask(check.terms.look_s, check.terms.look_s + UPLOAD_S)


def _pause(check: CameraCheck, facts: Circumstances, now: datetime) -> Wait | None:
    """A run of clear looks goes on at once; whatever else the last look was, the next one waits a little."""
    if not check.looks:
        return None
    last = check.looks[-1]
    run = counted(check, facts)
    needs_more = sum(look.length_s for look in run) < check.terms.clear_s
    if last.finding is not None and is_clear(last, check.terms, facts) and needs_more:
        return None
    again_at = (last.ended_at or last.asked_at) + timedelta(seconds=check.terms.every_s)
    return Wait(min(again_at, check.ends_at)) if now < min(again_at, check.ends_at) else None


def _given_up(check: CameraCheck, facts: Circumstances, now: datetime) -> Verdict:
    ended = replace(check, due_at=now)
    verdict = judged(ended, facts, now)
    assert verdict is not None  # noqa: S101 - a check whose time is over has one
    return verdict
