"""预算 -> 合同 -> 支付 -> 设备, as one table of the report."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from central.core.evaluation.decimals import shown
from central.core.evaluation.records import (
    BudgetLine,
    Contract,
    ContractItem,
    DeviceLink,
    Records,
    accepted_twice,
    contracted_by_line,
    last_acceptances,
    paid_by_contract,
)
from central.core.evaluation.reporting.report import Block, Paragraph, Table
from central.core.evaluation.result import Evaluation

ROWS_MAX = 300
"""More rows are no table of a report; the export has them all."""
DEVICES_NAMED = 3
HEADER = ("预算项（元）", "合同（元）", "已支付（元）", "合同项", "设备", "验收", "提示")
KINDS = ("budget_lines", "contracts", "payments", "acceptances", "devices")


def chain_table(found: Evaluation) -> Iterator[Block]:
    """One row for each item of a contract, with what was paid up to this year, and what does not go together."""
    records = found.sources.ledger or found.facts.records
    shown_lines = {one.id for one in found.facts.records.budget_lines}
    rows = [row for line in records.budget_lines if line.id in shown_lines for row in _rows(records, line)]
    if not rows:
        return
    source = found.sources.of_records(*KINDS)
    yield Table("预算、合同、支付和设备", HEADER, tuple(rows[:ROWS_MAX]), source, (3, 4, 3, 3, 4, 3, 4), merged=3)
    if len(rows) > ROWS_MAX:
        yield Paragraph(f"上表只列前 {ROWS_MAX} 行，共 {len(rows)} 行；全部记录见导出文件。")


def _rows(records: Records, line: BudgetLine) -> Iterator[tuple[str, ...]]:
    contracted = contracted_by_line(records).get(line.id, Decimal(0))
    over = ("合同超预算",) if contracted > line.planned_cny else ()
    budget = f"{line.name} {shown(line.planned_cny)}"
    contracts = [one for one in records.contracts if one.budget_line == line.id]
    if not contracts:
        yield (budget, "未签合同", "—", "—", "—", "—", "—")
    for contract in contracts:
        paid = paid_by_contract(records).get(contract.id, Decimal(0))
        flags = (*over, *(("支付超合同",) if paid > contract.amount_cny else ()))
        names = (budget, f"{contract.name} {shown(contract.amount_cny)}", shown(paid))
        if not contract.items:
            yield (*names, "—", "—", "—", "、".join(flags) or "—")
        for item in contract.items:
            yield (*names, *_item(records, contract, item, flags))


def _item(records: Records, contract: Contract, item: ContractItem, flags: Sequence[str]) -> tuple[str, ...]:
    links = [one for one in records.devices if one.item == item.id]
    last = last_acceptances(records).get(item.id)
    accepted = "未验收" if last is None else f"{last.on:%Y-%m-%d} {'合格' if last.passed else '不合格'}"
    told = [
        *flags,
        *(("两次以上验收",) if item.id in accepted_twice(records) else ()),
        *(("设备多于数量",) if len(links) > item.quantity else ()),
        *(("设备重复登记",) if _are_shared(records, links) else ()),
        *(("早于签订日",) if contract.signed and any(one.on < contract.signed for one in links) else ()),
    ]
    return f"{item.name} × {item.quantity}", _named(links), accepted, "、".join(told) or "—"


def _named(links: Sequence[DeviceLink]) -> str:
    names = "、".join(one.device or one.serial or "" for one in links[:DEVICES_NAMED])
    if len(links) > DEVICES_NAMED:
        return f"{names} 等 {len(links)} 台"
    return names or "未登记"


def _are_shared(records: Records, links: Sequence[DeviceLink]) -> bool:
    counts = Counter(name for one in records.devices for name in {one.device, one.serial} if name is not None)
    return any(counts[name] > 1 for one in links for name in (one.device, one.serial) if name is not None)
