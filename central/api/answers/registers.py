"""Registers as clients read them."""

from datetime import datetime

from pydantic import Field

from central.api.answers.answer import Answer
from central.core.registers import Entry, Register


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
