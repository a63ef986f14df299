"""Bytes to messages and back. The only parser of wire data."""

import json
import re
from typing import Annotated, Any

from pydantic import Discriminator, Tag, TypeAdapter, ValidationError

from protocol.errors import MalformedMessage, SequenceClaim, UnsupportedVersion
from protocol.messages import (
    MESSAGE_BYTES_MAX,
    MESSAGE_CLASSES,
    PROTOCOL_MAJOR,
    SEQ_MAX,
    BirthMessage,
    CameraMessage,
    CentralMessage,
    CommandMessage,
    ConfigMessage,
    Envelope,
    GapMessage,
    HeartbeatMessage,
    Message,
    ResultMessage,
    SceneMessage,
    StateMessage,
    UnknownMessage,
    WatermarkMessage,
    type_of,
)

READ_MAJORS = frozenset({PROTOCOL_MAJOR, PROTOCOL_MAJOR - 1})
_KNOWN_TYPES = {type_of(message_class) for message_class in MESSAGE_CLASSES}
_UNKNOWN = "unknown"
_MAJOR = re.compile(r"^urn:gridwarden:[a-z-]+:(\d+)\.\d+$")
_EPOCH = re.compile(r"[0-9a-f]{16}")
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_ERRORS_SHOWN_MAX = 3


def _tag(value: Any) -> str:  # noqa: ANN401 - pydantic hands over raw JSON or a model
    kind = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return kind if kind in _KNOWN_TYPES else _UNKNOWN


_ADAPTER: TypeAdapter[Message] = TypeAdapter(
    Annotated[
        Annotated[SceneMessage, Tag("gw.event.scene")]
        | Annotated[CameraMessage, Tag("gw.event.camera")]
        | Annotated[GapMessage, Tag("gw.event.gap")]
        | Annotated[StateMessage, Tag("gw.state")]
        | Annotated[BirthMessage, Tag("gw.birth")]
        | Annotated[HeartbeatMessage, Tag("gw.heartbeat")]
        | Annotated[ConfigMessage, Tag("gw.config")]
        | Annotated[ResultMessage, Tag("gw.result")]
        | Annotated[CommandMessage, Tag("gw.command")]
        | Annotated[WatermarkMessage, Tag("gw.watermark")]
        | Annotated[CentralMessage, Tag("gw.central")]
        | Annotated[UnknownMessage, Tag(_UNKNOWN)],
        Discriminator(_tag),
    ]
)


def encode(message: Envelope) -> bytes:
    """JSON of a message, without the fields that are not set; raises `ValueError` above `MESSAGE_BYTES_MAX`."""
    payload = message.model_dump_json(exclude_none=True).encode()
    if len(payload) > MESSAGE_BYTES_MAX:
        raise ValueError(f"a message may have {MESSAGE_BYTES_MAX} bytes, this one has {len(payload)}")
    return payload


def decode(payload: bytes) -> Message:
    """Parse a payload.

    Raises `MalformedMessage`, or `UnsupportedVersion` for a major version outside `READ_MAJORS`; both carry the
    `(epoch, seq)` the payload claims, where it can be read, and never quote the payload.
    """
    if len(payload) > MESSAGE_BYTES_MAX:
        raise MalformedMessage(f"oversize: {len(payload)} bytes, at most {MESSAGE_BYTES_MAX}")
    try:
        message = _ADAPTER.validate_json(payload)
    except ValidationError as error:
        raise _fault(payload, _summary(error)) from None
    if _major(message.dataschema) not in READ_MAJORS:
        raise _fault(payload, "")
    if _NUL.search(payload):  # no text of any use holds it, and not every database can keep it
        raise _fault(payload, "a text holds NUL")
    return message


def _summary(error: ValidationError) -> str:
    faults = error.errors(include_input=False, include_url=False, include_context=False)
    shown = "; ".join(
        f"{'.'.join(str(step) for step in fault['loc']) or 'payload'}: {fault['type']}"
        for fault in faults[:_ERRORS_SHOWN_MAX]
    )
    more = f" and {len(faults) - _ERRORS_SHOWN_MAX} more" if len(faults) > _ERRORS_SHOWN_MAX else ""
    return shown[:500] + more


def _major(dataschema: object) -> int | None:
    match = _MAJOR.match(dataschema) if isinstance(dataschema, str) else None
    return int(match[1]) if match else None


def _fault(payload: bytes, reason: str) -> MalformedMessage:
    try:
        raw = json.loads(payload)
    except (ValueError, RecursionError):
        return MalformedMessage(reason)
    if not isinstance(raw, dict):
        return MalformedMessage(reason)
    claim = _claim(raw)
    major = _major(raw.get("dataschema"))
    if major is not None and major not in READ_MAJORS:
        read = ", ".join(str(number) for number in sorted(READ_MAJORS))
        return UnsupportedVersion(f"schema major version {major}; this release reads {read}", claim)
    return MalformedMessage(reason, claim)


def _claim(raw: dict[str, object]) -> SequenceClaim | None:
    epoch, seq = raw.get("epoch"), raw.get("seq")
    if not (isinstance(epoch, str) and _EPOCH.fullmatch(epoch)):
        return None
    if isinstance(seq, bool) or not isinstance(seq, int) or not 1 <= seq <= SEQ_MAX:
        return None
    return SequenceClaim(epoch, seq)


def is_own_source(message: Envelope, site: str, box: str) -> bool:
    """Whether the envelope names the box on whose topic it came."""
    return message.source == f"gw/{site}/{box}"


__all__ = ["READ_MAJORS", "decode", "encode", "is_own_source"]
