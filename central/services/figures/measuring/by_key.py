"""Measures whose parts are read by key: a page looks only at what it shows; the whole is the same walk to its end."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from central.core.kpis import Part, Reading
from central.core.values import Page
from central.services.figures.measuring.grounds import Grounds
from central.services.figures.measuring.paged import FOREIGN, cut, limit_of
from central.stores.ports import BadCursor, PageRequest
from protocol.texts import Words

RECORDS_A_STEP = 500
_CURSOR = re.compile(r"([a-z]{1,20})\.([^\x00]{0,200})")
"""A list, and behind which of its keys."""
Item = TypeVar("Item")
Needed = TypeVar("Needed")


class Behind(NamedTuple):
    """Where a walk begins: behind a key (None: at the beginning), `step` records at first, of one group or all."""

    key: str | None
    step: int
    group: str | None

    def steps(self, ask: Callable[[int, Item | None], Sequence[Item]]) -> Iterator[Sequence[Item]]:
        """Records, more and more at a time: `ask` gives so many behind the one before, which at first is None."""
        step, last = self.step, None
        while found := ask(step, last):
            yield found
            if len(found) < step:
                return
            step, last = min(2 * step, RECORDS_A_STEP), found[-1]


Walk = Iterator[tuple[str, Part | None]]
"""Parts in order, each with its key; where records may give no part, None behind each step says how far it has come."""


@dataclass(frozen=True, slots=True)
class Listing(Generic[Needed]):
    """One of the lists that a measure is made of; a walk raises `BadCursor` for a key that is none of its own."""

    name: str
    walk: Callable[[Grounds, Needed, Behind], Walk]


@dataclass(frozen=True, slots=True)
class ByKey(Generic[Needed]):
    """A measure of lists, one after the other.

    `needs`: what all of them rest on, or why there is no figure. `without`: why there is none where there are no parts.
    """

    needs: Callable[[Grounds], Needed | Words]
    lists: tuple[Listing[Needed], ...]
    without: Words | None = None

    def __call__(self, grounds: Grounds) -> Reading:
        """See `Paged`."""
        needed = self.needs(grounds)
        if isinstance(needed, Words):
            return Reading((), needed)
        begin = Behind(None, RECORDS_A_STEP, None)
        parts = [part for one in self.lists for _, part in one.walk(grounds, needed, begin) if part is not None]
        return Reading(parts, None if parts else self.without)

    def page(self, grounds: Grounds, group: str | None, page: PageRequest) -> Page[Part]:
        """See `Paged`."""
        at, key = self._place(page.cursor)
        limit, of_one = limit_of(page), group if grounds.asked.group_by is not None else None
        needed = self.needs(grounds)
        if isinstance(needed, Words) or (group and grounds.asked.group_by is None):
            return Page(())
        return cut(self._walk(grounds, needed, at, Behind(key, limit + 1, of_one)), limit)

    def _walk(self, grounds: Grounds, needed: Needed, at: int, behind: Behind) -> Walk:
        for one in self.lists[at:]:
            yield from ((f"{one.name}.{key}", part) for key, part in one.walk(grounds, needed, behind))
            behind = behind._replace(key=None)

    def _place(self, cursor: str | None) -> tuple[int, str | None]:
        if cursor is None:
            return 0, None
        found = _CURSOR.fullmatch(cursor)
        names = [one.name for one in self.lists]
        if found is None or found[1] not in names:
            raise BadCursor(FOREIGN)
        return names.index(found[1]), found[2]
