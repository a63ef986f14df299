"""Whom central tells, and of what."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from central.core.exchange.changes import Change, ChangeKind

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


class Party(StrEnum):
    """What kind of authority a partner is (公安, 交警, 12345, 省平台 ...)."""

    POLICE = "police"
    TRAFFIC_POLICE = "traffic_police"
    HOTLINE_12345 = "hotline_12345"
    PROVINCE = "province"
    OTHER = "other"


class Wants(StrEnum):
    """Which changes a partner is sent; `transferred`: only of cases that were transferred to it."""

    EVERYTHING = "everything"
    CASES = "cases"
    CAMERAS = "cameras"
    TRANSFERRED = "transferred"


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner without its secret. `url` is empty where nothing is sent.

    `failures`: how often in a row it did not answer; until `next_attempt_at` it is left alone. `error`: why it did not.
    """

    name: str
    party: Party
    url: str
    wants: Wants
    added_at: datetime
    added_by: str
    next_attempt_at: datetime
    failures: int = 0
    error: str = ""


def wants(partner: Partner, change: Change, *, is_transferred: bool) -> bool:
    """Whether the partner is sent the change; `is_transferred`: the case was once transferred to it."""
    if not partner.url:
        return False
    match partner.wants:
        case Wants.EVERYTHING:
            return True
        case Wants.CASES:
            return change.kind is ChangeKind.CASE
        case Wants.CAMERAS:
            return change.kind is ChangeKind.CAMERA
        case Wants.TRANSFERRED:
            return is_transferred


def partner_name(name: str) -> str:
    """A partner's name; `ValueError` says what is wrong with it."""
    if not _NAME.fullmatch(name):
        raise ValueError("a partner's name has a-z, 0-9 and -, 64 characters at most, like police-gangu")
    return name
