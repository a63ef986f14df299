"""When a stream is opened again: at once (`AT_ONCE_S`), then after 1, 2, 4 ... `STEP_S_MAX` seconds, with jitter.

A random draw spreads each step from its half to its one and a half, so that the mean of the longest stays a minute: a
camera that is dead for a day costs fewer than 1,500 attempts. A wrong password is special, because cameras lock
accounts: at most `AUTH_OPENS_MAX` opens in `AUTH_WINDOW_S`, whatever asks for more.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

AT_ONCE_S = 0.25
"""A killed server needs a moment to close its port; before that it accepts and hangs up."""
STEP_S_MIN = 1.0
STEP_S_MAX = 60.0
STEPS_MAX = 16
AUTH_RETRY_S = 200.0
AUTH_WINDOW_S = 601.0
"""Ten minutes, and a second so that the fifth open never falls on the last moment of the tenth."""
AUTH_OPENS_MAX = 4
OPENING_PER_HOST_MAX = 4


@dataclass(frozen=True, slots=True)
class Backoff:
    """`fruitless`: attempts since frames were last held; `due_s`: monotonic time of the next one; `attempt` counts all.

    `refused_logins_s`: when the last attempts were started that ended with a wrong password.
    """

    due_s: float
    fruitless: int = 0
    attempt: int = 0
    started_s: float = 0.0
    refused_logins_s: tuple[float, ...] = ()


def at_start(mono_s: float) -> Backoff:
    """The first attempt is due at once; it already counts as the one that is made at once."""
    return Backoff(due_s=mono_s, fruitless=1)


def after_open(backoff: Backoff, mono_s: float) -> Backoff:
    """An attempt begins."""
    return replace(backoff, attempt=backoff.attempt + 1, started_s=mono_s)


def after_failure(backoff: Backoff, mono_s: float, draw: float) -> Backoff:
    """The attempt failed or its stream ended; `draw` in 0..1 spreads the next one."""
    waited_s = _step_s(backoff.fruitless) * (0.5 + draw)
    return replace(backoff, fruitless=min(backoff.fruitless + 1, STEPS_MAX), due_s=mono_s + waited_s)


def after_wrong_password(backoff: Backoff, mono_s: float, draw: float) -> Backoff:
    """The camera refused the password: slowly now, and never faster than the window allows."""
    logins = (*backoff.refused_logins_s, backoff.started_s)[-AUTH_OPENS_MAX:]
    failed = after_failure(replace(backoff, refused_logins_s=logins), mono_s, draw)
    due_s = max(failed.due_s, mono_s + AUTH_RETRY_S * (1 + 0.25 * draw), _login_allowed_s(failed))
    return replace(failed, due_s=due_s)


def after_held(backoff: Backoff) -> Backoff:
    """Frames have been held for a while: the next failure begins at the beginning."""
    return replace(backoff, fruitless=0, refused_logins_s=())


def retry_now(backoff: Backoff, mono_s: float) -> Backoff:
    """Somebody asks for an attempt now; a wrong password still has its window."""
    return replace(backoff, due_s=max(mono_s, _login_allowed_s(backoff)))


def may_open(host: str, opening_hosts: Collection[str]) -> bool:
    """Whether one more stream of `host` may be opened while `opening_hosts` (one entry each) are being opened."""
    return sum(1 for other in opening_hosts if other == host) < OPENING_PER_HOST_MAX


def _step_s(fruitless: int) -> float:
    return AT_ONCE_S if fruitless == 0 else min(STEP_S_MAX, STEP_S_MIN * 2 ** (fruitless - 1))


def _login_allowed_s(backoff: Backoff) -> float:
    if len(backoff.refused_logins_s) < AUTH_OPENS_MAX:
        return 0.0
    return backoff.refused_logins_s[0] + AUTH_WINDOW_S
