"""Gives facts to the cases of earlier releases, newest first, a bite at a time, while everything else goes on."""

from collections.abc import Callable

from central.core.case_machine.stages import Clockwork
from central.core.kpis import Note
from central.services.desks.facts import replay_facts
from central.stores.ports import Stores

CASES_A_STEP = 200
"""About a fifth of a second; so long others wait for the database."""


class FactKeeping:
    """Called by one thread; where it is broken off, the next one finds what is missing."""

    def __init__(self, stores: Stores, clockwork: Clockwork) -> None:
        self._stores = stores
        self._clockwork = clockwork
        self._before: int | None = None
        self._complete = False

    def is_complete(self) -> bool:
        """Whether every case has its fact; it stays so, for cases get theirs with each change. `StoreUnavailable`."""
        if not self._complete:
            with self._stores.reading() as unit:
                self._complete = unit.facts.is_complete()
        return self._complete

    def notes(self) -> tuple[Note, ...]:
        """What stands beside what is counted of facts while some lack. Raises `StoreUnavailable`."""
        return () if self.is_complete() else (Note.INCOMPLETE_FACTS,)

    def step(self) -> int:
        """Facts of the next cases; how many, 0 when there is nothing more to do. Raises `StoreUnavailable`."""
        if self.is_complete():
            return 0
        with self._stores.reading() as unit:  # looking may take long, and nobody waits for it
            found = unit.facts.missing(self._before, CASES_A_STEP)
        with self._stores.writing() as unit:
            replay_facts(unit, [case for _, case in found], self._clockwork)
        self._before = found[-1][0] if found else None
        return len(found)

    def catch_up(self, progress: Callable[[int], None] = lambda _: None) -> int:
        """All that is missing, at once; returns how many. Raises `StoreUnavailable`."""
        done = 0
        while count := self.step():
            done += count
            progress(done)
        return done
