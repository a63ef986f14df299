"""Boxes and cameras: registering, joining, listing, watermarks to resend."""

from datetime import datetime

from central.core.access import JoinPolicy
from central.core.devices import BoxView, Camera, CameraFact, SeriesPoint
from central.core.values import Actor, Page, RandomBytes, WatermarkDue
from central.stores.ports import PageRequest, Stores
from protocol.joining import JoinGrant, JoinRequest


class FleetRefused(ValueError):
    """A box cannot be registered; the text says why."""


class BoxUnknown(LookupError):
    """There is no such box."""


class CameraUnknown(LookupError):
    """There is no such camera."""


class JoinRefused(Exception):
    """A join code does not open the door. Outside all kinds look the same."""


class JoinCodeUnknown(JoinRefused):
    """No such code was given out."""


class JoinCodeUsed(JoinRefused):
    """The code opened the door once already."""


class JoinCodeExpired(JoinRefused):
    """The code is too old."""


class TooManyGuesses(Exception):
    """This peer tried too many wrong codes; `retry_after_s` tells when it may come back."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__("too many wrong join codes; wait and check the code with the office")
        self.retry_after_s = retry_after_s


class Fleet:
    """Boxes, their cameras and their way in."""

    def __init__(self, stores: Stores, policy: JoinPolicy) -> None:
        self._stores = stores
        self._policy = policy

    def add_box(self, site: str, box: str, actor: Actor, now: datetime, random: RandomBytes) -> str:
        """Register a box (or renew the code of a registered one) and return its join code; it is told only here.

        Raises `FleetRefused` for a malformed or reserved id, or a box that belongs to another site.
        """
        raise NotImplementedError

    def join(self, request: JoinRequest, peer: str, now: datetime, random: RandomBytes) -> JoinGrant:
        """Exchange a code, once, for the box's connection and secret. `peer` is the caller's network address.

        Raises `JoinCodeUnknown`, `JoinCodeUsed`, `JoinCodeExpired`, `TooManyGuesses`.
        """
        raise NotImplementedError

    def boxes(self, page: PageRequest) -> Page[BoxView]:
        """By id; raises `BadCursor`."""
        raise NotImplementedError

    def box(self, box: str) -> BoxView:
        """One box; raises `BoxUnknown`."""
        raise NotImplementedError

    def cameras(self, page: PageRequest) -> Page[Camera]:
        """By key; raises `BadCursor`."""
        raise NotImplementedError

    def camera(self, camera: str) -> Camera:
        """One camera by key; raises `CameraUnknown`."""
        raise NotImplementedError

    def camera_states(
        self, camera: str, page: PageRequest, start: datetime | None = None, end: datetime | None = None
    ) -> Page[CameraFact]:
        """Facts about a camera, newest recorded first; raises `CameraUnknown`, `BadCursor`."""
        raise NotImplementedError

    def watermarks(self, now: datetime) -> tuple[WatermarkDue, ...]:
        """For every box that ever reported: where it stands and which pictures are missing; to be resent regularly."""
        raise NotImplementedError

    def series(
        self, metric: str, entity: str, start: datetime | None, end: datetime | None, limit: int
    ) -> tuple[SeriesPoint, ...]:
        """Newest `limit` points of one figure of a box or camera, oldest first; empty when there is none."""
        raise NotImplementedError
