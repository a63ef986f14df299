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
