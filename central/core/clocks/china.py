"""Holidays of mainland China as the State Council announces them each autumn, weekends within them included.

A snapshot of our own, so that an update of a library never moves a deadline; a test compares it with `holidays`.
"""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from central.core.clocks.calendars import Calendar, CalendarYear

_HOLIDAYS = {
    2022: "01-01/01-03 01-31/02-06 04-03/04-05 04-30/05-04 06-03/06-05 09-10/09-12 10-01/10-07",
    2023: "01-01/01-02 01-21/01-27 04-05 04-29/05-03 06-22/06-24 09-29/10-06",
    2024: "01-01 02-10/02-17 04-04/04-06 05-01/05-05 06-08/06-10 09-15/09-17 10-01/10-07",
    2025: "01-01 01-28/02-04 04-04/04-06 05-01/05-05 05-31/06-02 10-01/10-08",
    2026: "01-01/01-03 02-15/02-23 04-04/04-06 05-01/05-05 06-19/06-21 09-25/09-27 10-01/10-07",
    2027: "01-01 02-05/02-10 04-05 05-01/05-04 06-09 09-15 10-01/10-05",
}
_MAKEUP = {
    2022: "01-29 01-30 04-02 04-24 05-07 10-08 10-09",
    2023: "01-28 01-29 04-23 05-06 06-25 10-07 10-08",
    2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}


def _days(year: int, spans: str) -> frozenset[date]:
    found: set[date] = set()
    for span in spans.split():
        first, _, last = span.partition("/")
        begin, end = (date.fromisoformat(f"{year}-{each}") for each in (first, last or first))
        found.update(begin + timedelta(days=number) for number in range((end - begin).days + 1))
    return frozenset(found)


CHINA = Calendar(
    "china-2026.1",
    ZoneInfo("Asia/Shanghai"),
    {
        year: CalendarYear(_days(year, spans), _days(year, _MAKEUP[year]) if year in _MAKEUP else None)
        for year, spans in _HOLIDAYS.items()
    },
)
"""2027: the days that the law fixes; what is worked for them is announced late in 2026."""
