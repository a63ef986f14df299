"""When something is due: limits of the trade, working hours, holidays, pauses and extensions. Pure.

Units and working hours follow the practice of 数字城管 platforms; see `docs/adr/0026-clocks-explain-themselves.md`.
"""

from central.core.clocks.calendars import Calendar, CalendarYear, CannotCount, DayKind
from central.core.clocks.china import CHINA
from central.core.clocks.deadlines import Deadline, Pause, Piece, Terms, due, is_open, next_opening, used_s
from central.core.clocks.limits import Limit, LimitProblem, LimitUnit, parse_limit
from central.core.clocks.time_systems import OFFICE, STREET_ORDER, Slot, TimeSystem

__all__ = [
    "CHINA",
    "OFFICE",
    "STREET_ORDER",
    "Calendar",
    "CalendarYear",
    "CannotCount",
    "DayKind",
    "Deadline",
    "Limit",
    "LimitProblem",
    "LimitUnit",
    "Pause",
    "Piece",
    "Slot",
    "Terms",
    "TimeSystem",
    "due",
    "is_open",
    "next_opening",
    "parse_limit",
    "used_s",
]
