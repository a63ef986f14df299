"""Whether a delivery is a message that central can take at all; decided without looking at anything stored."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from central.core.values import DeadLetter, DeadLetterReason, Delivery
from protocol.codec import decode, is_own_source
from protocol.errors import MalformedMessage, UnknownTopic, UnsupportedVersion
from protocol.messages import (
    MESSAGE_BYTES_MAX,
    BirthMessage,
    CameraMessage,
    ConfigMessage,
    Envelope,
    GapMessage,
    HeartbeatMessage,
    ResultMessage,
    SceneMessage,
    StateMessage,
    UnknownMessage,
)
from protocol.plain_text import shown
from protocol.topics import Up, UpTopic, parse_up

FUTURE_S_MAX = 86_400.0
TIME_MIN = datetime(1969, 1, 1, tzinfo=UTC)
"""A box whose clock has lost its battery starts in 1970; what is older is no time."""
TOPIC_LENGTH_MAX = 200
DEAD_PAYLOAD_BYTES_MAX = 65_536

EventMessage = SceneMessage | CameraMessage | GapMessage | UnknownMessage
DeviceMessage = StateMessage | BirthMessage | HeartbeatMessage | ConfigMessage | ResultMessage
BoxMessage = EventMessage | DeviceMessage
_TYPES: dict[Up, tuple[type[Envelope], ...]] = {
    Up.EVENT: (SceneMessage, CameraMessage, GapMessage, UnknownMessage),
    Up.STATE: (StateMessage,),
    Up.BIRTH: (BirthMessage,),
    Up.HEARTBEAT: (HeartbeatMessage,),
    Up.CONFIG: (ConfigMessage,),
    Up.RESULT: (ResultMessage,),
}
_NOT_FOR_TOPIC = (DeadLetterReason.WRONG_TOPIC, "a message of another topic")


@dataclass(frozen=True, slots=True)
class Admitted:
    """A message that may be dealt with."""

    delivery: Delivery
    topic: UpTopic
    message: BoxMessage


@dataclass(frozen=True, slots=True)
class Refused:
    """A message that becomes a dead letter; `message` is its id where it could be read."""

    letter: DeadLetter
    site: str | None = None
    message: str | None = None


def admit(delivery: Delivery, now: datetime) -> Admitted | Refused:
    """Decode and check topic, version, source, kind, sequence and time."""
    try:
        topic = parse_up(delivery.topic)
    except UnknownTopic as error:
        return Refused(dead_letter(delivery, DeadLetterReason.UNKNOWN_TOPIC, str(error)))
    try:
        message = decode(delivery.payload)
    except UnsupportedVersion as error:
        return _malformed(delivery, topic, DeadLetterReason.UNSUPPORTED_VERSION, error)
    except MalformedMessage as error:
        oversize = len(delivery.payload) > MESSAGE_BYTES_MAX
        reason = DeadLetterReason.OVERSIZE if oversize else DeadLetterReason.MALFORMED
        return _malformed(delivery, topic, reason, error)
    fault = _fault(message, topic, now)
    if fault is None and isinstance(message, BoxMessage):
        return Admitted(delivery, topic, message)
    return refuse(delivery, topic, message, *(fault or _NOT_FOR_TOPIC))


def refuse(
    delivery: Delivery, topic: UpTopic, message: Envelope, reason: DeadLetterReason, detail: str = ""
) -> Refused:
    """A readable message that is not taken; its place in the stream counts as dealt with."""
    place = (message.epoch, message.seq) if topic.kind is Up.EVENT else (None, None)
    letter = dead_letter(delivery, reason, detail, topic.box, *place)
    return Refused(letter, topic.site, message.id)


def dead_letter(  # noqa: PLR0913, PLR0917 - a dead letter is all of this
    delivery: Delivery,
    reason: DeadLetterReason,
    detail: str = "",
    box: str | None = None,
    epoch: str | None = None,
    seq: int | None = None,
) -> DeadLetter:
    """What is kept of a message that is not taken; `detail` must not repeat the payload."""
    topic = shown(delivery.topic[:TOPIC_LENGTH_MAX])[:TOPIC_LENGTH_MAX]
    payload = delivery.payload[:DEAD_PAYLOAD_BYTES_MAX]
    in_stream = epoch is not None and seq is not None
    return DeadLetter(
        topic,
        payload,
        delivery.received_at,
        reason,
        detail,
        box,
        epoch if in_stream else None,
        seq if in_stream else None,
    )


def _malformed(delivery: Delivery, topic: UpTopic, reason: DeadLetterReason, error: MalformedMessage) -> Refused:
    in_stream = error.claim if topic.kind is Up.EVENT else None
    epoch, seq = (in_stream.epoch, in_stream.seq) if in_stream is not None else (None, None)
    return Refused(dead_letter(delivery, reason, error.reason, topic.box, epoch, seq), topic.site)


def _fault(message: Envelope, topic: UpTopic, now: datetime) -> tuple[DeadLetterReason, str] | None:
    fits = isinstance(message, _TYPES[topic.kind])
    numbered = message.epoch is not None and message.seq is not None
    answers = not isinstance(message, ResultMessage) or message.data.command == topic.command
    ahead = _latest(message) - now > timedelta(seconds=FUTURE_S_MAX)
    checks = (
        (not is_own_source(message, topic.site, topic.box), DeadLetterReason.FOREIGN_SOURCE, "not the topic's box"),
        (not fits and isinstance(message, UnknownMessage), DeadLetterReason.UNKNOWN_TYPE, "a type of a later release"),
        (not fits, *_NOT_FOR_TOPIC),
        (not answers, DeadLetterReason.WRONG_TOPIC, "the result of another command"),
        (topic.kind is Up.EVENT and not numbered, DeadLetterReason.MISSING_SEQUENCE, "an event needs epoch and seq"),
        (ahead, DeadLetterReason.FUTURE_DATED, "more than a day ahead of central's clock"),
        (message.time < TIME_MIN, DeadLetterReason.MALFORMED, "a time before 1969"),
    )
    return next(((reason, detail) for wrong, reason, detail in checks if wrong), None)


def _latest(message: Envelope) -> datetime:
    """The latest time that a message speaks of, its own included."""
    told: tuple[datetime | None, ...] = ()
    match message:
        case SceneMessage(data=event):
            told = (event.started_at, event.raised_at, event.last_seen_at, event.ended_at)
        case CameraMessage(data=transition):
            told = (transition.since,)
        case HeartbeatMessage(data=heartbeat):
            told = tuple(time for camera in heartbeat.cameras for time in (camera.since, camera.last_frame_at))
        case _:
            pass
    return max(time for time in (message.time, *told) if time is not None)
