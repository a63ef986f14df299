"""The two clocks of the agent as one value. Only the composition root makes one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """`now` gives aware UTC wall time, which may jump; `mono_s` gives seconds that never go back.

    Both must be picklable: worker processes get a copy.
    """

    now: Callable[[], datetime]
    mono_s: Callable[[], float]
