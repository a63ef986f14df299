"""The chain budget line - contract - payment - item - device, followed from any of its records."""

from collections.abc import Sequence
from typing import NamedTuple

from central.core.evaluation.records import BudgetLine, Contract, ContractItem, Records
from central.core.project_records.kinds import RecordKind

MADE_OF = (
    RecordKind.BUDGET_LINES,
    RecordKind.CONTRACTS,
    RecordKind.PAYMENTS,
    RecordKind.ACCEPTANCES,
    RecordKind.DEVICES,
)
"""Kinds that stand in the chain."""


class Reached(NamedTuple):
    """Contracts that something belongs to, and of their items those it concerns; None: all."""

    contracts: Sequence[Contract]
    item: str | None = None


def trace(records: Records, kind: RecordKind, name: str) -> Records:
    """Everything above and below one record of the chain; empty where it is not there, or of another kind.

    From a device or an acceptance: its item alone, with the contract, the line and what was paid for the contract.
    """
    found = _reached(records, kind, name)
    ids = {one.id for one in found.contracts}
    wanted = {item.id for one in found.contracts for item in one.items if found.item in {None, item.id}}
    lines = {one.budget_line for one in found.contracts} | ({name} if kind is RecordKind.BUDGET_LINES else set())
    return Records.model_construct(
        budget_lines=[one for one in records.budget_lines if one.id in lines],
        contracts=list(found.contracts),
        payments=[one for one in records.payments if one.contract in ids],
        acceptances=[one for one in records.acceptances if one.item in wanted],
        devices=[one for one in records.devices if one.item in wanted],
    )


def devices_of(records: Records, device: str) -> list[str]:
    """Ids of the links that name a device by its id here or its serial number."""
    return [one.id for one in records.devices if device in {one.device, one.serial}]


def _reached(records: Records, kind: RecordKind, name: str) -> Reached:
    match kind:
        case RecordKind.BUDGET_LINES:
            return Reached([one for one in records.contracts if one.budget_line == name])
        case RecordKind.CONTRACTS:
            return Reached([one for one in records.contracts if one.id == name])
        case RecordKind.PAYMENTS:
            paid = {one.contract for one in records.payments if one.id == name}
            return Reached([one for one in records.contracts if one.id in paid])
        case RecordKind.ACCEPTANCES:
            return _by_item(records, next((one.item for one in records.acceptances if one.id == name), None))
        case RecordKind.DEVICES:
            return _by_item(records, next((one.item for one in records.devices if one.id == name), None))
        case _:
            return Reached([])


def _by_item(records: Records, item: str | None) -> Reached:
    return Reached([one for one in records.contracts if any(part.id == item for part in one.items)], item)


class Link(NamedTuple):
    """One row of the chain: an item with all that it hangs on; None where a line has no contract, or that no item."""

    line: BudgetLine
    contract: Contract | None
    item: ContractItem | None


def links(records: Records) -> list[Link]:
    """The chain from the budget down, one row for each item; what has none yet still has a row."""
    rows = []
    for line in records.budget_lines:
        contracts = [one for one in records.contracts if one.budget_line == line.id]
        rows += [Link(line, one, item) for one in contracts for item in one.items]
        rows += [Link(line, one, None) for one in contracts if not one.items]
        if not contracts:
            rows.append(Link(line, None, None))
    return rows
