"""What a notice says: kinds of text and the values that fill them."""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from central.core.values import NoticeKind, NoticeState


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be told to people. `values` fill the placeholders of its text; nothing in them is secret."""

    id: str
    alert: str
    kind: NoticeKind
    state: NoticeState
    created_at: datetime
    next_attempt_at: datetime
    attempts: int = 0
    delivered_at: datetime | None = None
    error: str = ""
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoticePolicy:
    """How people are told. `public_url` has no slash at its end; links in notices start with it."""

    timezone: tzinfo
    public_url: str
    retry_s_min: float = 5.0
    retry_s_max: float = 300.0
    attempts_max: int = 200


@dataclass(frozen=True, slots=True)
class ComposedNotice:
    """A notice in words, ready for a channel. `urgent` tells problems from recoveries."""

    id: str
    title: str
    body: str
    urgent: bool
    attempts: int
