"""Deadlines as a pure function of start, limit, working hours, calendar, pauses and extensions.

Nothing is kept running: a pause is an interval, taken off in the limit's own time, and an extension adds the original
limit again. So the order in which they were granted does not matter.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from central.core.clocks.calendars import Calendar, CannotCount, DayKind
from central.core.clocks.limits import Limit
from central.core.clocks.time_systems import Slot, TimeSystem

DAYS_MAX = 40 * 366
"""How far ahead is looked for working hours: ten years of limit in a week of few hours, and no further."""
EXTENSIONS_MAX = 100
PAUSES_MAX = 1_000
YEARS = range(1900, 9000)
"""In which times may lie: at the ends of the calendar a zone or a slot leads out of it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """By what a limit is counted. `instead_of`: the version of another calendar that `calendar` stands in for."""

    limit: Limit
    system: TimeSystem
    calendar: Calendar
    instead_of: str = ""

    @property
    def limit_s(self) -> int:
        """The limit as seconds of its own time."""
        return self.limit.seconds(self.system.workday_s)

    @property
    def keeps_holidays(self) -> bool:
        """Whether holidays make a difference."""
        return self.system.keeps_holidays and not self.limit.unit.is_continuous


@dataclass(frozen=True, slots=True)
class Pause:
    """From `begin` up to `end`; None: nobody knows yet until when. Raises `ValueError`."""

    begin: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.begin.tzinfo is None or (self.end is not None and self.end.tzinfo is None):
            raise ValueError("a pause needs times with a zone")
        if self.end is not None and self.end < self.begin:
            raise ValueError("a pause ends before it begins")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of time, UTC."""

    begin: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.end - self.begin).total_seconds()


@dataclass(frozen=True, slots=True)
class Deadline:
    """When it is due, and why.

    `due` (UTC) is None while a pause without an end holds it. `pieces` add up to `limit_s` times one plus the
    extensions. `days`: those that the calendar made off or worked. `years_incomplete`: years that the count reaches and
    whose make-up days are not announced; `years_unknown`: years of which the calendar knows nothing.
    """

    due: datetime | None
    terms: Terms
    extensions: int
    pieces: tuple[Piece, ...]
    paused: tuple[Piece, ...]
    days: tuple[tuple[date, DayKind], ...] = ()
    years_incomplete: tuple[int, ...] = ()
    years_unknown: tuple[int, ...] = ()


def due(start: datetime, terms: Terms, pauses: Sequence[Pause] = (), extensions: int = 0) -> Deadline:
    """When a limit that began at `start` (aware) ends; a slot that is filled exactly ends it.

    Raises `CannotCount` for what lies beyond forty years, and `ValueError` for more pauses or extensions than any case
    has.
    """
    if start.tzinfo is None:
        raise ValueError("a start needs a time with a zone")
    if not 0 <= extensions <= EXTENSIONS_MAX or len(pauses) > PAUSES_MAX:
        raise ValueError(f"at most {EXTENSIONS_MAX} extensions and {PAUSES_MAX} pauses are counted")
    begin = _utc(start)
    left_s = float(terms.limit_s * (1 + extensions))
    pieces: list[Piece] = []
    for piece in _counted(begin, terms, pauses):
        if piece.seconds >= left_s:
            pieces.append(Piece(piece.begin, piece.begin + timedelta(seconds=left_s)))
            return _deadline(begin, pieces[-1].end, terms, pauses, extensions, pieces)
        pieces.append(piece)
        left_s -= piece.seconds
    return _deadline(begin, None, terms, pauses, extensions, pieces)


def used_s(start: datetime, until: datetime, terms: Terms, pauses: Sequence[Pause] = ()) -> float:
    """Seconds of the limit's own time between the two; more than the limit when it is overdue."""
    used = 0.0
    end = until.astimezone(UTC)
    for piece in _counted(start.astimezone(UTC), terms, pauses, end):
        used += piece.seconds
    return used


def is_open(at: datetime, system: TimeSystem, calendar: Calendar) -> bool:
    """Whether a moment lies in the working hours."""
    first = next(_working(at.astimezone(UTC), system, calendar))
    return first.begin <= at


def next_opening(at: datetime, system: TimeSystem, calendar: Calendar) -> datetime:
    """The moment itself if it lies in the working hours, else when they begin next (UTC)."""
    return max(at.astimezone(UTC), next(_working(at.astimezone(UTC), system, calendar)).begin)


def _deadline(  # noqa: PLR0913, PLR0917 - what was counted, and by what
    begin: datetime,
    end: datetime | None,
    terms: Terms,
    pauses: Sequence[Pause],
    extensions: int,
    pieces: Sequence[Piece],
) -> Deadline:
    zone = terms.calendar.zone
    last = end or (pieces[-1].end if pieces else begin)
    first_day, last_day = begin.astimezone(zone).date(), last.astimezone(zone).date()
    years = range(first_day.year, last_day.year + 1) if terms.keeps_holidays else range(0)
    return Deadline(
        due=end,
        terms=terms,
        extensions=extensions,
        pieces=tuple(pieces),
        paused=tuple(
            Piece(gap.begin, min(gap.end, last))
            for gap in _joined(pauses)
            if begin < gap.end and (gap.begin < last or (end is None and gap.end == _NEVER))
        ),
        days=tuple(_remarkable(first_day, last_day, terms)),
        years_incomplete=tuple(y for y in years if terms.calendar.is_known(y) and not terms.calendar.is_complete(y)),
        years_unknown=tuple(y for y in years if not terms.calendar.is_known(y)),
    )


def _remarkable(first: date, last: date, terms: Terms) -> Iterator[tuple[date, DayKind]]:
    """Days that would have been another thing without the calendar."""
    if not terms.keeps_holidays:
        return
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        kind, usual = terms.calendar.kind(day), terms.system.week[day.weekday()]
        if (kind is DayKind.HOLIDAY and usual) or (kind is DayKind.MAKEUP and not usual):
            yield day, kind


def _counted(begin: datetime, terms: Terms, pauses: Sequence[Pause], end: datetime | None = None) -> Iterator[Piece]:
    """What counts from `begin` on (up to `end`), in order; it ends where a pause has no end."""
    gaps = [gap for gap in _joined(pauses) if gap.end > begin]
    working = _always(begin) if terms.limit.unit.is_continuous else _working(begin, terms.system, terms.calendar)
    for period in working:
        if end is not None and period.begin >= end:
            return
        if gaps and gaps[-1].end == _NEVER and period.begin >= gaps[-1].begin:
            return
        piece = Piece(max(begin, period.begin), period.end if end is None else min(period.end, end))
        yield from _without(piece, gaps)


def _without(piece: Piece, gaps: Sequence[Piece]) -> Iterator[Piece]:
    at = piece.begin
    for gap in gaps:
        if gap.end <= at or gap.begin >= piece.end:
            continue
        if gap.begin > at:
            yield Piece(at, gap.begin)
        at = min(gap.end, piece.end)
    if at < piece.end:
        yield Piece(at, piece.end)


_NEVER = datetime.max.replace(tzinfo=UTC)


def _joined(pauses: Sequence[Pause]) -> list[Piece]:
    """The pauses in order, those that meet or overlap as one."""
    spans = sorted((_utc(pause.begin), _NEVER if pause.end is None else _utc(pause.end)) for pause in pauses)
    joined: list[Piece] = []
    for begin, end in spans:
        if joined and begin <= joined[-1].end:
            joined[-1] = Piece(joined[-1].begin, max(joined[-1].end, end))
        else:
            joined.append(Piece(begin, end))
    return joined


def _utc(moment: datetime) -> datetime:
    if moment.year not in YEARS:
        raise CannotCount(f"the year {moment.year} is not counted; times lie in {YEARS[0]} to {YEARS[-1]}")
    return moment.astimezone(UTC)


def _always(begin: datetime) -> Iterator[Piece]:
    yield Piece(begin, _NEVER)


def _working(begin: datetime, system: TimeSystem, calendar: Calendar) -> Iterator[Piece]:
    """Working periods that end after `begin`, in order, for ever; raises `CannotCount` beyond `DAYS_MAX`."""
    day = begin.astimezone(calendar.zone).date() - timedelta(days=1)
    worked_to = begin
    for _ in range(DAYS_MAX):
        for slot in _slots(day, system, calendar):
            opening = max(worked_to, _moment(day, slot.begin_min, calendar))
            closing = _moment(day, slot.end_min, calendar)
            if closing > opening:
                yield Piece(opening, closing)
                worked_to = closing
        day = _next(day)
    raise CannotCount("the working hours of forty years are not enough; check limit, time system and pauses")


def _slots(day: date, system: TimeSystem, calendar: Calendar) -> tuple[Slot, ...]:
    if not system.keeps_holidays:
        return system.week[day.weekday()]
    match calendar.kind(day):
        case DayKind.HOLIDAY:
            return ()
        case DayKind.MAKEUP:
            return system.week[day.weekday()] or system.makeup
        case DayKind.ORDINARY:
            return system.week[day.weekday()]


def _moment(day: date, minute: int, calendar: Calendar) -> datetime:
    try:
        local = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 - the zone follows
        return local.replace(tzinfo=calendar.zone).astimezone(UTC)
    except OverflowError:
        raise CannotCount("the deadline lies beyond the year 9999") from None


def _next(day: date) -> date:
    try:
        return day + timedelta(days=1)
    except OverflowError:
        raise CannotCount("the deadline lies beyond the year 9999") from None
