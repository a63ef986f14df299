"""What a measure is to its callers: all its parts, and pages of them; and the measures whose parts are few."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from central.core.kpis import Part, Reading
from central.core.values import Page
from central.services.figures.measuring.grounds import Grounds
from central.stores.ports import BadCursor, PageRequest

PARTS_A_PAGE = 500
STEPS_A_PAGE = 12
"""A page that finds nothing in so many steps ends there, with the cursor of what follows."""
FOREIGN = "the cursor is not one of this list; start again without it"
_NUMBER = re.compile(r"[0-9]{1,9}")


class Paged(Protocol):
    """A measure. Pages have the parts of the whole in its order; those of one group where it is named."""

    def __call__(self, grounds: Grounds) -> Reading:
        """All parts, or why there are none. Raises `PeriodRefused`."""
        ...

    def page(self, grounds: Grounds, group: str | None, page: PageRequest) -> Page[Part]:
        """Some of them. Raises `PeriodRefused`, `BadCursor`."""
        ...


@dataclass(frozen=True, slots=True)
class Sliced:
    """A measure whose parts are few by nature: each page reads all of them and shows some."""

    read: Callable[[Grounds], Reading]

    def __call__(self, grounds: Grounds) -> Reading:
        """See `Paged`."""
        return self.read(grounds)

    def page(self, grounds: Grounds, group: str | None, page: PageRequest) -> Page[Part]:
        """See `Paged`."""
        if page.cursor is not None and _NUMBER.fullmatch(page.cursor) is None:
            raise BadCursor(FOREIGN)
        begin, limit = int(page.cursor or 0), limit_of(page)
        parts = [part for part in self.read(grounds).parts if group is None or part.group == group]
        end = begin + limit
        return Page(tuple(parts[begin:end]), str(end) if end < len(parts) else None)


def limit_of(page: PageRequest) -> int:
    """How many parts a page has at most."""
    return max(1, min(page.limit, PARTS_A_PAGE))


def cut(placed: Iterable[tuple[str, Part | None]], limit: int) -> Page[Part]:
    """A page of the first `limit` parts, each of which comes with the cursor of what follows it.

    None for a part says that a step was looked at to its end, and bounds how much is looked at.
    """
    found: list[Part] = []
    following, steps = None, 0
    for cursor, part in placed:
        if part is None:
            steps += 1
            if steps < STEPS_A_PAGE:
                continue
            return Page(tuple(found), following if len(found) == limit else cursor)
        if len(found) == limit:
            return Page(tuple(found), following)
        found.append(part)
        following = cursor
    return Page(tuple(found))
