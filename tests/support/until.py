"""Wait for a condition with a deadline instead of sleeping for luck."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

WITHIN_S = 10.0
EVERY_S = 0.05


def until(
    condition: Callable[[], Found | None],
    *,
    within_s: float = WITHIN_S,
    every_s: float = EVERY_S,
    what: str | Callable[[], str] = "the condition",
) -> Found:
    """Poll `condition` until it returns something true, and return that.

    `what` names the thing waited for, or is called after the deadline to describe what was seen instead.
    Raises AssertionError after `within_s` seconds. An exception of the condition is not caught.
    """
    deadline = time.monotonic() + within_s
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() >= deadline:
            raise AssertionError(f"{what if isinstance(what, str) else what()}: not within {within_s:g} s")
        time.sleep(every_s)
