"""One entry of a register, and which of its versions stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import pairwise

from central.core.values import derived_id


class Register(StrEnum):
    """Which register: who sits where when, what was done outside, who lives where, what collectors have to find."""

    ROSTER = "roster"
    OUTSIDE_CASES = "outside_cases"
    POPULATION = "population"
    INSPECTION_DUTY = "inspection_duty"


@dataclass(frozen=True, slots=True)
class Written:
    """What an entry says. `row`: where it stood in a file, 0 where in none.

    Roster: `subject` is the seat, `party` the person. Outside cases: of a month, `amount` cases. Population: `subject`
    is the community, `amount` people in a year. Inspection duty: `subject` is a class (`04-01`, or `04` for all of it),
    `party` a grid or what grid codes begin with. Moments are kept in UTC.
    """

    register: Register
    subject: str
    party: str
    starts_at: datetime
    ends_at: datetime
    amount: int = 0
    source: str = ""
    row: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts_at", self.starts_at.astimezone(UTC))
        object.__setattr__(self, "ends_at", self.ends_at.astimezone(UTC))

    @property
    def key(self) -> str:
        """What another version of the same entry has too: all but the end, the amount and the source."""
        return derived_id("rg", self.register, self.subject, self.party, self.starts_at.isoformat())

    @property
    def said(self) -> tuple[object, ...]:
        """What may change from version to version."""
        return (self.ends_at, self.amount, self.source)


@dataclass(frozen=True, slots=True)
class Entry:
    """A version of an entry as it was noted; versions are only added. A withdrawn one repeats what it takes back."""

    written: Written
    noted_by: str
    noted_at: datetime
    is_withdrawn: bool = False


def standing(versions: Iterable[Entry]) -> list[Written]:
    """What holds of versions that are in the order of their noting: the last of each entry, unless it is withdrawn."""
    last = {entry.written.key: entry for entry in versions}
    return [entry.written for entry in last.values() if not entry.is_withdrawn]


def overlap_of(shifts: Sequence[Written]) -> tuple[Written, Written] | None:
    """Two shifts of one seat, or of one person, that share time; None where there are none."""
    for who in ("subject", "party"):
        ordered = sorted(shifts, key=lambda one: (getattr(one, who), one.starts_at))
        for one, other in pairwise(ordered):
            if getattr(one, who) == getattr(other, who) and other.starts_at < one.ends_at:
                return one, other
    return None
