"""What each figure is about, in the order in which people look for it."""

from collections.abc import Mapping
from enum import StrEnum

from protocol.texts import Words


class Subject(StrEnum):
    """What a figure is about."""

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


SUBJECT_WORDS: Mapping[Subject, Words] = {
    Subject.REGISTRATION: Words(zh="上报与立案", en="Reports and registration"),
    Subject.DISPATCH: Words(zh="派遣", en="Dispatch"),
    Subject.HANDLING: Words(zh="处置", en="Handling"),
    Subject.CHECK: Words(zh="核查", en="Checks"),
    Subject.CLOSING: Words(zh="结案", en="Closing"),
    Subject.FINDING: Words(zh="发现来源", en="Where cases come from"),
    Subject.TIME: Words(zh="时长", en="Durations"),
    Subject.DEVICES: Words(zh="设备", en="Devices"),
    Subject.USE: Words(zh="使用与成本", en="Use and costs"),
    Subject.SATISFACTION: Words(zh="满意度", en="Satisfaction"),
}

FIGURES_ABOUT: Mapping[Subject, tuple[str, ...]] = {
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
    Subject.TIME: (
        "handling_time", "handling_time_work", "finding_to_handling_time", "finding_to_handling_time_work",
        "registration_to_closing_time", "registration_to_closing_time_work",
    ),
    Subject.DEVICES: (
        "camera_online_snapshot", "camera_online_rate", "camera_intact_rate", "camera_mtbf", "camera_mttr",
        "platform_availability", "platform_mtbf", "platform_mttr",
    ),
    Subject.USE: ("seat_usage", "case_usage", "camera_usage", "cost_per_camera_day", "cost_per_closed_case"),
    Subject.SATISFACTION: ("satisfaction",),
}  # fmt: skip
"""Every figure of the registry stands under one subject; a test holds the two together."""

SUBJECT_OF: Mapping[str, Subject] = {name: subject for subject, names in FIGURES_ABOUT.items() for name in names}
