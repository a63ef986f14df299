"""Between which rows of `cases` all those stand that were opened at a certain time.

Cases come nearly in the order in which they are opened, which no planner knows: asked for the newest of a month that
lies far back it walks through all newer ones, or sorts the whole month. The first and the last position of each month
of opening are one step in an index each; within them every other index goes on serving.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, bindparam, func, select

from central.stores.database.columns import utc_month
from central.stores.tables import cases

MONTH_MIN, MONTH_MAX = 0, 10_000 * 12


@dataclass(frozen=True, slots=True)
class Positions:
    """From the lowest to the highest, both with it; without a bound where None."""

    lowest: int | None = None
    highest: int | None = None

    def holds(self, position: ColumnElement[int]) -> Sequence[ColumnElement[bool]]:
        """The conditions for a row's position."""
        above = () if self.lowest is None else (position >= self.lowest,)
        return above if self.highest is None else (*above, position <= self.highest)


EVERYWHERE, NOWHERE = Positions(), Positions(1, 0)


def opened_within(connection: Connection, after: datetime | None, before: datetime | None) -> Positions:
    """Where all cases stand that were opened later than `after` and earlier than `before`, and perhaps others."""
    if after is None and before is None:
        return EVERYWHERE
    first = utc_month(after) if after is not None else MONTH_MIN
    last = utc_month(before) if before is not None else MONTH_MAX
    lowest, highest = connection.execute(_ENDS, {"first": first, "last": last}).one()
    return Positions(lowest, highest) if lowest is not None else NOWHERE


def _ends() -> Select[Any, Any]:
    """The first and the last position among cases opened from month `first` to month `last`, month by month."""
    first, last = bindparam("first", type_=Integer), bindparam("last", type_=Integer)
    earliest, later, kept = cases.alias("earliest"), cases.alias("later"), cases.alias("kept")
    months = (
        select(func.min(earliest.c.opened_month).label("month"))
        .where(earliest.c.opened_month >= first, earliest.c.opened_month <= last)
        .cte("months", recursive=True)
    )
    following = select(func.min(later.c.opened_month)).where(
        later.c.opened_month > months.c.month, later.c.opened_month <= last
    )
    months = months.union_all(select(following.scalar_subquery()).where(months.c.month.is_not(None)))
    lowest, highest = (
        select(of(kept.c.position)).where(kept.c.opened_month == months.c.month).scalar_subquery()
        for of in (func.min, func.max)
    )
    each = select(lowest.label("lowest"), highest.label("highest")).select_from(months).subquery()
    return select(func.min(each.c.lowest), func.max(each.c.highest))


_ENDS = _ends()
