"""Events, alerts, series and commands as clients read them."""

from pydantic import AwareDatetime, JsonValue

from central.api.answers.answer import Answer, fields
from central.core.alerting.alerts import AlertView
from central.core.fleet.devices import CommandRecord, SeriesPoint
from central.core.fleet.series import SeriesHour
from central.core.values import AlertKind, AlertState, CommandState, Event, NoticeKind, NoticeState
from protocol.messages import CommandName, LookFinding


class EventAnswer(Answer):
    """A report of a box as central stored it; `corrected_time` takes the box's clock error out."""

    id: str
    box: str
    epoch: str
    seq: int
    type: str
    time: AwareDatetime
    corrected_time: AwareDatetime
    received_at: AwareDatetime
    camera: str | None
    episode: str | None
    phase: str | None
    case: str | None
    data: JsonValue


class NoticeAnswer(Answer):
    """What was told about an alert, and whether it arrived."""

    kind: NoticeKind
    state: NoticeState
    delivered_at: AwareDatetime | None
    attempts: int


class AlertAnswer(Answer):
    """Something is wrong with a camera or a box."""

    id: str
    kind: AlertKind
    subject: str
    box: str
    camera: str | None
    reason: str
    since: AwareDatetime
    raised_at: AwareDatetime
    cleared_at: AwareDatetime | None
    state: AlertState
    notices: list[NoticeAnswer]


class PointAnswer(Answer):
    """One figure at one time."""

    at: AwareDatetime
    value: float


class SeriesAnswer(Answer):
    """A metric of one box or camera, oldest first."""

    metric: str
    entity: str
    points: list[PointAnswer]


class HourAnswer(Answer):
    """All points of the hour that begins at `at`: how many, their mean, the least and the greatest."""

    at: AwareDatetime
    count: int
    mean: float
    minimum: float
    maximum: float


class HoursAnswer(Answer):
    """A metric of one box or camera by the hour, oldest first."""

    metric: str
    entity: str
    hours: list[HourAnswer]


class CommandAnswer(Answer):
    """A command and how far it has come."""

    id: str
    name: CommandName
    box: str
    camera: str | None
    deadline: AwareDatetime
    state: CommandState
    requested_by: str
    requested_at: AwareDatetime
    updated_at: AwareDatetime
    detail: str
    evidence: str | None
    finding: LookFinding | None


def show_event(event: Event) -> EventAnswer:
    """A stored report."""
    return EventAnswer.model_validate(event)


def show_alert(view: AlertView) -> AlertAnswer:
    """An alert with what was told about it."""
    notices = [NoticeAnswer.model_validate(notice) for notice in view.notices]
    return AlertAnswer(**fields(view.alert), notices=notices)


def show_point(point: SeriesPoint) -> PointAnswer:
    """A figure."""
    return PointAnswer.model_validate(point)


def show_hour(hour: SeriesHour) -> HourAnswer:
    """An hour of figures."""
    return HourAnswer.model_validate(hour)


def show_command(record: CommandRecord) -> CommandAnswer:
    """A command."""
    command = record.command
    return CommandAnswer(
        **fields(record), id=command.command, name=command.name, camera=command.camera, deadline=command.deadline
    )
