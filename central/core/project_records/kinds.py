"""Kinds of project records, and by which year or day each belongs to a period."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from central.core.evaluation.records import (
    Acceptance,
    BudgetLine,
    Contract,
    DeviceLink,
    Interview,
    Milestone,
    Payment,
    Survey,
    Training,
)

ProjectRecord = BudgetLine | Contract | Payment | Acceptance | DeviceLink | Training | Survey | Milestone | Interview


class RecordKind(StrEnum):
    """A kind, by the key under which a facts file lists it."""

    BUDGET_LINES = "budget_lines"
    CONTRACTS = "contracts"
    PAYMENTS = "payments"
    ACCEPTANCES = "acceptances"
    DEVICES = "devices"
    TRAININGS = "trainings"
    SURVEYS = "surveys"
    MILESTONES = "milestones"
    INTERVIEWS = "interviews"


VALUES: Mapping[RecordKind, type[ProjectRecord]] = {
    RecordKind.BUDGET_LINES: BudgetLine,
    RecordKind.CONTRACTS: Contract,
    RecordKind.PAYMENTS: Payment,
    RecordKind.ACCEPTANCES: Acceptance,
    RecordKind.DEVICES: DeviceLink,
    RecordKind.TRAININGS: Training,
    RecordKind.SURVEYS: Survey,
    RecordKind.MILESTONES: Milestone,
    RecordKind.INTERVIEWS: Interview,
}
_KINDS = {value: kind for kind, value in VALUES.items()}


def kind_of(record: ProjectRecord) -> RecordKind:
    """The kind of a record."""
    return _KINDS[type(record)]


def day_of(record: ProjectRecord) -> date | None:
    """The day on which it happened, or is due; None where it has none."""
    match record:
        case BudgetLine():
            return None
        case Contract():
            return record.signed
        case Payment():
            return record.paid
        case Milestone():
            return record.due
        case _:
            return record.on


def year_of(record: ProjectRecord) -> int | None:
    """The project year: the stated one, else that of its day; None where neither is there."""
    stated = record.year if isinstance(record, (BudgetLine, Contract)) else None
    day = day_of(record)
    return stated if stated is not None else day.year if day is not None else None
