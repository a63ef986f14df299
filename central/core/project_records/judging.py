"""Which records can be entered: everything that is impossible is named at once, each with its place."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from central.core.evaluation.facts import YEAR_MAX, YEAR_MIN
from central.core.evaluation.records import (
    Acceptance,
    Contract,
    DeviceLink,
    Interview,
    Payment,
    Records,
    items,
)
from central.core.project_records.kinds import ProjectRecord, RecordKind, kind_of, year_of
from central.core.project_records.ledger import below_items, latest_day, together
from central.core.project_records.revisions import Revision
from central.core.values import derived_id
from protocol.texts import Said, Words

RECORDS_MAX = 20_000
"""Of one kind; more are no records of one project."""
Key = tuple[RecordKind, str]

TWICE = Words(
    zh="编号 {id} 在这次录入中出现两次；每条记录一个编号", en="the id {id} stands twice here; give each record its own"
)
THERE = Words(
    zh="编号 {id} 已有另一内容（{by} {at} 录入）；要更正请写明理由（--correct 理由）",
    en="{id} is there with other content ({by}, {at}); to correct it give a reason (--correct REASON)",
)
GONE = Words(
    zh="编号 {id} 已撤销（{reason}）；要重新录入请写明理由（--correct 理由），或换一个编号",
    en="{id} was withdrawn ({reason}); to enter it again give a reason (--correct REASON), or take another id",
)
NO_YEAR = Words(zh="请写 year（项目年度）", en="`year` is missing: the project year it belongs to")
OUT_OF_RANGE = Words(zh="{day} 不在 {first}–{last} 年之间", en="{day} is not within the years {first} to {last}")
AHEAD = Words(zh="{day} 还没有到（今天是 {today}）", en="{day} has not come yet (today is {today})")
UNKNOWN = Words(zh="没有 {id}；已有：{known}", en="there is no {id}; there are: {known}")
ITEM_TWICE = Words(zh="合同项编号 {id} 已用于合同 {other}", en="the item id {id} is used in the contract {other}")
ITEM_NEEDED = Words(
    zh="合同项 {id} 不能去掉：{by} 还指着它；先撤销它们", en="the item {id} is named by {by}; withdraw these first"
)
TOO_MANY = Words(zh="{kind} 超过 {most} 条", en="more than {most} {kind}")


@dataclass(frozen=True, slots=True)
class RecordFault(Said):
    """What is wrong with the record at a place of the batch, and at which of its keys."""

    at: int
    loc: tuple[str | int, ...]
    words: Words
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """Places of the batch that are new, that correct something, and that are there already; or faults."""

    new: tuple[int, ...] = ()
    corrected: tuple[int, ...] = ()
    same: tuple[int, ...] = ()
    faults: tuple[RecordFault, ...] = ()


def named(record: ProjectRecord) -> ProjectRecord:
    """The record with an id: an interview without one gets one of what it says."""
    if isinstance(record, Interview) and record.id is None:
        name = derived_id("i", record.on.isoformat(), record.who, record.said).replace("-", "_")
        return record.model_copy(update={"id": name})
    return record


def judge(
    batch: Sequence[ProjectRecord], kept: Mapping[Key, Revision], today: date, *, may_correct: bool = False
) -> Judged:
    """Judge a batch of `named` records as a whole; `kept` are the newest revisions of all, withdrawn ones too."""
    keys: list[Key] = [(kind_of(one), one.id or "") for one in batch]
    faults = [*_doubles(keys)]
    new, corrected, same = [], [], []
    for at, (record, key) in enumerate(zip(batch, keys, strict=True)):
        before = kept.get(key)
        if before is None:
            new.append(at)
        elif before.record == record and not before.is_withdrawn:
            same.append(at)
        elif may_correct:
            corrected.append(at)
        else:
            faults.append(_refused(at, before))
    entered = sorted([*new, *corrected])
    standing = {key: one.record for key, one in kept.items() if not one.is_withdrawn}
    after = together((standing | {keys[at]: batch[at] for at in entered}).values())
    faults += [fault for at in entered for fault in _days(at, batch[at], today)]
    faults += _references(batch, entered, after)
    faults += _counts(batch, after)
    if faults:
        return Judged(faults=tuple(sorted(faults, key=lambda one: one.at)))
    return Judged(tuple(new), tuple(corrected), tuple(same))


def needed_by(records: Records, kind: RecordKind, name: str) -> list[str]:
    """Which records (`kind/id`) name this one, or an item of it, and stand in the way of withdrawing it."""
    match kind:
        case RecordKind.BUDGET_LINES:
            return [f"contracts/{one.id}" for one in records.contracts if one.budget_line == name]
        case RecordKind.CONTRACTS:
            own = {item.id for one in records.contracts if one.id == name for item in one.items}
            paid = [f"payments/{one.id}" for one in records.payments if one.contract == name]
            return [*paid, *(by for item in sorted(own) for by in _naming(records).get(item, ()))]
        case _:
            return []


def _doubles(keys: Sequence[Key]) -> Iterator[RecordFault]:
    seen: set[Key] = set()
    for at, key in enumerate(keys):
        if key in seen:
            yield RecordFault(at, ("id",), TWICE, {"id": key[1]})
        seen.add(key)


def _refused(at: int, before: Revision) -> RecordFault:
    if before.is_withdrawn:
        return RecordFault(at, ("id",), GONE, {"id": before.id, "reason": before.reason})
    told = {"id": before.id, "by": before.entered_by, "at": f"{before.entered_at:%Y-%m-%d}"}
    return RecordFault(at, ("id",), THERE, told)


def _days(at: int, record: ProjectRecord, today: date) -> Iterator[RecordFault]:
    if year_of(record) is None:
        yield RecordFault(at, ("year",), NO_YEAR)
    for name in ("signed", "paid", "on", "due", "done"):
        day = getattr(record, name, None)
        if day is not None and not YEAR_MIN <= day.year <= YEAR_MAX:
            yield RecordFault(at, (name,), OUT_OF_RANGE, {"day": day, "first": YEAR_MIN, "last": YEAR_MAX})
    happened = latest_day(record)
    if happened is not None and today < happened and happened.year <= YEAR_MAX:
        name = next(one for one in ("signed", "paid", "on", "done") if getattr(record, one, None) == happened)
        yield RecordFault(at, (name,), AHEAD, {"day": happened, "today": today})


def _references(batch: Sequence[ProjectRecord], entered: Sequence[int], after: Records) -> Iterator[RecordFault]:
    lines, contracts = [one.id for one in after.budget_lines], [one.id for one in after.contracts]
    owners: defaultdict[str, list[str]] = defaultdict(list)
    for contract in after.contracts:
        for item in contract.items:
            owners[item.id].append(contract.id)
    for at in entered:
        match batch[at]:
            case Contract() as contract:
                yield from _known(at, "budget_line", contract.budget_line, lines)
                yield from _own_items(at, contract, owners)
            case Payment() as payment:
                yield from _known(at, "contract", payment.contract, contracts)
            case Acceptance() | DeviceLink() as below:
                yield from _known(at, "item", below.item, list(owners))
            case _:
                pass
    yield from _lost_items(batch, entered, after)


def _own_items(at: int, contract: Contract, owners: Mapping[str, Sequence[str]]) -> Iterator[RecordFault]:
    for place, item in enumerate(contract.items):
        others = [one for one in owners[item.id] if one != contract.id]
        if others or len(owners[item.id]) > 1:
            told = {"id": item.id, "other": (others or [contract.id])[0]}
            yield RecordFault(at, ("items", place, "id"), ITEM_TWICE, told)


def _lost_items(batch: Sequence[ProjectRecord], entered: Sequence[int], after: Records) -> Iterator[RecordFault]:
    """A corrected contract keeps the items that something names; what is of this batch has its own fault."""
    own = {(kind_of(batch[at]), batch[at].id) for at in entered}
    known = {item.id for item in items(after)}
    contracts = [at for at in entered if isinstance(batch[at], Contract)]
    standing = [one for one in below_items(after) if (kind_of(one), one.id) not in own]
    for one in standing if contracts else ():
        if one.item not in known:
            told = {"id": one.item, "by": f"{kind_of(one)}/{one.id}"}
            yield RecordFault(contracts[0], ("items",), ITEM_NEEDED, told)


def _counts(batch: Sequence[ProjectRecord], after: Records) -> Iterator[RecordFault]:
    for kind in Counter(kind_of(one) for one in batch):
        if len(getattr(after, kind.value)) > RECORDS_MAX:
            yield RecordFault(0, (), TOO_MANY, {"kind": kind.value, "most": RECORDS_MAX})


def _naming(records: Records) -> Mapping[str, Sequence[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one in below_items(records):
        found[one.item].append(f"{kind_of(one)}/{one.id}")
    return found


def _known(at: int, key: str, name: str, known: Sequence[str]) -> Iterator[RecordFault]:
    if name not in known:
        close = get_close_matches(name, known, n=5, cutoff=0.4) or list(known)[:20]
        yield RecordFault(at, (key,), UNKNOWN, {"id": name, "known": ", ".join(close) or "-"})
