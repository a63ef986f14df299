"""Names of things, and how ids are made. Pure: random bytes and times are arguments."""

import hashlib
import re
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

ID_PATTERN = r"^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$"
CENTRAL_BOX_ID = "central"
"""Reserved: no box may be called so, because `gw/v1/{site}/central/state` is central's own topic."""

SiteId = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
BoxId = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
CameraId = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
ZoneId = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
SceneId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Epoch = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
MessageId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
CommandId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")]

_ID = re.compile(ID_PATTERN)


def is_id(text: str) -> bool:
    """Whether `text` may name a site, box, camera or zone."""
    return _ID.fullmatch(text) is not None


def camera_key(box: str, camera: str) -> str:
    """One name for a camera in the whole installation: camera ids are unique within their box, box ids everywhere."""
    return f"{box}.{camera}"


def episode_id(box: str, camera: str, zone: str, scene: str, started_at: datetime) -> str:
    """The same stay of the same thing has the same id, also after the box crashed and saw it again from a recording.

    `started_at` must be aware; it counts with millisecond precision.
    """
    started_ms = round(started_at.timestamp() * 1000)
    text = "\x1f".join((box, camera, zone, scene, str(started_ms)))
    return "ep-" + hashlib.sha256(text.encode()).hexdigest()[:32]


def scene_event_id(episode: str, update: int) -> str:
    """Id of report number `update` (0 = raised) of an episode."""
    return f"{episode}.{update}"


def uuid7(now: datetime, random_bytes: bytes) -> str:
    """A UUIDv7 (RFC 9562, 5.7) from an aware time and 10 random bytes."""
    if len(random_bytes) != 10:  # noqa: PLR2004 - the RFC's 74 random bits rounded up to bytes
        msg = "uuid7 needs exactly 10 random bytes"
        raise ValueError(msg)
    unix_ms = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    random_a = int.from_bytes(random_bytes[:2], "big") & 0x0FFF
    random_b = int.from_bytes(random_bytes[2:], "big") & ((1 << 62) - 1)
    return str(UUID(int=unix_ms << 80 | 0x7 << 76 | random_a << 64 | 0x2 << 62 | random_b))
