"""When a camera's main stream may be opened for a picture: seldom, and never so that the camera locks its account.

A camera serves few sessions, and a main stream takes a line's worth of bits: each opening is for one picture.
"""

from dataclasses import replace

from edge_agent.core.backoff import Backoff, after_failure, after_held, after_open, after_wrong_password, at_start
from protocol.messages import CameraReason

APART_S = 10.0
"""Openings are at least this far apart; what asks in between does without."""
WAIT_S = 3.0
"""A report waits no longer for its picture."""
LIKENESS_MIN = 0.4
"""Of the same view through both streams it is over 0.6, of two streets below 0.25 (drawn streets, 480p to 1080p)."""
_MIDDLE = 0.5

__all__ = ["APART_S", "LIKENESS_MIN", "WAIT_S", "after_refusal", "at_start", "gave", "may_open", "opened"]


def may_open(use: Backoff, mono_s: float) -> bool:
    """Whether the stream may be opened now."""
    return mono_s >= use.due_s


def opened(use: Backoff, mono_s: float) -> Backoff:
    """It is being opened."""
    return after_open(replace(use, due_s=mono_s + APART_S), mono_s)


def gave(use: Backoff) -> Backoff:
    """It gave its picture."""
    return after_held(use)


def after_refusal(use: Backoff, reason: CameraReason, mono_s: float) -> Backoff:
    """It gave none in time: later, and much later where the password is wrong."""
    step = after_wrong_password if reason is CameraReason.AUTH_FAILED else after_failure
    failed = step(use, mono_s, _MIDDLE)
    return replace(failed, due_s=max(failed.due_s, use.started_s + APART_S))
