"""Months of figures: published, revised where later facts changed them, read, compared, proved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from central.core.kpis import INDICATORS, BoxMark, Figure, Measured, Period, Snapshot, difference, frozen, revised
from central.core.kpis.publishing import (
    Broken,
    Link,
    PublishingTerms,
    cut_off,
    faults,
    month_name,
    month_of,
    to_look_at,
)
from central.core.kpis.publishing.snapshots import group_name
from central.core.values import Page
from central.services.figures.kpis import Kpis
from central.stores.ports import MonthHead, PageRequest, StoreRejected, Stores, StoreUnavailable
from protocol.texts import Language, Told, Words

TOLD_APART = ("community", "unit")
GROUPS_A_FIELD_MAX = 10_000
"""More than the largest city has communities; what lies beyond is left out, and counted."""
LINKS_A_STEP = 10
ITSELF = "central"
"""Who publishes where nobody asked."""


NOT_PUBLISHED = Words(
    zh="{month} 没有发布；用 gridwarden central publish-month {month} 发布",
    en="{month} was not published; `gridwarden central publish-month {month}` does it",
)
NO_REVISION = Words(
    zh="{month} 没有第 {number} 版；有第 1 至 {newest} 版",
    en="{month} has no revision {number}; its revisions are 1 to {newest}",
)
NOT_OVER = Words(
    zh="{month} 还没有结束；{over}（{zone}）起可以发布", en="{month} is not over; publish it from {over} ({zone})"
)
TOO_LOW = Words(
    zh="{month} 会偏低：较早的案件还在补计；请让平台继续运行",
    en="{month} would be too low: older cases are still being counted in; let central run on",
)
PUBLISHED_BY_ANOTHER = Words(
    zh="同一时刻有人发布了 {month}；请查看现有的版本",
    en="{month} was published by another at the same moment; look at what stands",
)
NOT_AS_SEALED = Words(
    zh="{month} 第 {number} 版与封存时不同；请先从备份恢复，再修订（gridwarden central verify-audit）",
    en="{month} revision {number} is not what was sealed; restore it from a backup before it is revised "
    "(`gridwarden central verify-audit`)",
)


class MonthUnknown(Told, LookupError):
    """There is no such published month or revision; the text says what to do."""


class MonthRefused(Told):
    """The month cannot be published now; the text says why, and when."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What became of a request to publish: a new revision, or the one that stands; `before`: what it revises.

    `left_out`: groups beyond `GROUPS_A_FIELD_MAX`, which are in no revision.
    """

    snapshot: Snapshot
    is_new: bool
    before: Snapshot | None = None
    left_out: int = 0


class Publishing:
    """Thread-safe; `step` is called by one thread."""

    def __init__(self, stores: Stores, kpis: Kpis, terms: PublishingTerms) -> None:
        self._stores = stores
        self._kpis = kpis
        self.terms = terms
        self._looked: dict[str, date] = {}

    def publish(self, month: str, by: str, now: datetime) -> Publication:
        """Make revision 1, or the next one where a figure or the completeness differs from the newest.

        Counted as of the month's cut-off, or as of now before it, with all that was told until now. Raises
        `BadPeriod`, `MonthRefused`, `StoreUnavailable`.
        """
        return self._publish(month_of(month, self.terms.zone), by, now)

    def step(self, now: datetime) -> Publication | None:
        """Publish the last month whose cut-off has come, or look at one of those before it again, each once a day.

        None where there was nothing to do. Raises `MonthRefused`, `StoreUnavailable`.
        """
        if not self.terms.is_automatic or not self._kpis.facts.is_complete():
            return None
        day = (now.astimezone(self.terms.zone) - timedelta(hours=self.terms.hour)).date()
        months = list(to_look_at(now, self.terms))
        for month in months:
            name = month_name(month)
            if self._looked.get(name) == day:
                continue
            with self._stores.reading() as unit:
                stands = unit.months.newest(name) is not None
            self._looked = {kept: at for kept, at in self._looked.items() if at == day} | {name: day}
            try:
                if stands or (month == months[0] and self._has_something(month, now)):
                    return self._publish(month, ITSELF, now)
            except StoreUnavailable:
                del self._looked[name]
                raise
        return None

    def heads(self, month: str | None, page: PageRequest) -> Page[MonthHead]:
        """Revisions of a month or of all, last made first. Raises `BadPeriod`, `BadCursor`."""
        wanted = None if month is None else month_name(month_of(month, self.terms.zone))
        with self._stores.reading() as unit:
            return unit.months.heads(wanted, page)

    def revision(self, month: str, number: int | None = None) -> Link:
        """A revision, the newest where no number is given. Raises `BadPeriod`, `MonthUnknown`."""
        name = month_name(month_of(month, self.terms.zone))
        with self._stores.reading() as unit:
            found = unit.months.newest(name) if number is None else unit.months.get(name, number)
            newest = found or unit.months.newest(name)
        if found is not None:
            return found
        if newest is None:
            raise MonthUnknown(NOT_PUBLISHED, month=name)
        raise MonthUnknown(NO_REVISION, month=name, number=number, newest=newest.number)

    def difference(self, month: str, number: int, language: Language) -> tuple[str, ...]:
        """A revision beside the one before it, as people read it; empty for the first. Raises as `revision`."""
        after = self.revision(month, number)
        if number == 1:
            return ()
        return difference(self.revision(month, number - 1).snapshot, after.snapshot, language)

    def check(self) -> Iterator[Broken]:
        """Everything that is wrong with what was published. Raises `StoreUnavailable`."""
        return faults(self._links())

    def _links(self) -> Iterator[Link]:
        place = ("", 0)
        while True:
            with self._stores.reading() as unit:
                found = unit.months.after(*place, LINKS_A_STEP)
            if not found:
                return
            yield from found
            place = (found[-1].month, found[-1].number)

    def _publish(self, month: Period, by: str, now: datetime) -> Publication:
        name = month_name(month)
        if now < month.end:
            over = month.end.astimezone(month.zone)
            raise MonthRefused(NOT_OVER, month=name, over=f"{over:%Y-%m-%d %H:%M}", zone=month.zone)
        if not self._kpis.facts.is_complete():
            raise MonthRefused(TOO_LOW, month=name)
        with self._stores.reading() as unit:
            stands = unit.months.newest(name)
            marks = unit.months.marks(month)
        before = None if stands is None else _intact(stands)
        as_of = min(now, cut_off(month, self.terms))
        if before is not None:
            month, as_of = before.month, max(as_of, before.as_of)
        made, left_out = self._frozen(month, as_of, marks, before, (by, now))
        if before is not None:
            after = revised(before, made)
            if after is None:
                return Publication(before, is_new=False, left_out=left_out)
            made = after
        self._add(made)
        return Publication(made, is_new=True, before=before, left_out=left_out)

    def _add(self, made: Snapshot) -> None:
        try:
            with self._stores.writing() as unit:
                unit.months.add(made)
        except StoreRejected:
            raise MonthRefused(PUBLISHED_BY_ANOTHER, month=month_name(made.month)) from None

    def _frozen(
        self, month: Period, as_of: datetime, marks: Sequence[BoxMark], before: Snapshot | None,
        made: tuple[str, datetime],
    ) -> tuple[Snapshot, int]:  # fmt: skip
        """Figures as they are; of a month that stands only those that it has, for a new definition is no late fact."""
        figures, left_out = self._figures(month, as_of, made[1])
        if before is not None:
            known = {one.indicator for one in before.figures}
            figures = [one for one in figures if one.indicator in known]
        return frozen(month, as_of, marks, figures, made_by=made[0], made_at=made[1]), left_out

    def _figures(self, month: Period, as_of: datetime, known_at: datetime) -> tuple[list[Figure], int]:
        told, left_out = list(self._kpis.all(month, as_of, known_at)), 0
        for field in TOLD_APART:
            groups = sorted(self._kpis.by_group(month, as_of, field).items())
            left_out += max(0, len(groups) - GROUPS_A_FIELD_MAX)
            for group, figures in groups[:GROUPS_A_FIELD_MAX]:
                told += [_in_group(one, group_name(field, group)) for one in figures if one.total]
        return told, left_out

    def _has_something(self, month: Period, now: datetime) -> bool:
        """Whether the installation was there: a box had to tell the month, or somebody reported a case in it."""
        with self._stores.reading() as unit:
            if unit.months.marks(month):
                return True
        of_cases = (one for one in self._kpis.all(month, now) if not _is_measured(one))
        return any(one.total for one in of_cases)


def _is_measured(figure: Figure) -> bool:
    return isinstance(INDICATORS[figure.indicator].formula, Measured)


def _in_group(figure: Figure, group: str) -> Figure:
    return replace(figure, group=group)


def _intact(link: Link) -> Snapshot:
    if not link.is_intact:
        raise MonthRefused(NOT_AS_SEALED, month=link.month, number=link.number)
    return link.snapshot
