"""Measures whose parts are those of cameras by key: a page of them looks at its own cameras alone."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from central.core.kpis import Part, Reading
from central.core.values import Page
from central.services.figures.camera_rows import CAMERAS_A_STEP, CameraRow
from central.services.figures.measuring.grounds import Grounds
from central.services.figures.measuring.paged import FOREIGN, cut, limit_of
from central.stores.ports import AskedCameras, BadCursor, PageRequest

FAILED_A_STEP = 20
"""A camera that was offline mostly has several outages."""
_CURSOR = re.compile(r"([0-9]{1,9})(?:@([^\x00]{0,200}))?")
"""How many parts were shown, and behind which camera they are counted; without one, of those before all cameras."""


class Place(NamedTuple):
    """Where a page ends: `shown` parts behind a camera, or of those that stand before all (None)."""

    shown: int
    camera: str | None = None

    def __str__(self) -> str:
        return str(self.shown) if self.camera is None else f"{self.shown}@{self.camera}"


def nothing_before(_grounds: Grounds) -> Reading:
    """No parts but those of cameras."""
    return Reading()


@dataclass(frozen=True, slots=True)
class OfCameras:
    """A measure: `parts` makes, for one question, what gives the parts of a camera; those `before` are of no camera.

    `failed`: cameras that were never offline in the period have no parts.
    """

    parts: Callable[[Grounds], Callable[[CameraRow], Iterable[Part]]]
    before: Callable[[Grounds], Reading] = nothing_before
    failed: bool = False

    def __call__(self, grounds: Grounds) -> Reading:
        """See `Paged`."""
        before, parts_of = self.before(grounds), self.parts(grounds)
        if before.reason is not None:
            return before
        by = grounds.asked.group_by
        found = (_grouped(part, row, by) for row in grounds.cameras for part in parts_of(row))
        return Reading([*before.parts, *found])

    def page(self, grounds: Grounds, group: str | None, page: PageRequest) -> Page[Part]:
        """See `Paged`."""
        place, limit = _place_of(page.cursor), limit_of(page)
        return cut(((str(at), part) for at, part in self._placed(grounds, group, place, limit)), limit)

    def _placed(self, grounds: Grounds, group: str | None, place: Place, limit: int) -> Iterator[tuple[Place, Part]]:
        """The parts behind a place, each with its own."""
        before = self.before(grounds)
        if before.reason is not None or (group and grounds.asked.group_by is None):
            return
        if place.camera is None:
            kept = [part for part in before.parts if group is None or part.group == group]
            if place.shown > len(kept):
                raise BadCursor(FOREIGN)
            yield from ((Place(at), part) for at, part in enumerate(kept, 1) if at > place.shown)
            place = Place(0, "")
        first = min(limit, FAILED_A_STEP) if self.failed else limit
        asked = AskedCameras(first + 1, place.camera or "", failed=self.failed)
        if group is not None and grounds.asked.group_by is not None:
            asked = asked._replace(field=grounds.asked.group_by, group=group)
        shown, parts_of = place.shown, self.parts(grounds)
        while rows := grounds.some_cameras(asked):
            for row in rows:
                parts = list(parts_of(row))
                for at, part in enumerate(parts, 1):
                    if at > shown:
                        place = Place(at, asked.after) if at < len(parts) else Place(0, row.camera)
                        yield place, _grouped(part, row, grounds.asked.group_by)
                asked, shown = asked._replace(after=row.camera), 0
            asked = asked._replace(limit=CAMERAS_A_STEP)


def _place_of(cursor: str | None) -> Place:
    """The place that a cursor names, the beginning without one. Raises `BadCursor`."""
    found = _CURSOR.fullmatch(cursor or "0")
    if found is None:
        raise BadCursor(FOREIGN)
    return Place(int(found[1]), found[2])


def _grouped(part: Part, row: CameraRow, by: str | None) -> Part:
    return part if by is None else replace(part, group=str(getattr(row, by)))
