"""All standing records together, and those of one project year."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from central.core.evaluation.records import Acceptance, DeviceLink, Records, Round
from central.core.project_records.kinds import ProjectRecord, RecordKind, kind_of, year_of


def together(records: Iterable[ProjectRecord]) -> Records:
    """Records by kind in their order; they were validated one by one, and may be more than a facts file holds."""
    kept: dict[str, Any] = {kind.value: [] for kind in RecordKind}
    for one in records:
        kept[kind_of(one)].append(one)
    return Records.model_construct(None, **kept)


def below_items(records: Records) -> list[Acceptance | DeviceLink]:
    """What names an item of a contract."""
    return [*records.acceptances, *records.devices]


def until(records: Records, year: int) -> Records:
    """What belongs to a year or an earlier one; an item of a later contract has nothing below it here."""
    return together(one for kind in RecordKind for one in getattr(records, kind.value) if (year_of(one) or 0) <= year)


def of_year(records: Records, year: int) -> Records:
    """What a report of a year takes: its own records, and what these hang on.

    A contract of an earlier year is there when the year paid for it, accepted or delivered an item of it; its other
    acceptances and devices come along, its earlier payments do not. Baseline surveys of any time before stay.
    """
    known = until(records, year)
    payments = [one for one in known.payments if one.paid.year == year]
    touched = {one.item for one in below_items(known) if one.on.year == year}
    paid = {one.contract for one in payments}
    contracts = [
        one
        for one in known.contracts
        if year_of(one) == year or one.id in paid or any(item.id in touched for item in one.items)
    ]
    wanted = {item.id for one in contracts for item in one.items}
    lines = {one.budget_line for one in contracts}
    return Records.model_construct(
        budget_lines=[one for one in records.budget_lines if one.year == year or one.id in lines],
        contracts=contracts,
        payments=payments,
        acceptances=[one for one in known.acceptances if one.item in wanted],
        devices=[one for one in known.devices if one.item in wanted],
        trainings=[one for one in known.trainings if one.on.year == year],
        surveys=[one for one in known.surveys if one.round is Round.BASELINE or one.on.year == year],
        milestones=[one for one in known.milestones if one.due.year == year],
        interviews=[one for one in known.interviews if one.on.year == year],
    )


def latest_day(record: ProjectRecord) -> date | None:
    """The last day on which a record says that something has happened; plans are no such days."""
    days = [getattr(record, name, None) for name in ("signed", "paid", "on", "done")]
    return max((day for day in days if day is not None), default=None)
