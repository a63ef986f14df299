"""Figures of the office: use of seats, platform and cameras, participation, what collectors missed."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from central.core.kpis import COUNTERS, CaseFact, Part, PartKind, Period, Reading, filled
from central.core.kpis.periods import CalendarUnit, period_of
from central.core.registers import Register, Written
from central.services.figures.camera_rows import CameraRow
from central.services.figures.measuring.grounds import Grounds
from central.services.figures.measuring.of_cameras import OfCameras
from central.stores.ports import Asked, Kept, PageRequest
from protocol.texts import Words

HOUR_S = 3600
CASES_A_PAGE = 500
POPULATION_YEARS = 10
"""A census is taken each ten years: an older number is none."""
NO_ROSTER = Words(zh="这一时段没有排班", en="there is no roster of this period")
NO_OUTSIDE = Words(zh="未登记{month}平台外办理的案件数", en="the cases handled outside in {month} were not noted")
NO_MONTHS = Words(
    zh="平台外办理数按月登记，请按整月查询", en="cases handled outside are noted by months; ask for whole months"
)
NO_POPULATION = Words(
    zh="未登记这一年或之前的常住人口", en="no population was noted for this year or one of the ten before"
)
NO_DUTY = Words(
    zh="未登记采集员应巡查的类别与网格", en="it was not noted which classes collectors have to find in which grids"
)


def seat_usage(grounds: Grounds) -> Reading:
    """Each shift's seconds within the period, and those of its hours in which its person did something."""
    shifts = _standing(grounds, Register.ROSTER)
    if not shifts:
        return Reading((), NO_ROSTER)
    acts = grounds.unit.registers.acts({one.party for one in shifts}, grounds.span)
    return Reading([_shift(one, grounds, acts.get(one.party, ())) for one in shifts])


def _shift(shift: Written, grounds: Grounds, acts: Sequence[datetime]) -> Part:
    """Hours are counted from the beginning of the shift; the last one may be short."""
    begin, end = max(shift.starts_at, grounds.span.start), min(shift.ends_at, grounds.span.end)
    total_s = (end - begin).total_seconds()
    hours = {int((at - begin).total_seconds() // HOUR_S) for at in acts if begin <= at < end}
    active_s = sum(min(HOUR_S, total_s - hour * HOUR_S) for hour in hours)
    group = {"seat": shift.subject, "person": shift.party}.get(grounds.asked.group_by or "", "")
    return Part(PartKind.SHIFT, shift.subject, active_s, total_s, 0, group, begin, end, shift.party)


def case_usage(grounds: Grounds) -> Reading:
    """Cases registered in the period, and those that its months say were handled outside."""
    months = _months(grounds)
    if months is None:
        return Reading((), NO_MONTHS)
    noted = {one.starts_at: one for one in _standing(grounds, Register.OUTSIDE_CASES)}
    inside = grounds.counts("registered").get("", 0)
    parts = [Part(PartKind.INSIDE, "registered", inside, inside)]
    for month in months:
        named = f"{month.begin.astimezone(month.zone):%Y-%m}"
        one = noted.get(month.begin)
        if one is None:
            return Reading((), filled(NO_OUTSIDE, month=Words(named, named)))
        parts.append(Part(PartKind.OUTSIDE, named, 0, one.amount, 0, "", month.begin, month.end, one.source))
    return Reading(parts)


def _months(grounds: Grounds) -> list[Period] | None:
    """The months of the period that have begun; None where it is not made of whole ones."""
    period = grounds.asked.period
    month = period_of(CalendarUnit.MONTH, period.first_day, period.zone)
    found = []
    while month.begin < period.end:
        if month.begin < period.begin or month.end > period.end:
            return None
        if month.begin < grounds.span.end:
            found.append(month)
        month = period_of(CalendarUnit.MONTH, month.end.astimezone(period.zone).date(), period.zone)
    return found


def _usage(grounds: Grounds) -> Callable[[CameraRow], Iterator[Part]]:
    viewed = {view.camera for view in grounds.unit.registers.views(grounds.span)}
    found = grounds.counts("registered_not_voided", "camera")

    def parts_of(row: CameraRow) -> Iterator[Part]:
        if row.time.total_s:
            note = "viewed" if row.camera in viewed else "case" if found.get(row.camera) else ""
            yield Part(PartKind.CAMERA, row.camera, float(note != ""), 1, note=note)

    return parts_of


CAMERA_USAGE = OfCameras(_usage)
"""Each camera of the period: viewed, or with a case that was registered and not voided."""


def public_participation(grounds: Grounds) -> Reading:
    """Each community with a population: what its public reported, by who lives there by the newest number.

    The number is that of the year in which the period begins, or the newest of the ten years before.
    """
    newest: dict[str, Written] = {}
    for one in sorted(_populations(grounds), key=lambda one: one.starts_at):
        newest[one.subject] = one
    if not newest:
        return Reading((), NO_POPULATION)
    told = grounds.counts("reported_public", "community")
    by = grounds.asked.group_by
    return Reading([
        Part(PartKind.COMMUNITY, one.subject, told.get(one.subject, 0), one.amount, 0, one.subject if by else "",
             one.starts_at, one.ends_at, one.source)
        for one in sorted(newest.values(), key=lambda one: one.subject)
    ])  # fmt: skip


def _populations(grounds: Grounds) -> list[Written]:
    period = grounds.asked.period
    day = period.first_day
    year = period_of(CalendarUnit.YEAR, day, period.zone)
    first = period_of(CalendarUnit.YEAR, day.replace(year=day.year - POPULATION_YEARS, day=1), period.zone)
    return grounds.standing(Register.POPULATION, first.begin, year.end)


def missed_reports(grounds: Grounds) -> Reading:
    """Registered cases, and each verified public report among them that a collector had to find (漏报)."""
    duties = _standing(grounds, Register.INSPECTION_DUTY)
    if not duties:
        return Reading((), NO_DUTY)
    by = grounds.asked.group_by
    parts = [
        Part(PartKind.INSIDE, "registered", 0, total, group=group)
        for group, total in grounds.counts("registered", by).items()
    ]
    for fact in _public_true(grounds):
        at = fact.reported_at or fact.opened_at
        if any(_binds(duty, fact.code, fact.grid, at) for duty in duties):
            group = "" if by is None else str(getattr(fact, by))
            parts.append(Part(PartKind.CASE, fact.case, 1, 0, 0, group, at, None, fact.number))
    return Reading(parts)


def _binds(duty: Written, code: str, grid: str, at: datetime) -> bool:
    if not duty.starts_at <= at < duty.ends_at:
        return False
    return code.startswith(duty.subject) and grid.startswith(duty.party)


def _public_true(grounds: Grounds) -> Iterator[CaseFact]:
    counted, cursor = COUNTERS["registered_public_true"], None
    asked = Asked(grounds.asked.period, grounds.as_of)
    while True:
        kept = Kept(counted.cohort, counted.condition)
        page = grounds.unit.facts.rows(asked, kept, PageRequest(CASES_A_PAGE, cursor))
        yield from page.items
        cursor = page.next
        if cursor is None:
            return


def _standing(grounds: Grounds, register: Register) -> list[Written]:
    return grounds.standing(register, grounds.span.start, grounds.span.end)
