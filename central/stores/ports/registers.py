"""Registers that people keep, who looked at which camera, and who was at work."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from central.core.availability.spans import Span
from central.core.places.zone_grounds import ZoneGround
from central.core.registers import Entry, Register, Written
from central.core.values import Page
from central.stores.ports.records import PageRequest


@dataclass(frozen=True, slots=True)
class CameraView:
    """A person looked at a camera's pictures (调看) on a day of the city, first at `first_at`."""

    person: str
    camera: str
    day: date
    first_at: datetime


@dataclass(frozen=True, slots=True)
class DrawnGround:
    """The ground of a zone as somebody drew it."""

    ground: ZoneGround
    drawn_by: str
    drawn_at: datetime


class AskedEntries(NamedTuple):
    """Which entries that touch a time are listed, as known when: at most `limit`, behind one; only these of each."""

    span: Span
    known_at: datetime
    limit: int
    after: Written | None = None
    subject: str | None = None
    party: str | None = None


class RegisterStore(Protocol):
    """Versions of entries are added and never changed."""

    def hold(self) -> None:
        """Let nobody else add entries until this transaction ends."""
        ...

    def add(self, entries: Sequence[Entry]) -> None:
        """Append."""
        ...

    def versions(self, register: Register, span: Span, known_at: datetime) -> Sequence[Entry]:
        """The last version of each entry as noted up to `known_at`, withdrawn ones too, of those that touch `span`."""
        ...

    def shifts(self, asked: AskedEntries) -> Sequence[Written]:
        """Entries of the roster that stand, by beginning, seat and person."""
        ...

    def populations(self, asked: AskedEntries) -> Sequence[Written]:
        """The newest number of each community that stands, by community."""
        ...

    def last(self, keys: Collection[str]) -> Mapping[str, Entry]:
        """The last version of entries by key; those that are not there are left out."""
        ...

    def page(self, register: Register, page: PageRequest) -> Page[Entry]:
        """Last versions that are not withdrawn, last noted first. Raises `BadCursor`."""
        ...

    def draw(self, grounds: Sequence[ZoneGround], by: str, at: datetime) -> None:
        """Append: from then on these are the grounds of their zones."""
        ...

    def zone_grounds(self, known_at: datetime) -> Sequence[ZoneGround]:
        """The ground of each zone as drawn last up to `known_at`, by camera and zone."""
        ...

    def grounds(self, page: PageRequest) -> Page[DrawnGround]:
        """The same as of now, last drawn first, with who drew it. Raises `BadCursor`."""
        ...

    def see(self, views: Sequence[CameraView]) -> None:
        """Note views; the first of a person, camera and day stays."""
        ...

    def seen(self, person: str, cameras: Collection[str], day: date) -> Collection[str]:
        """Which of these cameras a person has viewed on a day."""
        ...

    def cameras_of_picture(self, sha256: str) -> Sequence[str]:
        """Keys of the cameras whose cases a picture belongs to."""
        ...

    def views(self, span: Span) -> Sequence[CameraView]:
        """Views first made in `span`, by camera."""
        ...

    def acts(self, persons: Collection[str], span: Span) -> Mapping[str, Sequence[datetime]]:
        """When persons acted on cases in `span`, in order, by name."""
        ...
