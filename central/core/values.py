"""The words of central: enums and the frozen values that stores keep, services return and borders show.

All times are aware UTC datetimes. A camera is named by its key, `box.camera` (`protocol.identifiers.camera_key`).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from pydantic import JsonValue

from protocol.messages import EvidenceKind, Watermark

T_co = TypeVar("T_co", covariant=True)

RandomBytes = Callable[[int], bytes]
"""Gives that many unpredictable bytes; shells pass `secrets.token_bytes`."""

PAGE_LIMIT_DEFAULT = 100
PAGE_LIMIT_MAX = 500


def derived_id(prefix: str, *parts: str) -> str:
    """An id that the same parts always give: what is done twice is found twice."""
    return f"{prefix}-{hashlib.sha256(chr(31).join(parts).encode()).hexdigest()[:32]}"


class CaseSource(StrEnum):
    """Who or what reported; the number of each is in `SOURCE_NUMBERS`."""

    DETECTOR = "detector"
    COLLECTOR = "collector"
    INSPECTION = "inspection"
    HOTLINE = "hotline"
    MEDIA = "media"
    WEB = "web"
    VIDEO_PATROL = "video_patrol"
    SUPERVISION = "supervision"
    AI_PLATFORM = "ai_platform"


SOURCE_NUMBERS = {
    CaseSource.COLLECTOR: 1,
    CaseSource.INSPECTION: 2,
    CaseSource.HOTLINE: 11,
    CaseSource.MEDIA: 31,
    CaseSource.WEB: 33,
    CaseSource.VIDEO_PATROL: 34,
    CaseSource.SUPERVISION: 36,
    CaseSource.DETECTOR: 41,
    CaseSource.AI_PLATFORM: 41,
}
"""Source numbers of city practice. 41 is video analysis, whether by our own boxes or by another platform."""

PUBLIC_SOURCES = frozenset({CaseSource.HOTLINE, CaseSource.MEDIA, CaseSource.WEB})
"""What the public tells may be verified (核实) before it is taken."""


class Role(StrEnum):
    """What a person is here for; which posts of the case machine a role fills is a setting."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    TECHNICIAN = "technician"
    ACCEPTOR = "acceptor"
    LEADER = "leader"
    DISPATCHER = "dispatcher"
    DEPARTMENT = "department"
    COLLECTOR = "collector"
    SUPERVISOR = "supervisor"


class ActorKind(StrEnum):
    """What kind of actor a history row names."""

    PERSON = "person"
    BOX = "box"
    RULE = "rule"
    PARTNER = "partner"


class BoxCondition(StrEnum):
    """What central knows of a box: `waiting` has never been heard."""

    WAITING = "waiting"
    ONLINE = "online"
    OFFLINE = "offline"


class FactSource(StrEnum):
    """How a camera fact became known."""

    TRANSITION = "transition"
    HEARTBEAT = "heartbeat"
    RULE = "rule"


class AlertKind(StrEnum):
    """What is wrong."""

    CAMERA_OFFLINE = "camera_offline"
    BOX_OFFLINE = "box_offline"


class AlertState(StrEnum):
    """Whether it is still wrong."""

    OPEN = "open"
    CLEARED = "cleared"


class BoxOfflineReason(StrEnum):
    """Why a box counts as offline."""

    SILENT = "silent"
    LOST = "lost"
    STOPPED = "stopped"


class NoticeKind(StrEnum):
    """Whether a notice tells of a problem or of its end."""

    PROBLEM = "problem"
    RECOVERY = "recovery"


class NoticeState(StrEnum):
    """How far a notice has come; `dropped` is a recovery whose problem never reached anybody."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


class EvidenceState(StrEnum):
    """Whether the bytes of a picture have arrived."""

    PENDING = "pending"
    STORED = "stored"


class CommandState(StrEnum):
    """How far a command has come."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"


class DeadLetterReason(StrEnum):
    """Why a message could not be taken; it is kept and counted."""

    UNKNOWN_TOPIC = "unknown_topic"
    UNKNOWN_BOX = "unknown_box"
    UNKNOWN_TYPE = "unknown_type"
    MALFORMED = "malformed"
    OVERSIZE = "oversize"
    UNSUPPORTED_VERSION = "unsupported_version"
    FOREIGN_SOURCE = "foreign_source"
    WRONG_TOPIC = "wrong_topic"
    MISSING_SEQUENCE = "missing_sequence"
    FUTURE_DATED = "future_dated"
    SEQUENCE_CONFLICT = "sequence_conflict"
    ID_CONFLICT = "id_conflict"
    UNPROCESSABLE = "unprocessable"


class Tally(StrEnum):
    """What is counted while it happens, so that nobody has to count rows."""

    DEAD_LETTERS = "dead_letters"
    DEAD_LETTERS_KEPT = "dead_letters_kept"
    DEAD_LETTER_BYTES_KEPT = "dead_letter_bytes_kept"
    EVIDENCE_BYTES = "evidence_bytes"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a person by name (with a role, and the unit they belong to, if any), a box by id, a rule by name.

    A partner is an outside party's own system.
    """

    kind: ActorKind
    name: str
    role: Role | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Page(Generic[T_co]):
    """A part of a list; `next` is the opaque cursor of what follows, None at the end."""

    items: tuple[T_co, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message as the broker handed it over."""

    topic: str
    payload: bytes
    received_at: datetime
    retained: bool = False


@dataclass(frozen=True, slots=True)
class WatermarkDue:
    """A watermark to be published to one box."""

    site: str
    box: str
    watermark: Watermark


@dataclass(frozen=True, slots=True)
class ReceptionReport:
    """What became of a batch: counts of messages, and the watermarks its boxes should get."""

    committed: int
    duplicates: int
    dead: int
    watermarks: tuple[WatermarkDue, ...] = ()


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that could not be taken. `detail` never repeats the payload."""

    topic: str
    payload: bytes
    received_at: datetime
    reason: DeadLetterReason
    detail: str = ""
    box: str | None = None
    epoch: str | None = None
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A stored report of a box. `type` may be unknown to this release; `data` is the message's own."""

    id: str
    box: str
    epoch: str
    seq: int
    type: str
    time: datetime
    corrected_time: datetime
    received_at: datetime
    camera: str | None = None
    episode: str | None = None
    phase: str | None = None
    case: str | None = None
    data: JsonValue = None


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A picture that a case, an event or a command refers to; `episode` is that of the event, if it told of one."""

    sha256: str
    bytes: int
    at: datetime
    kind: EvidenceKind
    state: EvidenceState
    media_type: str = "image/jpeg"
    episode: str | None = None
