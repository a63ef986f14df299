"""Figures of the office: cases handled inside, cameras that somebody uses."""

from collections.abc import Callable, Iterator

from central.core.kpis import Part, PartKind, Period, Reading, filled
from central.core.kpis.periods import CalendarUnit, period_of
from central.core.registers import Register
from central.services.figures.camera_rows import CameraRow
from central.services.figures.measuring.grounds import Grounds
from central.services.figures.measuring.of_cameras import OfCameras
from protocol.texts import Words

NO_OUTSIDE = Words(zh="未登记{month}平台外办理的案件数", en="the cases handled outside in {month} were not noted")
NO_MONTHS = Words(
    zh="平台外办理数按月登记，请按整月查询", en="cases handled outside are noted by months; ask for whole months"
)


def case_usage(grounds: Grounds) -> Reading:
    """Cases registered in the period, and those that its months say were handled outside: a part a month, hence few."""
    months = _months(grounds)
    if months is None:
        return Reading((), NO_MONTHS)
    noted = {
        one.starts_at: one for one in grounds.standing(Register.OUTSIDE_CASES, grounds.span.start, grounds.span.end)
    }
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
