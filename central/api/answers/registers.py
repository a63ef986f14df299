"""Registers as clients read them."""

from datetime import datetime

from pydantic import Field

from central.api.answers.answer import Answer
from central.core.registers import Entry, Register
from central.stores.ports import DrawnGround


class EntryAnswer(Answer):
    """An entry of a register as it stands."""

    id: str
    kind: Register
    subject: str = Field(description="Seat, community or class")
    party: str = Field(description="Person, or grid")
    start: datetime
    end: datetime
    amount: int = Field(description="Cases, or people")
    source: str
    noted_by: str
    noted_at: datetime


def show_entry(entry: Entry) -> EntryAnswer:
    """One entry."""
    written = entry.written
    return EntryAnswer(
        id=written.key,
        kind=written.register,
        subject=written.subject,
        party=written.party,
        start=written.starts_at,
        end=written.ends_at,
        amount=written.amount,
        source=written.source,
        noted_by=entry.noted_by,
        noted_at=entry.noted_at,
    )


class ZoneGroundAnswer(Answer):
    """The ground of a zone of a camera."""

    camera: str
    zone: str
    rings: list[list[tuple[float, float]]] = Field(description="Longitude and latitude in WGS84: outline, then holes")
    drawn_by: str
    drawn_at: datetime


def show_ground(drawn: DrawnGround) -> ZoneGroundAnswer:
    """One ground."""
    ground = drawn.ground
    return ZoneGroundAnswer(
        camera=ground.camera,
        zone=ground.zone,
        rings=[list(ring) for ring in ground.rings],
        drawn_by=drawn.drawn_by,
        drawn_at=drawn.drawn_at,
    )


class TakenAnswer(Answer):
    """What became of a table."""

    entries: int
    new: int = Field(description="Those that say something new; the others stood so already")
