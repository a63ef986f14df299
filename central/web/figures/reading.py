"""What the figures page asks of the services. Synchronous: called in threads; knows no element."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from central.core.availability.online_rate import Counted
from central.core.availability.spans import Span
from central.core.kpis import (
    INDICATORS,
    Beside,
    Duration,
    Figure,
    Measured,
    Part,
    Period,
    Reading,
    Spread,
    compared,
    duration_of,
    figure_of,
    measured_of,
)
from central.core.kpis.composites import CompositeTable
from central.core.kpis.publishing import Link
from central.core.kpis.publishing.terms import PublishingTerms
from central.core.values import PAGE_LIMIT_MAX, Page
from central.services.figures.availability import OnlineReport, SystemReport
from central.services.figures.camera_rows import CameraRow
from central.services.figures.kpis import KpiRow, Outlook
from central.services.figures.planning.scores import ScoreList
from central.services.services import Services
from central.stores.ports import Asked, MonthHead, PageRequest
from central.web.figures.devices import Now, in_trouble
from central.web.figures.view import View, months_up_to
from protocol.texts import Language

ROWS_A_PAGE = 20
CAMERAS_NAMED_MAX = 500


@dataclass(frozen=True, slots=True)
class Month:
    """A figure of one month."""

    period: Period
    figure: Figure


@dataclass(frozen=True, slots=True)
class Devices:
    """What cameras and the platform were worth in a period."""

    online: OnlineReport
    now: Now
    system: SystemReport


@dataclass(frozen=True, slots=True)
class Cameras:
    """All cameras of a period, those in trouble first told; `places` by key, where they are known."""

    rows: tuple[CameraRow, ...]
    troubled: tuple[CameraRow, ...]
    places: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision of a published month, and what differs from the one before it."""

    link: Link
    change: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of the cases behind a figure, and how many there are in all."""

    page: Page[KpiRow]
    total: int


@dataclass(frozen=True, slots=True)
class Parts:
    """A page of what a measured figure is the sum of."""

    page: Page[Part]


class FigureDesk:
    """Reads figures of all or of one group. Everything raises `StoreUnavailable`."""

    def __init__(self, services: Services, now: Callable[[], datetime]) -> None:
        self._services = services
        self._now = now

    def now(self) -> datetime:
        """As of when figures are read."""
        return self._now()

    def board(self, view: View) -> Sequence[Outlook]:
        """Every figure of a period with what stands beside it."""
        return self._services.kpis.outlooks(view.period, self._now())

    def outlook(self, view: View) -> Outlook:
        """One figure beside others; of a group beside its own last period, last year and plan, where it has one."""
        now = self._now()
        if view.group is None:
            return self._services.kpis.outlook(view.figure, view.period, now)
        found = self._services.kpis.groups(view.figure, view.period, now, view.group_by)
        mine = next((one for one in found if one.figure.group == view.group), Outlook(_none(view), ()))
        values = [None if one is None else self._figure(view, one, now).value for one in view.period.beside]
        sides = zip((Beside.LAST_PERIOD, Beside.LAST_YEAR), values, strict=True)
        return replace(mine, beside=(*(compared(mine.figure, *one) for one in sides), *mine.beside))

    def months(self, view: View) -> Sequence[Month]:
        """The figure of the last months, oldest first."""
        now = self._now()
        today = now.astimezone(view.period.zone).date()
        return [Month(month, self._figure(view, month, now)) for month in months_up_to(view.period, today)]

    def groups(self, view: View) -> Sequence[Outlook]:
        """The figure told apart beside the groups' own plans, the groups with most cases first."""
        found = self._services.kpis.groups(view.figure, view.period, self._now(), view.group_by)
        return sorted(found, key=lambda one: (-one.figure.total, one.figure.group))

    def rows(self, view: View, cursor: str | None) -> Rows | Parts:
        """Cases behind the figure, or the parts that it is the sum of. Raises `KpiUnknown`, `BadCursor`."""
        if self.is_measured(view):
            return Parts(self._parts(view, self._now(), PageRequest(ROWS_A_PAGE, cursor)))
        return Rows(self._page(view, self._now(), PageRequest(ROWS_A_PAGE, cursor)), self.count(view))

    def each_row(self, view: View) -> Iterator[KpiRow]:
        """All of them, as they are known when the first is read. Raises `KpiUnknown`."""
        now, cursor = self._now(), None
        while True:
            page = self._page(view, now, PageRequest(PAGE_LIMIT_MAX, cursor))
            yield from page.items
            if page.next is None:
                return
            cursor = page.next

    def each_part(self, view: View) -> Iterator[Part]:
        """All parts of a measured figure, as they are known when the first is read. Raises `KpiUnknown`."""
        now, cursor = self._now(), None
        while True:
            page = self._parts(view, now, PageRequest(PAGE_LIMIT_MAX, cursor))
            yield from page.items
            if page.next is None:
                return
            cursor = page.next

    def is_measured(self, view: View) -> bool:
        """Whether the figure is the sum of parts that are no cases."""
        return self._services.kpis.is_measured(view.figure)

    def count(self, view: View) -> int:
        """How many rows there are; a spread has those of the figure that it is the spread of."""
        match INDICATORS[view.figure].formula:
            case Spread(of):
                return self._figure(view.of(of), view.period, self._now()).total
            case _:
                return self._figure(view, view.period, self._now()).total

    def devices(self, view: View) -> Devices:
        """What devices were worth. Raises `PeriodRefused`."""
        now, span = self._now(), _span(view)
        availability = self._services.availability
        snapshots = Now(availability.snapshot(now), availability.snapshot(now, Counted.INTACT))
        return Devices(availability.online(span, now), snapshots, availability.system(span, now))

    def cameras(self, view: View) -> Cameras:
        """Every camera of the period. Raises `PeriodRefused`."""
        now, cursor, rows = self._now(), None, list[CameraRow]()
        while True:
            page = self._services.availability.rows(_span(view), now, PageRequest(PAGE_LIMIT_MAX, cursor))
            rows += page.items
            if page.next is None:
                break
            cursor = page.next
        named = self._services.fleet.neediest_cameras(CAMERAS_NAMED_MAX)
        places = {camera.key: camera.place or camera.name or "" for camera in named}
        return Cameras(tuple(rows), in_trouble(rows), places)

    def tables(self) -> Mapping[str, CompositeTable]:
        """The tables of scores."""
        return self._services.scores.tables

    def scores(self, view: View, table: str, *, naming: bool) -> ScoreList:
        """What everybody of a table scores in the period; `naming`: a post is told apart by its persons."""
        return self._services.scores.score(table, view.period, self._now(), naming=naming)

    def terms(self) -> PublishingTerms:
        """When months are published."""
        return self._services.publishing.terms

    def published(self, cursor: str | None) -> Page[MonthHead]:
        """A page of the revisions of published months, last made first. Raises `BadCursor`."""
        return self._services.publishing.heads(None, PageRequest(ROWS_A_PAGE, cursor))

    def revision(self, view: View, language: Language) -> Revision:
        """The revision of a month that is opened. Raises `BadPeriod`, `MonthUnknown`."""
        link = self._services.publishing.revision(view.month, view.revision or None)
        return Revision(link, self._services.publishing.difference(view.month, link.number, language))

    def _figure(self, view: View, period: Period, now: datetime) -> Figure:
        """That of the group, one without a case where the group has none."""
        if view.group is None:
            return self._services.kpis.figure(view.figure, period, now)
        found = self._services.kpis.grouped(view.figure, period, now, view.group_by)
        return next((one for one in found if one.group == view.group), _none(view))

    def _parts(self, view: View, now: datetime, page: PageRequest) -> Page[Part]:
        asked = Asked(view.period, now, view.group_by or None)
        return self._services.kpis.parts(view.figure, asked, view.group, page)

    def _page(self, view: View, now: datetime, page: PageRequest) -> Page[KpiRow]:
        asked = Asked(view.period, now, view.group_by or None)
        return self._services.kpis.rows(view.figure, asked, view.group, page)


def _none(view: View) -> Figure:
    indicator, group = INDICATORS[view.figure], view.group or ""
    if isinstance(indicator.formula, Duration):
        return duration_of(indicator, (), (), {}, group)
    if isinstance(indicator.formula, Measured):
        return measured_of(indicator, Reading(), group)
    return figure_of(indicator, {}, group)


def _span(view: View) -> Span:
    return Span(view.period.begin, view.period.end)
