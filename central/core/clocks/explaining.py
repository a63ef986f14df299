"""A deadline in words: which time counted, what was left out, and what is not known yet."""

from collections.abc import Iterator
from datetime import date, datetime

from central.core.clocks.calendars import DayKind
from central.core.clocks.deadlines import Deadline, Piece
from protocol.texts import Language, Words

PIECES_SHOWN_MAX = 40
"""Beyond it the middle of a long deadline is one line."""
_WEEKDAYS = ("周一 Mon", "周二 Tue", "周三 Wed", "周四 Thu", "周五 Fri", "周六 Sat", "周日 Sun")
LIMIT = Words(
    zh="时限 {limit}，计时标准 {system}，日历 {calendar}", en="limit {limit}, time system {system}, calendar {calendar}"
)
EXTENDED = Words(zh="延期 {count} 次，共 {hours} 小时", en="extensions: {count}, {hours} h in all")
PIECE = Words(zh="{weekday} {begin}-{end} {hours} 小时", en="{weekday} {begin}-{end} {hours} h")
MORE = Words(zh="另有 {count} 段，共 {hours} 小时", en="{count} more, {hours} h")
PAUSED = Words(zh="暂停 {begin} 至 {end}，不计时", en="paused {begin} to {end}, not counted")
PAUSED_OPEN = Words(zh="{begin} 起暂停，恢复后再定", en="paused since {begin}; due again when it is resumed")
HOLIDAY = Words(zh="{weekday} {day} 节假日，不计时", en="{weekday} {day} is a holiday, not counted")
MAKEUP = Words(zh="{weekday} {day} 调休上班，计时", en="{weekday} {day} is a make-up day, counted")
INCOMPLETE = Words(
    zh="{year} 年的调休安排尚未公布（日历 {calendar}），期限可能变动",
    en="the make-up days of {year} are not announced yet (calendar {calendar}); the deadline may move",
)
UNKNOWN = Words(
    zh="日历 {calendar} 没有 {year} 年，只按星期计算",
    en="the calendar {calendar} does not know {year}; only weekdays were counted",
)
REPLACED = Words(
    zh="开始计时所用的日历 {missing} 已不在 calendar_files 中，改按 {calendar} 计算，期限可能不同；请重新列出该文件",
    en="the calendar {missing} that it began under is not in calendar_files any more; counted by {calendar}, "
    "which may move the deadline: list that file again",
)


def explanation(deadline: Deadline, language: Language) -> tuple[str, ...]:
    """The lines that lead to the deadline, in the order of time."""
    return tuple(_lines(deadline, language))


def warnings(deadline: Deadline, language: Language) -> tuple[str, ...]:
    """What may still move the deadline."""
    calendar, missing = deadline.terms.calendar.version, deadline.terms.instead_of
    is_replaced = bool(missing) and not deadline.terms.limit.unit.is_continuous
    replaced = (REPLACED.say(language, missing=missing, calendar=calendar),) if is_replaced else ()
    return replaced + tuple(
        words.say(language, year=year, calendar=calendar)
        for words, years in ((INCOMPLETE, deadline.years_incomplete), (UNKNOWN, deadline.years_unknown))
        for year in years
    )


def _lines(deadline: Deadline, language: Language) -> Iterator[str]:
    terms = deadline.terms
    limit = (
        str(terms.limit) if language is Language.CHINESE else f"{terms.limit.amount.normalize():f} {terms.limit.unit}"
    )
    yield LIMIT.say(language, limit=limit, system=terms.system.name, calendar=terms.calendar.version)
    if deadline.extensions:
        hours = _hours(terms.limit_s * (1 + deadline.extensions))
        yield EXTENDED.say(language, count=deadline.extensions, hours=hours)
    told = [(piece.begin, _piece(deadline, piece, language)) for piece in _shown(deadline.pieces)]
    told += [(_midnight(day, deadline), _day(day, kind, language)) for day, kind in deadline.days]
    told += [(gap.begin, _paused(deadline, gap, language)) for gap in deadline.paused]
    left = len(deadline.pieces) - PIECES_SHOWN_MAX
    if left > 0:
        middle = deadline.pieces[PIECES_SHOWN_MAX // 2 : -PIECES_SHOWN_MAX // 2]
        hours = _hours(sum(piece.seconds for piece in middle))
        told.append((middle[0].begin, MORE.say(language, count=left, hours=hours)))
    yield from (line for _, line in sorted(told, key=lambda one: one[0]))


def _shown(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    if len(pieces) <= PIECES_SHOWN_MAX:
        return pieces
    half = PIECES_SHOWN_MAX // 2
    return (*pieces[:half], *pieces[-half:])


def _piece(deadline: Deadline, piece: Piece, language: Language) -> str:
    begin, end = (_local(deadline, moment) for moment in (piece.begin, piece.end))
    until = f"{end:%H:%M}" if end.date() == begin.date() else f"{end:%Y-%m-%d %H:%M}"
    return PIECE.say(
        language,
        weekday=_weekday(begin.date(), language),
        begin=f"{begin:%Y-%m-%d %H:%M}",
        end=_after_midnight(begin, end) or until,
        hours=_hours(piece.seconds),
    )


def _after_midnight(begin: datetime, end: datetime) -> str:
    """A slot that lasts until midnight ends at 24:00, not on another day."""
    is_midnight = (end.hour, end.minute, end.second) == (0, 0, 0)
    return "24:00" if is_midnight and (end.date() - begin.date()).days == 1 else ""


def _paused(deadline: Deadline, gap: Piece, language: Language) -> str:
    begin = f"{_local(deadline, gap.begin):%Y-%m-%d %H:%M}"
    if deadline.due is None and gap == deadline.paused[-1]:
        return PAUSED_OPEN.say(language, begin=begin)
    return PAUSED.say(language, begin=begin, end=f"{_local(deadline, gap.end):%Y-%m-%d %H:%M}")


def _day(day: date, kind: DayKind, language: Language) -> str:
    words = HOLIDAY if kind is DayKind.HOLIDAY else MAKEUP
    return words.say(language, weekday=_weekday(day, language), day=day)


def _weekday(day: date, language: Language) -> str:
    zh, en = _WEEKDAYS[day.weekday()].split()
    return zh if language is Language.CHINESE else en


def _midnight(day: date, deadline: Deadline) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=deadline.terms.calendar.zone)


def _local(deadline: Deadline, moment: datetime) -> datetime:
    return moment.astimezone(deadline.terms.calendar.zone)


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:.2f}".rstrip("0").rstrip(".")
