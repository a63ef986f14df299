"""Whether published months still stand as they were sealed, one after another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from central.core.kpis.publishing.snapshots import Snapshot
from central.core.kpis.publishing.terms import month_name


class Fault(StrEnum):
    """What is wrong with a published month."""

    CHANGED = "changed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Link:
    """A revision as it is stored: under which month and number, and what it says."""

    month: str
    number: int
    snapshot: Snapshot

    @property
    def is_intact(self) -> bool:
        """Whether it says what was sealed, of the month and the number under which it is stored."""
        own = (month_name(self.snapshot.month), self.snapshot.revision)
        return self.snapshot.is_intact and own == (self.month, self.number)


@dataclass(frozen=True, slots=True)
class Broken:
    """A fault of a month, with the number of the revision where it shows."""

    month: str
    revision: int
    fault: Fault


def faults(links: Iterable[Link]) -> Iterator[Broken]:
    """All that is wrong; `links` by month and number. A newest revision that was taken out leaves no trace here."""
    month, expected, seal = "", 1, ""
    for link in links:
        if link.month != month:
            month, expected, seal = link.month, 1, ""
        if link.number != expected:
            yield Broken(month, expected, Fault.MISSING)
        elif not link.is_intact or link.snapshot.previous != seal:
            yield Broken(month, link.number, Fault.CHANGED)
        expected, seal = link.number + 1, link.snapshot.seal
