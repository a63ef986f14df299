"""The table of readers: one for each measure, and pages of what they read."""

from collections.abc import Mapping

from central.core.kpis import Measure, Part, Reading
from central.core.values import Page
from central.services.figures.availability import DAYS_MAX, PeriodRefused
from central.services.figures.measuring import devices, field, finding, money, office, seats
from central.services.figures.measuring.grounds import Grounds
from central.services.figures.measuring.paged import Paged, Sliced
from central.stores.ports import PageRequest
from protocol.texts import Words

NOT_BEGUN = Words(zh="这一时段尚未开始", en="this period has not begun")
TOO_LONG = Words(zh=f"时段超过{DAYS_MAX}天，请分段查询", en=f"the period is longer than {DAYS_MAX} days; ask for parts")

MEASURES: Mapping[Measure, Paged] = {
    Measure.ONLINE_AT_END: devices.ONLINE_AT_END,
    Measure.ONLINE_TIME: devices.ONLINE_TIME,
    Measure.INTACT_TIME: devices.INTACT_TIME,
    Measure.CAMERA_FAILURES: devices.CAMERA_FAILURES,
    Measure.CAMERA_REPAIRS: devices.CAMERA_REPAIRS,
    Measure.PLATFORM_TIME: Sliced(devices.platform_time),
    Measure.PLATFORM_FALLS: Sliced(devices.platform_falls),
    Measure.PLATFORM_REPAIRS: Sliced(devices.platform_repairs),
    Measure.SEAT_HOURS: seats.SEAT_USAGE,
    Measure.CASES_INSIDE: Sliced(office.case_usage),
    Measure.CAMERAS_USED: office.CAMERA_USAGE,
    Measure.PUBLIC_REPORTS: finding.PUBLIC_PARTICIPATION,
    Measure.MISSED_REPORTS: finding.MISSED_REPORTS,
    Measure.COST_OF_CAMERA_DAYS: money.COST_OF_CAMERA_DAYS,
    Measure.COST_OF_CLOSED_CASES: Sliced(money.cost_of_closed_cases),
    Measure.CITIZENS_SATISFIED: Sliced(money.citizens_satisfied),
    Measure.FREE_TRIALS: field.FIELD_RECALL,
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
    if grounds.span.start >= grounds.span.end:
        return Page(())
    try:
        return MEASURES[measure].page(grounds, group, page)
    except PeriodRefused:
        return Page(())
