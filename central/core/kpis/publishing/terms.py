"""Which month is meant, as of when it is counted, and which ones are looked at again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from central.core.kpis.periods import ZONE, BadPeriod, CalendarUnit, Period, period_of
from protocol.texts import Words

DAY, HOUR, REVISE_MONTHS = 3, 6, 12
_WRITTEN = re.compile(r"(?!0000)([0-9]{4})-(0[1-9]|1[0-2])")
NO_MONTH = Words(
    zh="“{written}”不是月份；请写成 2026-10 这样的年和月",
    en="'{written}' is no month; write year and month as 2026-10",
)


@dataclass(frozen=True, slots=True)
class PublishingTerms:
    """The cut-off is `hour` o'clock of the `day` (1 to 28) after a month; `revise_months` months are looked at again.

    Both by the clocks of `zone`. Where `is_automatic` is not set, months are published on demand alone.
    """

    zone: tzinfo = ZONE
    is_automatic: bool = True
    day: int = DAY
    hour: int = HOUR
    revise_months: int = REVISE_MONTHS


def month_of(written: str, zone: tzinfo) -> Period:
    """A month as people write it, 2026-10. Raises `BadPeriod`."""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise BadPeriod(NO_MONTH, written=written[:40])
    return period_of(CalendarUnit.MONTH, date(int(found[1]), int(found[2]), 1), zone)


def month_name(month: Period) -> str:
    """A month as people write it."""
    return f"{month.begin.astimezone(month.zone):%Y-%m}"


def cut_off(month: Period, terms: PublishingTerms) -> datetime:
    """As of when a month is counted: what happens later belongs to later figures."""
    day = month.end.astimezone(month.zone).date() + timedelta(days=terms.day - 1)
    return datetime(day.year, day.month, day.day, terms.hour, tzinfo=month.zone)


def to_look_at(now: datetime, terms: PublishingTerms) -> Iterator[Period]:
    """The newest month whose cut-off has come, then those before it, `revise_months` in all."""
    month = period_of(CalendarUnit.MONTH, now.astimezone(terms.zone).date(), terms.zone).last
    if now < cut_off(month, terms):
        month = month.last
    for _ in range(terms.revise_months):
        yield month
        month = month.last
