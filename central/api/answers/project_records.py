"""Records of the project as clients read them; money as decimal text, so that no digit is lost."""

from datetime import date
from typing import Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, Field

from central.core.evaluation.records import Acceptance, BudgetLine, Contract, DeviceLink, Payment, Records
from central.core.evaluation.remarks.hint import Hint
from central.core.project_records import Revision
from protocol.texts import Language

Kept = TypeVar("Kept")


class RevisionAnswer(BaseModel, Generic[Kept]):
    """One state of a record."""

    id: str
    revision: int = Field(description="Counts from 1; name it to correct or withdraw the record")
    year: int = Field(description="The project year that it belongs to")
    day: date | None = Field(description="When it happened or is due; null for a budget line")
    record: Kept
    entered_by: str
    entered_at: AwareDatetime
    source: str = Field(description="File and place it was imported from, or `api`")
    reason: str = Field(description="Why this revision was made; empty for the first")
    withdrawn: bool


class ChainAnswer(BaseModel):
    """All that hangs together with a record, from the budget down to the devices."""

    budget_lines: list[BudgetLine]
    contracts: list[Contract]
    payments: list[Payment]
    acceptances: list[Acceptance]
    devices: list[DeviceLink]


class FlagAnswer(BaseModel):
    """Records that contradict each other."""

    id: str = Field(examples=["payments_over_contract"])
    where: str = Field(examples=["records.contracts.c1"])
    text: str


class FlagsAnswer(BaseModel):
    """All that is flagged."""

    items: list[FlagAnswer]


def show_revision(one: Revision) -> RevisionAnswer[object]:
    """A revision."""
    return RevisionAnswer(
        id=one.id,
        revision=one.number,
        year=one.year,
        day=one.day,
        record=one.record,
        entered_by=one.entered_by,
        entered_at=one.entered_at,
        source=one.source,
        reason=one.reason,
        withdrawn=one.is_withdrawn,
    )


def show_chain(records: Records) -> ChainAnswer:
    """The records of a chain."""
    return ChainAnswer(
        budget_lines=records.budget_lines,
        contracts=records.contracts,
        payments=records.payments,
        acceptances=records.acceptances,
        devices=records.devices,
    )


def show_flag(one: Hint, language: Language) -> FlagAnswer:
    """A flag."""
    return FlagAnswer(id=one.id, where=one.where, text=one.say(language))
