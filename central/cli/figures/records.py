"""`gridwarden central records`: what its commands do and say."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, JsonValue

from central.core.evaluation.records import Contract, Records
from central.core.project_records import RecordKind, Revision
from central.core.project_records.chain import MADE_OF, devices_of
from central.core.project_records.ledger import of_year
from central.services.figures.project_records import (
    REASON_CHARS_MAX,
    Draft,
    ProjectRecords,
    RecordsRefused,
)
from central.settings import SettingsError
from central.settings.record_file import KINDS, NO_SUCH_KIND, load_records, records_yaml, told_faults
from central.stores.ports import PageRequest, RecordFilter
from protocol.file_faults import why_not
from protocol.plain_text import one_line
from protocol.texts import NOTHING, Language, Words

if TYPE_CHECKING:
    from central.app import Console

PAGE = 500
SAID = Words(
    zh="{file}：新增 {added}，更正 {corrected}，未变 {same}",
    en="{file}: {added} added, {corrected} corrected, {same} as before",
)
WOULD = Words(zh="试运行，没有写入", en="dry run, nothing was written")
FLAGS = Words(
    zh="自查提示 {count} 条；gridwarden central records check 列出",
    en="over-runs and contradictions: {count}; gridwarden central records check lists them",
)
NONE = Words(zh="没有矛盾", en="no contradictions")
WROTE = Words(zh="已写 {file}", en="wrote {file}")
THERE = Words(
    zh="{file} 已经存在，没有改动；请换一个文件名", en="{file} exists and was left as it is; give another name"
)
CANNOT_WRITE = Words(zh="{file}：不能写入：{why}", en="{file}: cannot be written: {why}")
BAD_REASON = Words(
    zh="理由应为 1 到 {most} 个字", en="a reason has 1 to {most} characters, and says why the record is changed"
)
STATE_WITHDRAWN = Words(zh=" 已撤销：{reason}", en=" withdrawn: {reason}")
STATE_CORRECTED = Words(zh=" 已更正：{reason}", en=" corrected: {reason}")
LINE = Words(zh="预算项 {id} {name} {amount} 元 {year}", en="budget line {id} {name} {amount} CNY {year}")
CONTRACT = Words(zh="  合同 {id} {name} {amount} 元", en="  contract {id} {name} {amount} CNY")
PAYMENT = Words(zh="    支付 {id} {day} {amount} 元 {voucher}", en="    payment {id} {day} {amount} CNY {voucher}")
ITEM = Words(zh="    合同项 {id} {name} × {quantity}", en="    item {id} {name} x {quantity}")
ACCEPTANCE = Words(zh="      验收 {id} {day} {verdict} {by}", en="      acceptance {id} {day} {verdict} {by}")
PASSED, FAILED = Words(zh="合格", en="passed"), Words(zh="不合格", en="failed")
DEVICE = Words(zh="      设备 {id} {day} {names}", en="      device {id} {day} {names}")
WITHDRAWN = Words(zh="{kind} {id} 已撤销（第 {number} 版）", en="{kind} {id} is withdrawn (revision {number})")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be imported; `reason` is empty where nothing may be corrected."""

    file: Path
    kind: RecordKind | None
    reason: str
    dry_run: bool


def kind_named(name: str, language: Language) -> RecordKind:
    """A kind as it is typed: `budget_lines` or `budget-lines`. Raises `SettingsError`."""
    try:
        return RecordKind(name.replace("-", "_"))
    except ValueError:
        raise SettingsError(NO_SUCH_KIND.say(language, kinds=KINDS)) from None


def import_file(console: "Console", wish: Wish, language: Language) -> str:
    """Enter all records of a file, or none. Raises `SettingsError` with every fault by its place."""
    reason = _reason(wish.reason, language) if wish.reason else ""
    found = load_records(wish.file, wish.kind, language)
    name = one_line(wish.file.name)
    drafts = [Draft(one.record, name + one.place(()).removeprefix(str(wish.file))) for one in found]
    service = console.services.project_records
    try:
        entered = service.enter(drafts, console.operator, console.clock.now(), reason=reason, dry_run=wish.dry_run)
    except RecordsRefused as refused:
        faults = [
            (found[one.at].place(one.loc), ".".join(map(str, one.loc)), one.say(language)) for one in refused.faults
        ]
        raise told_faults(wish.file, faults, language) from None
    lines = [SAID.say(language, file=name, added=entered.added, corrected=entered.corrected, same=entered.same)]
    flags = len(service.flags())
    lines += [WOULD.say(language)] if wish.dry_run else [FLAGS.say(language, count=flags)] if flags else []
    return "\n".join(lines)


def listed(service: ProjectRecords, wanted: RecordFilter, language: Language, *, as_json: bool) -> Iterator[str]:
    """A line for each record, or one JSON list."""
    revisions = list(_all(service, wanted))
    if as_json:
        yield json.dumps([revision_json(one) for one in revisions], ensure_ascii=False)
        return
    for one in revisions:
        content = json.dumps(_content(one.record), ensure_ascii=False)
        state = STATE_WITHDRAWN if one.is_withdrawn else STATE_CORRECTED if one.reason else NOTHING
        yield one_line(
            f"{one.id}  r{one.number}  {one.year}  {content}  {one.entered_by} {one.entered_at:%Y-%m-%d} "
            f"{one.source}{state.say(language, reason=one.reason)}"
        )


def exported(service: ProjectRecords, year: int) -> str:
    """The records of a year as YAML."""
    return records_yaml(of_year(service.standing(), year))


def written(path: Path, text: str, language: Language) -> str:
    """Write a new file. Raises `SettingsError`."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise SettingsError(THERE.say(language, file=path)) from None
    except OSError as error:
        raise SettingsError(CANNOT_WRITE.say(language, file=path, why=why_not(error))) from None
    return WROTE.say(language, file=path)


def traced(service: ProjectRecords, kind: RecordKind, name: str, language: Language, *, as_json: bool) -> str:
    """The chain of a record, from the budget down. Raises `RecordUnknown`."""
    links = devices_of(service.standing(), name) if kind is RecordKind.DEVICES else []
    found = service.trace(kind, links[0] if links else name)
    if as_json:
        return json.dumps(chain_json(found), ensure_ascii=False)
    return "\n".join(_tree(found, language))


def flagged(service: ProjectRecords, language: Language, *, as_json: bool) -> str:
    """Over-runs and contradictions."""
    flags = service.flags()
    if as_json:
        told = [{"id": one.id, "where": one.where, "text": one.say(language)} for one in flags]
        return json.dumps(told, ensure_ascii=False)
    return "\n".join(f"{one.where}: {one.say(language)}" for one in flags) or NONE.say(language)


def withdrawn(  # noqa: PLR0913, PLR0917 - which, what was seen, why
    console: "Console", kind: RecordKind, name: str, seen: int, reason: str, language: Language
) -> str:
    """Take a record back. Raises `SettingsError`, `RecordUnknown`, `RecordStale`, `RecordNeeded`."""
    why = _reason(reason, language)
    after = console.services.project_records.withdraw(kind, name, seen, why, console.operator, console.clock.now())
    return WITHDRAWN.say(language, kind=after.kind, id=after.id, number=after.number)


def revision_json(one: Revision) -> dict[str, JsonValue]:
    """A revision as JSON; money as text, so that no digit is lost."""
    return {
        "id": one.id,
        "revision": one.number,
        "year": one.year,
        "record": _content(one.record),
        "entered_by": one.entered_by,
        "entered_at": one.entered_at.isoformat(),
        "source": one.source,
        "reason": one.reason,
        "withdrawn": one.is_withdrawn,
    }


def chain_json(records: Records) -> dict[str, JsonValue]:
    """The records of a chain by kind."""
    return {kind.value: [_content(one) for one in getattr(records, kind.value)] for kind in MADE_OF}


def _content(record: BaseModel) -> dict[str, JsonValue]:
    return record.model_dump(mode="json", exclude_none=True)


def _all(service: ProjectRecords, wanted: RecordFilter) -> Iterator[Revision]:
    cursor = None
    while True:
        page = service.find(wanted, PageRequest(PAGE, cursor))
        yield from page.items
        if page.next is None:
            return
        cursor = page.next


def _tree(records: Records, language: Language) -> Iterator[str]:
    for line in records.budget_lines:
        told: dict[str, object] = {"id": line.id, "name": one_line(line.name), "amount": line.planned_cny}
        yield LINE.say(language, year=line.year or "", **told).rstrip()
        for contract in records.contracts:
            if contract.budget_line == line.id:
                yield from _below(records, contract, language)


def _below(records: Records, contract: Contract, language: Language) -> Iterator[str]:
    yield CONTRACT.say(language, id=contract.id, name=one_line(contract.name), amount=contract.amount_cny)
    for paid in records.payments:
        if paid.contract == contract.id:
            told: dict[str, object] = {"id": paid.id, "day": paid.paid, "amount": paid.amount_cny}
            yield PAYMENT.say(language, voucher=one_line(paid.voucher or ""), **told).rstrip()
    for item in contract.items:
        yield ITEM.say(language, id=item.id, name=one_line(item.name), quantity=item.quantity)
        for one in records.acceptances:
            if one.item == item.id:
                verdict = PASSED if one.passed else FAILED
                yield ACCEPTANCE.say(language, id=one.id, day=one.on, verdict=verdict, by=one_line(one.by))
        for link in records.devices:
            if link.item == item.id:
                names = " ".join(part for part in (link.device, link.serial, link.what) if part)
                yield DEVICE.say(language, id=link.id, day=link.on, names=one_line(names))


def _reason(reason: str, language: Language) -> str:
    text = one_line(reason).strip()
    if not 0 < len(text) <= REASON_CHARS_MAX:
        raise SettingsError(BAD_REASON.say(language, most=REASON_CHARS_MAX))
    return text
