"""What a notice says: kinds of text and the values that fill them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo

from central.core.lengths import LENGTH_KEYS, length_words
from central.core.values import AlertKind, BoxOfflineReason, NoticeKind, NoticeState
from protocol.messages import CameraReason

REASONS = (*CameraReason, *BoxOfflineReason)
ERROR_LENGTH_MAX = 500

NOTICE_KEYS = (
    *(f"notice.{kind}.{when}.{part}" for kind in AlertKind for when in NoticeKind for part in ("title", "body")),
    *(f"reason.{reason}" for reason in (*REASONS, "none")),
    *(f"notice.try.{reason}" for reason in (*REASONS, "none")),
    "notice.picture",
    "notice.no_picture",
    *LENGTH_KEYS,
)
"""Every text that notices need. Titles and bodies may use {name}, {place}, {id}, {site}, {reason}, {since}, {until},
{length}, {picture} and {try}; `notice.picture` uses {url}."""

_WHEN = "%Y-%m-%d %H:%M:%S"


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


def compose(notice: Notice, alert_kind: AlertKind, texts: Mapping[str, str], policy: NoticePolicy) -> ComposedNotice:
    """Put a notice into words; `texts` has all of `NOTICE_KEYS`."""
    values = _words(notice.values, texts, policy)
    key = f"notice.{alert_kind}.{notice.kind}"
    return ComposedNotice(
        id=notice.id,
        title=texts[f"{key}.title"].format_map(values),
        body=texts[f"{key}.body"].format_map(values),
        urgent=notice.kind is NoticeKind.PROBLEM,
        attempts=notice.attempts,
    )


def after_failure(notice: Notice, error: str, now: datetime, policy: NoticePolicy) -> Notice:
    """The notice after a failed attempt: due again after a pause that doubles, given up after `attempts_max`."""
    attempts = notice.attempts + 1
    pause_s = min(policy.retry_s_max, policy.retry_s_min * 2 ** min(notice.attempts, 30))
    return replace(
        notice,
        attempts=attempts,
        error=error[:ERROR_LENGTH_MAX],
        next_attempt_at=now + timedelta(seconds=pause_s),
        state=NoticeState.FAILED if attempts >= policy.attempts_max else NoticeState.PENDING,
    )


def after_delivery(notice: Notice, now: datetime) -> Notice:
    """The notice once a channel took it."""
    return replace(notice, attempts=notice.attempts + 1, state=NoticeState.DELIVERED, delivered_at=now, error="")


def _words(values: Mapping[str, str], texts: Mapping[str, str], policy: NoticePolicy) -> dict[str, str]:
    since = datetime.fromisoformat(values["since"])
    until = datetime.fromisoformat(values["until"]) if values.get("until") else since
    reason = values.get("reason") or "none"
    picture = values.get("picture")
    link = f"{policy.public_url}/ui/pictures/{picture}"
    return {
        "id": values["id"],
        "name": values.get("name") or values["id"],
        "place": values.get("place") or values.get("name") or values["id"],
        "site": values.get("site", ""),
        "reason": texts[f"reason.{reason}"],
        "try": texts[f"notice.try.{reason}"],
        "since": since.astimezone(policy.timezone).strftime(_WHEN),
        "until": until.astimezone(policy.timezone).strftime(_WHEN),
        "length": length_words(max(until - since, timedelta(0)).total_seconds(), texts),
        "picture": texts["notice.picture"].format_map({"url": link}) if picture else texts["notice.no_picture"],
    }
