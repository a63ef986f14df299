"""The table of readers: one for each measure."""

from collections.abc import Callable, Mapping

from central.core.kpis import Measure, Reading
from central.services.figures.availability import DAYS_MAX, PeriodRefused
from central.services.figures.measuring import devices, field, money, office
from central.services.figures.measuring.grounds import Grounds
from protocol.texts import Words

NOT_BEGUN = Words(zh="这一时段尚未开始", en="this period has not begun")
TOO_LONG = Words(zh=f"时段超过{DAYS_MAX}天，请分段查询", en=f"the period is longer than {DAYS_MAX} days; ask for parts")

MEASURES: Mapping[Measure, Callable[[Grounds], Reading]] = {
    Measure.ONLINE_AT_END: devices.online_at_end,
    Measure.ONLINE_TIME: devices.online_time,
    Measure.INTACT_TIME: devices.intact_time,
    Measure.CAMERA_FAILURES: devices.camera_failures,
    Measure.CAMERA_REPAIRS: devices.camera_repairs,
    Measure.PLATFORM_TIME: devices.platform_time,
    Measure.PLATFORM_FALLS: devices.platform_falls,
    Measure.PLATFORM_REPAIRS: devices.platform_repairs,
    Measure.SEAT_HOURS: office.seat_usage,
    Measure.CASES_INSIDE: office.case_usage,
    Measure.CAMERAS_USED: office.camera_usage,
    Measure.PUBLIC_REPORTS: office.public_participation,
    Measure.MISSED_REPORTS: office.missed_reports,
    Measure.COST_OF_CAMERA_DAYS: money.cost_of_camera_days,
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
