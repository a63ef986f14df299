"""Figures of finding: what the public takes part in, and what collectors missed of it."""

import re
from collections.abc import Sequence

from central.core.availability.spans import Span
from central.core.kpis import Part, PartKind
from central.core.kpis.periods import YEARS, CalendarUnit, period_of
from central.core.registers import Register, Written
from central.core.registers.duties import Duties
from central.services.figures.measuring.by_key import Behind, ByKey, Listing, Walk
from central.services.figures.measuring.grounds import Grounds
from central.services.figures.measuring.paged import FOREIGN
from central.stores.ports import AskedEntries, BadCursor, Narrowed, VerifiedReport
from protocol.texts import Words

POPULATION_YEARS = 10
"""A census is taken each ten years: an older number is none."""
NO_POPULATION = Words(
    zh="未登记这一年或之前的常住人口", en="no population was noted for this year or one of the ten before"
)
NO_DUTY = Words(
    zh="未登记采集员应巡查的类别与网格", en="it was not noted which classes collectors have to find in which grids"
)
_COMMUNITY = re.compile(r"[0-9]{12}")


def _communities(grounds: Grounds, _needed: object, behind: Behind) -> Walk:
    span, by = _years(grounds), grounds.asked.group_by
    asked = AskedEntries(span, grounds.known_at, 0, _community(behind.key, span), behind.group)
    registers = grounds.unit.registers
    for found in behind.steps(
        lambda step, last: registers.populations(asked._replace(limit=step, after=last or asked.after))
    ):
        told = grounds.counts("reported_public", "community", [one.subject for one in found])
        for one in found:
            hits, group = told.get(one.subject, 0), one.subject if by else ""
            yield (
                one.subject,
                Part(
                    PartKind.COMMUNITY, one.subject, hits, one.amount, 0, group, one.starts_at, one.ends_at, one.source
                ),
            )


def _community(key: str | None, span: Span) -> Written | None:
    if key is None:
        return None
    if _COMMUNITY.fullmatch(key) is None:
        raise BadCursor(FOREIGN)
    return Written(Register.POPULATION, key, "", span.start, span.end)


def _years(grounds: Grounds) -> Span:
    """The year in which the period begins, and the ten before."""
    day, zone = grounds.asked.period.first_day, grounds.asked.period.zone
    oldest = max(YEARS[0], day.year - POPULATION_YEARS)
    first = period_of(CalendarUnit.YEAR, day.replace(year=oldest, day=1), zone)
    return Span(first.begin, period_of(CalendarUnit.YEAR, day, zone).end)


PUBLIC_PARTICIPATION = ByKey(lambda _: (), (Listing("communities", _communities),), NO_POPULATION)
"""Each community with a population: what its public reported, by who lives there by the newest number.

The number is that of the year in which the period begins, or the newest of the ten years before.
"""


def _duties(grounds: Grounds) -> Duties | Words:
    found = grounds.standing(Register.INSPECTION_DUTY, grounds.span.start, grounds.span.end)
    return Duties(found) if found else NO_DUTY


def _registered(grounds: Grounds, _duties: Duties, behind: Behind) -> Walk:
    """How many were registered, by group."""
    groups = None if behind.group is None else [behind.group]
    for group, total in sorted(grounds.counts("registered", grounds.asked.group_by, groups).items()):
        if behind.key is None or group > behind.key:
            yield group, Part(PartKind.INSIDE, "registered", 0, total, group=group)


def _missed(grounds: Grounds, duties: Duties, behind: Behind) -> Walk:
    """Verified public reports that collectors had to find, in the order of their registration."""
    wanted = Narrowed(0, behind.key, behind.group, duties.codes, duties.grids)
    for found in behind.steps(lambda step, last: verified(grounds, wanted, step, last)):
        for one in found:
            if duties.bind(one.code, one.grid, one.told_at):
                yield one.cursor, Part(PartKind.CASE, one.case, 1, 0, 0, one.group, one.told_at, None, one.number)
        yield found[-1].cursor, None


def verified(grounds: Grounds, wanted: Narrowed, step: int, last: VerifiedReport | None) -> Sequence[VerifiedReport]:
    """So many of the wanted reports behind the last of the step before. Raises `BadCursor`."""
    cursor = wanted.cursor if last is None else last.cursor
    return grounds.unit.public_reports.verified(grounds.asked, wanted._replace(limit=step, cursor=cursor))


MISSED_REPORTS = ByKey(_duties, (Listing("registered", _registered), Listing("missed", _missed)))
"""Registered cases, and each verified public report among them that a collector had to find (漏报)."""
