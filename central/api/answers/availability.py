"""Device figures as clients read them: every rate with what it is made of."""

from pydantic import AwareDatetime, BaseModel, Field

from central.api.answers.answer import Answer
from central.core.availability.maintenance import MaintenanceWindow, Scope
from central.core.availability.online_rate import Counted, DeviceTime, Rate, Snapshot, is_met, rate
from central.core.availability.reliability import Reliability
from central.core.availability.spans import Span
from central.core.availability.witnesses import SystemTime
from central.services.figures.availability import OnlineReport, SystemReport
from central.services.figures.camera_rows import CameraRow
from protocol.texts import Language


class TimesAnswer(Answer):
    """Seconds in each state."""

    online_s: float
    degraded_s: float
    offline_s: float
    unknown_s: float
    total_s: float


class RateAnswer(Answer):
    """Seconds and the rates of them; null where there is nothing to divide by."""

    hits_s: float
    unknown_s: float
    total_s: float
    lower: float | None = Field(description="Unknown time counted as offline; compare targets with this")
    upper: float | None = Field(description="Unknown time left out")
    ceiling: float | None = Field(description="Unknown time counted as online: no later fact lifts the rate above it")


class OnlineRateAnswer(BaseModel):
    """在线率 and 完好率 of all cameras in a period."""

    start: AwareDatetime
    end: AwareDatetime
    known_at: AwareDatetime = Field(description="Facts recorded later are not looked at")
    cameras: int
    online: RateAnswer
    intact: RateAnswer
    required: TimesAnswer = Field(description="What counts")
    planned: TimesAnswer = Field(description="In planned maintenance, which does not count")
    trial: TimesAnswer = Field(description="Before formal operation began (试运行), which does not count")
    formal_since: AwareDatetime | None
    excused_late: int = Field(description="Maintenance windows that were announced after they began")
    target: float
    met: bool | None = Field(description="Whether `online.lower` reaches the target")
    intact_target: float | None = Field(description="Null where nobody said one")
    intact_met: bool | None = Field(description="Whether `intact.lower` reaches `intact_target`")
    reason: str | None = Field(description="Why there is no figure")


class CameraRowAnswer(BaseModel):
    """A camera's part."""

    camera: str
    box: str
    site: str
    online: RateAnswer
    required: TimesAnswer
    planned: TimesAnswer
    trial: TimesAnswer
    failures: int
    mtbf_h: float | None
    mttr_min: float | None


class SnapshotAnswer(Answer):
    """How many cameras are good now."""

    good: int
    unknown: int
    total: int
    target: float | None = Field(description="Null where nobody said one")
    lower: float | None
    upper: float | None
    spare: int | None = Field(description="How many more may fail; negative: how many have to come back")


class ReliabilityAnswer(BaseModel):
    """MTBF and MTTR of one camera, box or vendor."""

    group: str = Field(description="A camera, a box, or a vendor; empty where no vendor is known")
    up_h: float
    down_h: float
    failures: int = Field(description="That began in the period")
    repairs: int = Field(description="Failures that ended in the period")
    mtbf_h: float | None = Field(description="Null without failures: more than `up_h`")
    mttr_min: float | None


class ReliabilityListAnswer(BaseModel):
    """By group."""

    items: list[ReliabilityAnswer]


class WitnessAnswer(BaseModel):
    """What became of a period by one witness, or by the worst at each moment."""

    witness: str
    up_s: float
    down_s: float
    unknown_s: float
    falls: int
    lower: float | None = Field(description="Unknown time counted as down")
    upper: float | None = Field(description="Unknown time left out")
    mtbf_h: float | None
    mttr_min: float | None


class AvailabilityAnswer(BaseModel):
    """系统可用率: a ratio, and beside it the hours between falls and the minutes that they lasted."""

    start: AwareDatetime
    end: AwareDatetime
    worst: WitnessAnswer
    target: float | None = Field(description="Null where nobody said one")
    met: bool | None = Field(description="Whether `worst.lower` reaches the target")
    witnesses: list[WitnessAnswer]
    counted_from: AwareDatetime | None = Field(
        description="The first word of any witness, where that lies in the period, or its start; null without a figure"
    )
    reason: str | None = Field(description="Why there is no figure; null where there is one")


class WindowAnswer(Answer):
    """A maintenance window."""

    id: str
    scope: Scope
    subject: str
    start: AwareDatetime
    end: AwareDatetime
    reason: str
    announced_by: str
    announced_at: AwareDatetime
    cancelled_at: AwareDatetime | None
    is_retroactive: bool = Field(description="Announced after it began")


def show_rate(found: Rate) -> RateAnswer:
    """A rate with its seconds."""
    return RateAnswer.model_validate(found)


def show_online(report: OnlineReport, language: Language) -> OnlineRateAnswer:
    """The figures of a period."""
    online, intact = (report.rate(one) for one in (Counted.ONLINE, Counted.INTACT))
    return OnlineRateAnswer(
        start=report.span.start,
        end=report.span.end,
        known_at=report.known_at,
        cameras=report.cameras,
        online=show_rate(online),
        intact=show_rate(intact),
        **_times(report.time),
        formal_since=report.formal_since,
        excused_late=report.excused_late,
        target=report.target,
        met=is_met(online.lower, report.target),
        intact_target=report.intact_target,
        intact_met=is_met(intact.lower, report.intact_target),
        reason=None if report.reason is None else report.reason.say(language),
    )


def show_row(row: CameraRow) -> CameraRowAnswer:
    """A camera behind the figures."""
    found = row.reliability
    return CameraRowAnswer(
        camera=row.camera,
        box=row.box,
        site=row.site,
        online=show_rate(rate([row.time.required])),
        **_times(row.time),
        failures=found.failures,
        mtbf_h=found.mtbf_h,
        mttr_min=found.mttr_min,
    )


def show_snapshot(found: Snapshot) -> SnapshotAnswer:
    """The figures of now."""
    return SnapshotAnswer.model_validate(found)


def show_reliability(group: str, found: Reliability) -> ReliabilityAnswer:
    """One group."""
    hours = {"up_h": found.up_s / 3600, "down_h": found.down_s / 3600}
    return ReliabilityAnswer(
        group=group,
        **hours,
        failures=found.failures,
        repairs=found.repairs,
        mtbf_h=found.mtbf_h,
        mttr_min=found.mttr_min,
    )


def show_system(report: SystemReport, language: Language) -> AvailabilityAnswer:
    """The platform in a period."""
    span: Span = report.span
    witnesses = [_witness(name, one) for name, one in sorted(report.witnesses.items())]
    return AvailabilityAnswer(
        start=span.start,
        end=span.end,
        worst=_witness("worst", report.worst),
        target=report.target,
        met=is_met(report.worst.lower, report.target),
        witnesses=witnesses,
        counted_from=report.counted_from,
        reason=None if report.reason is None else report.reason.say(language),
    )


def show_window(window: MaintenanceWindow) -> WindowAnswer:
    """A window."""
    return WindowAnswer.model_validate(window)


def _witness(name: str, found: SystemTime) -> WitnessAnswer:
    lasting = found.reliability
    return WitnessAnswer(
        witness=name,
        up_s=found.up_s,
        down_s=found.down_s,
        unknown_s=found.unknown_s,
        falls=found.falls,
        lower=found.lower,
        upper=found.upper,
        mtbf_h=lasting.mtbf_h,
        mttr_min=lasting.mttr_min,
    )


def _times(found: DeviceTime) -> dict[str, TimesAnswer]:
    parts = {"required": found.required, "planned": found.planned, "trial": found.trial}
    return {name: TimesAnswer.model_validate(part) for name, part in parts.items()}
