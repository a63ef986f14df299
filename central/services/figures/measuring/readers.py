"""The table of readers: one for each measure, and pages of what they read."""

from collections.abc import Callable, Mapping, Sequence

from central.core.kpis import Measure, Part, Reading
from central.core.values import Page
from central.services.figures.availability import DAYS_MAX, PeriodRefused
from central.services.figures.measuring import devices, field, money, office
from central.services.figures.measuring.grounds import Grounds
from central.services.figures.measuring.of_cameras import FOREIGN, PARTS_A_PAGE, OfCameras, place_of
from central.stores.ports import BadCursor, PageRequest
from protocol.texts import Words

NOT_BEGUN = Words(zh="这一时段尚未开始", en="this period has not begun")
TOO_LONG = Words(zh=f"时段超过{DAYS_MAX}天，请分段查询", en=f"the period is longer than {DAYS_MAX} days; ask for parts")

MEASURES: Mapping[Measure, Callable[[Grounds], Reading]] = {
    Measure.ONLINE_AT_END: devices.ONLINE_AT_END,
    Measure.ONLINE_TIME: devices.ONLINE_TIME,
    Measure.INTACT_TIME: devices.INTACT_TIME,
    Measure.CAMERA_FAILURES: devices.CAMERA_FAILURES,
    Measure.CAMERA_REPAIRS: devices.CAMERA_REPAIRS,
    Measure.PLATFORM_TIME: devices.platform_time,
    Measure.PLATFORM_FALLS: devices.platform_falls,
    Measure.PLATFORM_REPAIRS: devices.platform_repairs,
    Measure.SEAT_HOURS: office.seat_usage,
    Measure.CASES_INSIDE: office.case_usage,
    Measure.CAMERAS_USED: office.CAMERA_USAGE,
    Measure.PUBLIC_REPORTS: office.public_participation,
    Measure.MISSED_REPORTS: office.missed_reports,
    Measure.COST_OF_CAMERA_DAYS: money.COST_OF_CAMERA_DAYS,
    Measure.COST_OF_CLOSED_CASES: money.cost_of_closed_cases,
    Measure.CITIZENS_SATISFIED: money.citizens_satisfied,
    Measure.FREE_TRIALS: field.field_recall,
}


def read(measure: Measure, grounds: Grounds) -> Reading:
    """The parts of a figure, or why there are none."""
    if grounds.span.start >= grounds.span.end:
        return Reading((), NOT_BEGUN)
    try:
        return MEASURES[measure](grounds)
    except PeriodRefused:
        return Reading((), TOO_LONG)


def read_page(measure: Measure, grounds: Grounds, group: str | None, page: PageRequest) -> Page[Part]:
    """Some of the parts, those of one group where it is named; none where there is no figure. Raises `BadCursor`."""
    reader = MEASURES[measure]
    if not isinstance(reader, OfCameras):
        found = read(measure, grounds).parts
        return _page([part for part in found if group is None or part.group == group], page)
    if grounds.span.start >= grounds.span.end:
        return Page(())
    try:
        return reader.page(grounds, group, page)
    except PeriodRefused:
        return Page(())


def _page(parts: Sequence[Part], page: PageRequest) -> Page[Part]:
    (begin, camera), limit = place_of(page.cursor), max(1, min(page.limit, PARTS_A_PAGE))
    if camera is not None:
        raise BadCursor(FOREIGN)
    return Page(tuple(parts[begin : begin + limit]), str(begin + limit) if begin + limit < len(parts) else None)
