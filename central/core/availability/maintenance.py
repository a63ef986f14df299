"""Planned maintenance: when which devices may be dark without being counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from central.core.availability.spans import Span, merged

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


class WindowRefused(ValueError):
    """This is no maintenance window; the text says why and what to do."""


def check_window(scope: Scope, subject: str, start: datetime, end: datetime, reason: str) -> None:
    """Raise `WindowRefused` for what can be no window."""
    if start >= end:
        raise WindowRefused("a window ends after it starts; look at both times")
    if (end - start).total_seconds() > HOURS_MAX * 3600:
        raise WindowRefused(f"a window lasts {HOURS_MAX} hours at most; give several")
    if not reason.strip():
        raise WindowRefused("a window needs a reason; write what is done")
    if len(reason) > REASON_CHARS_MAX:
        raise WindowRefused(f"a reason has {REASON_CHARS_MAX} characters at most")
    if (scope is Scope.PLATFORM) is bool(subject):
        raise WindowRefused(
            "the platform has no subject; leave it empty" if subject else f"name the {scope} that it is for"
        )


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
