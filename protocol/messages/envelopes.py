"""CloudEvents envelopes: one class for each type of message, and the three unions that receivers take apart."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, JsonValue, StringConstraints

from protocol.identifiers import BoxId, CameraId, Epoch, MessageId, SiteId
from protocol.messages.boxes import Birth, BoxStateReport, ConfigReport, GapRecord, Heartbeat
from protocol.messages.cameras import CameraTransition
from protocol.messages.commands import Command, CommandResult
from protocol.messages.scene_events import SceneEvent
from protocol.messages.watermark import CentralState, Watermark
from protocol.messages.wire import PROTOCOL_MAJOR, PROTOCOL_MINOR, SEQ_MAX, Seq, Text, Wire


class Envelope(Wire):
    """CloudEvents attributes and our extensions, common to all messages.

    `mono` is milliseconds since the sender's start as text (an extension integer has 32 bits only); `boot` counts the
    sender's starts; `epoch` and `seq` are set on `up/event` alone.
    """

    specversion: Literal["1.0"] = "1.0"
    id: MessageId
    source: Annotated[str, StringConstraints(pattern=r"^gw/[a-z0-9-]{1,32}/[a-z0-9-]{1,32}$")]
    time: AwareDatetime
    dataschema: Annotated[str, StringConstraints(pattern=r"^urn:gridwarden:[a-z-]{1,32}:\d{1,4}\.\d{1,4}$")]
    datacontenttype: Literal["application/json"] = "application/json"
    subject: CameraId | None = None
    boot: Annotated[int, Field(ge=0, le=SEQ_MAX)] = 0
    mono: Annotated[str, StringConstraints(pattern=r"^\d{1,16}$")] = "0"
    epoch: Epoch | None = None
    seq: Seq | None = None
    clksync: bool | None = None
    clkoffset: Annotated[int, Field(ge=-(2**31), le=2**31 - 1)] | None = None
    clksrc: Text | None = None


class SceneMessage(Envelope):
    """`up/event`: a scene."""

    type: Literal["gw.event.scene"] = "gw.event.scene"
    data: SceneEvent


class CameraMessage(Envelope):
    """`up/event`: a camera changed state."""

    type: Literal["gw.event.camera"] = "gw.event.camera"
    data: CameraTransition


class GapMessage(Envelope):
    """`up/event`: reports were lost, and counted."""

    type: Literal["gw.event.gap"] = "gw.event.gap"
    data: GapRecord


class StateMessage(Envelope):
    """`up/state`, retained; also the will."""

    type: Literal["gw.state"] = "gw.state"
    data: BoxStateReport


class BirthMessage(Envelope):
    """`up/birth`."""

    type: Literal["gw.birth"] = "gw.birth"
    data: Birth


class HeartbeatMessage(Envelope):
    """`up/hb`."""

    type: Literal["gw.heartbeat"] = "gw.heartbeat"
    data: Heartbeat


class ConfigMessage(Envelope):
    """`up/cfg`."""

    type: Literal["gw.config"] = "gw.config"
    data: ConfigReport


class ResultMessage(Envelope):
    """`up/res/{command}`."""

    type: Literal["gw.result"] = "gw.result"
    data: CommandResult


class CommandMessage(Envelope):
    """`down/cmd/{command}`."""

    type: Literal["gw.command"] = "gw.command"
    data: Command


class WatermarkMessage(Envelope):
    """`down/ack`."""

    type: Literal["gw.watermark"] = "gw.watermark"
    data: Watermark


class CentralMessage(Envelope):
    """`gw/v1/{site}/central/state`."""

    type: Literal["gw.central"] = "gw.central"
    data: CentralState


class UnknownMessage(Envelope):
    """A well-formed envelope of a type that this release does not know: stored raw and counted, never dropped."""

    type: Annotated[str, StringConstraints(max_length=64)]
    data: JsonValue = None


KnownMessage = (
    SceneMessage
    | CameraMessage
    | GapMessage
    | StateMessage
    | BirthMessage
    | HeartbeatMessage
    | ConfigMessage
    | ResultMessage
    | CommandMessage
    | WatermarkMessage
    | CentralMessage
)
Message = KnownMessage | UnknownMessage
MESSAGE_CLASSES: tuple[type[Envelope], ...] = (
    SceneMessage,
    CameraMessage,
    GapMessage,
    StateMessage,
    BirthMessage,
    HeartbeatMessage,
    ConfigMessage,
    ResultMessage,
    CommandMessage,
    WatermarkMessage,
    CentralMessage,
)


def source(site: SiteId, box: BoxId) -> str:
    """CloudEvents `source` of a box (or of `central`)."""
    return f"gw/{site}/{box}"


def type_of(message_class: type[Envelope]) -> str:
    """CloudEvents `type` of a message class."""
    return str(message_class.model_fields["type"].default)


def dataschema_of(message_class: type[Envelope]) -> str:
    """CloudEvents `dataschema` that this release writes for a message class."""
    name = type_of(message_class).removeprefix("gw.").removeprefix("event.")
    return f"urn:gridwarden:{name}:{PROTOCOL_MAJOR}.{PROTOCOL_MINOR}"
