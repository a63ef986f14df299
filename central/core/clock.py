"""Time as central's shells get it: two callables that `app.py` makes from the machine's clocks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """`now()` is the aware UTC time; `mono_s()` are seconds that only grow, for liveness and waiting."""

    now: Callable[[], datetime]
    mono_s: Callable[[], float]
