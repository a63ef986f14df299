"""One visit of one person: who looks, in which language and zone, and where times are put into words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from central.core.clock import Clock
from central.core.values import Actor
from central.settings.texts import Texts
from central.web.wording import clock_time, full_time, short_time


@dataclass(frozen=True, slots=True)
class Visit:
    """What every panel of a page needs to speak to its person.

    `current` reads who the visitor is now, None once they may not look any more; it asks the database.
    """

    actor: Actor
    current: Callable[[], Actor | None]
    texts: Texts
    zone: tzinfo
    clock: Clock

    def say(self, key: str, **values: object) -> str:
        """A text in the person's language."""
        return self.texts.say(key, **values)

    def word(self, group: str, code: str | None) -> str:
        """A code's word in the person's language."""
        return self.texts.word(group, code)

    def short(self, at: datetime) -> str:
        """A time as short as today allows."""
        return short_time(at, self.clock.now(), self.zone)

    def full(self, at: datetime) -> str:
        """Date and time to the second."""
        return full_time(at, self.zone)

    def time_of_day(self, at: datetime) -> str:
        """Time of day to the second."""
        return clock_time(at, self.zone)
