"""Which figures stand together, and which come first. Pure."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from central.core.kpis import INDICATORS, Duration, Spread, Unit


class Subject(StrEnum):
    """What a figure is about, in the order in which subjects are shown."""

    REGISTRATION = "registration"
    DISPATCH = "dispatch"
    HANDLING = "handling"
    CHECK = "check"
    CLOSING = "closing"
    FINDING = "finding"
    TIME = "time"
    DEVICES = "devices"
    USE = "use"
    SATISFACTION = "satisfaction"
    OTHER = "other"


HEADLINES = (
    "camera_online_rate",
    "registration_rate",
    "handling_in_time_rate",
    "closing_rate",
    "closing_within_limit_rate",
    "handling_time",
    "active_finding_rate",
)
_SUBJECTS: Mapping[Subject, tuple[str, ...]] = {
    Subject.REGISTRATION: (
        "registration_rate", "registration_rate_with_candidates", "valid_report_rate", "collector_valid_report_rate",
        "acceptance_in_time_rate", "verification_true_rate", "verification_in_time_rate",
        "verification_sent_in_time_rate", "duplicate_rate", "registration_in_time_rate", "registration_accuracy",
        "voiding_rate", "recurrence_rate",
    ),
    Subject.DISPATCH: ("dispatch_in_time_rate", "dispatch_accuracy"),
    Subject.HANDLING: ("handling_rate", "handling_in_time_rate", "late_rate", "rework_rate"),
    Subject.CHECK: ("check_in_time_rate", "check_sent_in_time_rate"),
    Subject.CLOSING: (
        "closing_rate", "closing_within_limit_rate", "event_closing_rate", "component_closing_rate",
        "desk_closing_in_time_rate", "fairness_spread",
    ),
    Subject.FINDING: (
        "active_finding_rate", "public_report_rate", "public_verified_rate", "public_participation", "collector_share",
        "missed_report_rate", "scene_precision", "field_recall",
    ),
    Subject.USE: ("seat_usage", "case_usage", "camera_usage", "cost_per_camera_day", "cost_per_closed_case"),
    Subject.SATISFACTION: ("satisfaction",),
}  # fmt: skip
_BY_FIGURE = {name: subject for subject, names in _SUBJECTS.items() for name in names}
_OF_DEVICES = ("camera", "device", "online", "intact", "box_", "system", "mtbf", "mttr", "availability")

Thing = TypeVar("Thing")


def subject_of(figure: str) -> Subject:
    """What a figure is about; of one that nobody has placed, as its unit and its id tell."""
    known = _BY_FIGURE.get(figure)
    if known is not None:
        return known
    if any(part in figure for part in _OF_DEVICES):
        return Subject.DEVICES
    match INDICATORS[figure].formula:
        case Duration():
            return Subject.TIME
        case Spread(of):
            return subject_of(of)
        case _:
            pass
    if INDICATORS[figure].unit is Unit.MONEY:
        return Subject.USE
    return Subject.SATISFACTION if figure.startswith("satisfaction") else Subject.OTHER


def by_subject(things: Iterable[tuple[str, Thing]]) -> Mapping[Subject, tuple[Thing, ...]]:
    """Things by the subject of the figure that each belongs to, in the order of subjects; empty ones are left out."""
    found: dict[Subject, list[Thing]] = {subject: [] for subject in Subject}
    for figure, thing in things:
        found[subject_of(figure)].append(thing)
    return {subject: tuple(listed) for subject, listed in found.items() if listed}
