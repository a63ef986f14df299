"""Planned maintenance: when which devices may be dark without being counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from central.core.availability.spans import Span, merged
from protocol.texts import Told, Words

HOURS_MAX = 31 * 24
REASON_CHARS_MAX = 500


class Scope(StrEnum):
    """What a window is for: the platform with everything, a site, a box with its cameras, or one camera."""

    PLATFORM = "platform"
    SITE = "site"
    BOX = "box"
    CAMERA = "camera"


@dataclass(frozen=True, slots=True)
class MaintenanceWindow:
    """Maintenance from `start` to `end`; `announced_at` is when central was told, perhaps too late to be a plan."""

    id: str
    scope: Scope
    subject: str
    start: datetime
    end: datetime
    reason: str
    announced_by: str
    announced_at: datetime
    cancelled_at: datetime | None = None

    @property
    def is_retroactive(self) -> bool:
        """Told after it began: it is excused, and shown as such."""
        return self.announced_at > self.start

    def as_known(self, at: datetime) -> "MaintenanceWindow":
        """As it stood at a moment from its announcement on: not cancelled yet, if that came later."""
        return self if self.cancelled_at is None or self.cancelled_at <= at else replace(self, cancelled_at=None)


BACKWARD = Words(zh="检修窗口应先开始后结束；请核对两个时刻", en="a window ends after it starts; look at both times")
TOO_LONG = Words(zh="一个窗口最长 {most} 小时；请分成几个", en="a window lasts {most} hours at most; give several")
NO_REASON = Words(zh="请写明检修原因", en="a window needs a reason; write what is done")
LONG_REASON = Words(zh="原因最多 {most} 个字", en="a reason has {most} characters at most")
NO_SUBJECT_WANTED = Words(zh="平台的窗口没有对象；请留空", en="the platform has no subject; leave it empty")
NO_SUBJECT = Words(zh="请写明是哪个{scope}", en="name the {scope} that it is for")
SCOPE_WORDS: Mapping[Scope, Words] = {
    Scope.PLATFORM: Words(zh="平台", en="platform"),
    Scope.SITE: Words(zh="站点", en="site"),
    Scope.BOX: Words(zh="盒子", en="box"),
    Scope.CAMERA: Words(zh="摄像机", en="camera"),
}


class WindowRefused(Told, ValueError):
    """This is no maintenance window; the text says why and what to do."""


def check_window(scope: Scope, subject: str, start: datetime, end: datetime, reason: str) -> None:
    """Raise `WindowRefused` for what can be no window."""
    if start >= end:
        raise WindowRefused(BACKWARD)
    if (end - start).total_seconds() > HOURS_MAX * 3600:
        raise WindowRefused(TOO_LONG, most=HOURS_MAX)
    if not reason.strip():
        raise WindowRefused(NO_REASON)
    if len(reason) > REASON_CHARS_MAX:
        raise WindowRefused(LONG_REASON, most=REASON_CHARS_MAX)
    if (scope is Scope.PLATFORM) is bool(subject):
        raise WindowRefused(NO_SUBJECT_WANTED if subject else NO_SUBJECT, scope=SCOPE_WORDS[scope])


@dataclass(frozen=True, slots=True)
class Maintenance:
    """All windows that touch a period, to be asked device by device."""

    windows: Sequence[MaintenanceWindow]

    def of_camera(self, camera: str, box: str, site: str) -> tuple[Span, ...]:
        """When a camera is excused, merged."""
        names = {Scope.PLATFORM: "", Scope.SITE: site, Scope.BOX: box, Scope.CAMERA: camera}
        return self._spans(one for one in self.windows if names[one.scope] == one.subject)

    def of_box(self, box: str, site: str) -> tuple[Span, ...]:
        """When a box is excused, merged."""
        names = {Scope.PLATFORM: "", Scope.SITE: site, Scope.BOX: box}
        return self._spans(one for one in self.windows if names.get(one.scope) == one.subject)

    def of_platform(self) -> tuple[Span, ...]:
        """When the platform itself is excused, merged."""
        return self._spans(one for one in self.windows if one.scope is Scope.PLATFORM)

    @staticmethod
    def _spans(windows: Iterable[MaintenanceWindow]) -> tuple[Span, ...]:
        return merged(Span(one.start, one.end) for one in windows if one.cancelled_at is None)
