"""What is known of each followed object beside its `Track`: one row for each, as arrays."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from edge_agent.core.tracking import standing
from edge_agent.core.tracking.boxes import Flags, Floats, centres
from edge_agent.core.tracking.standing import Places

VELOCITY_MEMORY_S, VELOCITY_MEMORY_S_MAX, VELOCITY_MEMORY_SHARE = 0.5, 2.0, 0.25
"""How long an old velocity counts: a share of the object's age within these limits, so that one odd box of somebody who
has been standing for long does not send him off."""

Rows = npt.NDArray[np.intp]
_Array = npt.NDArray[Any]
_Table = TypeVar("_Table", "Objects", Places)


@dataclass(frozen=True, slots=True, eq=False)
class Objects:
    """One row for each object; times are seconds of capture time since 1970, lengths picture heights.

    `velocity` a second is nan after a single sight. `absent_s`: for how long its place has been in plain view without
    it; `hidden`: something stands in front of it.
    """

    box: Floats
    velocity: Floats
    first_s: Floats
    seen_s: Floats
    absent_s: Floats
    hidden: Flags
    place: Places

    def __len__(self) -> int:
        return len(self.box)


def begun(boxes: Floats, now_s: float) -> Objects:
    """Objects that are seen for the first time."""
    count, now = len(boxes), np.full(len(boxes), now_s)
    nothing = np.zeros(count)
    place = standing.begun(boxes, now_s)
    return Objects(boxes, np.full((count, 2), np.nan), now, now, nothing, np.zeros(count, np.bool_), place)


def rows(of: _Table, chosen: Rows | Flags) -> _Table:
    """The chosen rows of all columns."""
    return _columns(of, lambda column: column[chosen])


def joined(first: _Table, second: _Table) -> _Table:
    """The rows of both."""
    more = iter(_arrays(second))
    return _columns(first, lambda column: np.concatenate([column, next(more)]))


def put(into: _Table, at: Rows, part: _Table) -> _Table:
    """`into` with the rows `at` replaced by those of `part`."""
    new = iter(_arrays(part))

    def changed(column: _Array) -> _Array:
        copy = column.copy()
        copy[at] = next(new)
        return copy

    return _columns(into, changed)


def seen(before: Objects, boxes: Floats, now_s: float, aspect: float) -> Objects:
    """Objects after each was found at its box."""
    return Objects(
        box=boxes,
        velocity=_velocity(before, boxes, now_s),
        first_s=before.first_s,
        seen_s=np.full(len(boxes), now_s),
        absent_s=np.zeros(len(boxes)),
        hidden=np.zeros(len(boxes), np.bool_),
        place=standing.seen(before.place, boxes, before.seen_s, now_s, aspect),
    )


def _velocity(before: Objects, boxes: Floats, now_s: float) -> Floats:
    passed_s = now_s - before.seen_s
    measured = (centres(boxes) - centres(before.box)) / np.maximum(passed_s, 1e-6)[:, None]
    age_s = before.seen_s - before.first_s
    memory_s = np.clip(VELOCITY_MEMORY_SHARE * age_s, VELOCITY_MEMORY_S, VELOCITY_MEMORY_S_MAX)
    share = 1 - np.exp(-passed_s / memory_s)[:, None]
    smooth = before.velocity + share * (measured - before.velocity)
    return np.where(np.isnan(before.velocity), measured, smooth)


def _columns(of: _Table, change: Callable[[_Array], _Array]) -> _Table:
    """A table whose every column went through `change`, in order."""
    table: Any = type(of)
    columns = (getattr(of, name) for name in of.__slots__)
    made: _Table = table(*(_columns(one, change) if isinstance(one, Places) else change(one) for one in columns))
    return made


def _arrays(of: Objects | Places) -> Iterator[_Array]:
    for name in of.__slots__:
        column = getattr(of, name)
        if isinstance(column, Places):
            yield from _arrays(column)
        else:
            yield column
