"""Device figures for a terminal or a program: periods, tables to read in, and the texts."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from central.core.availability.maintenance import Scope, WindowRefused, check_window
from central.core.availability.online_rate import Counted, Rate, Snapshot, Times, is_met
from central.core.availability.reliability import Reliability
from central.core.availability.spans import Span
from central.core.availability.witnesses import SystemTime
from central.core.kpis import BadPeriod, Unit, period_between
from central.core.kpis.periods import TOLD_CHARS_MAX, moment_of
from central.core.kpis.registry.values import HOUR_S, MINUTE_S, hours_text, value_text
from central.core.standards import SheetRow
from central.services.figures.availability import OnlineReport, SystemReport
from central.services.figures.device_notes import DeviceNotes, Draft
from central.settings.texts import load_texts
from central.stores.ports import PageRequest
from protocol.plain_text import one_line
from protocol.texts import Language, Told, Words

WINDOWS_A_PAGE = 500
WINDOW_COLUMNS = ("范围", "对象", "开始", "结束", "原因")
MAKER_COLUMNS = ("设备", "厂商", "型号")
SCOPES = {"平台": Scope.PLATFORM, "站点": Scope.SITE, "盒子": Scope.BOX, "摄像机": Scope.CAMERA}
SCOPE_WORDS = {scope: Words(zh=zh, en=scope) for zh, scope in SCOPES.items()}
ANNOUNCED_LATE = Words(zh="开始后补报", en="late")
CANCELLED = Words(zh="已取消", en="cancelled")

ONLINE = Words(zh="在线率", en="online rate")
INTACT = Words(zh="完好率", en="intact rate")
RATE = Words(
    zh="{name}：{lower}（未知计为离线）- {upper}（未知不计）；最高可能 {ceiling}",
    en="{name}: {lower} (unknown as offline) - {upper} (unknown left out); at most {ceiling}",
)
NO_RATE = Words(zh="没有可计算的在线率：{reason}", en="no online rate: {reason}")
PARTS = Words(
    zh="{cameras} 台摄像机；应在线 {required} 小时，其中未知 {unknown}；计划检修 {planned}，试运行 {trial}（均不计入）",
    en="cameras: {cameras}; {required} h required, {unknown} of them unknown; "
    "{planned} h in planned maintenance and {trial} h in trial operation stand apart",
)
LATE = Words(zh="{count} 个检修窗口是开始之后才登记的", en="maintenance windows announced after they began: {count}")
TARGET = Words(zh="{name}目标 {target}：{met}", en="target of the {name} {target}: {met}")
AVAILABLE = Words(zh="可用率", en="availability")
MET, MISSED = Words(zh="达到", en="met"), Words(zh="未达到", en="missed")
NOW = Words(
    zh="此刻 {good}/{total} 在线，{unknown} 未知；还可坏 {spare} 台",
    en="now {good} of {total} online, {unknown} unknown; {spare} more may fail",
)
NOW_SHORT = Words(
    zh="此刻 {good}/{total} 在线，{unknown} 未知；要恢复 {spare} 台",
    en="now {good} of {total} online, {unknown} unknown; {spare} have to come back",
)
WITNESS = Words(
    zh="{name}：可用率 {lower}（未知计为停）- {upper}（未知不计），MTBF {mtbf}，MTTR {mttr}，停 {falls} 次",
    en="{name}: available {lower} (unknown as down) - {upper} (unknown left out), MTBF {mtbf}, MTTR {mttr}, "
    "falls: {falls}",
)
WORST = Words(zh="最差见证", en="worst witness")
NO_AVAILABILITY = Words(zh="{name}：没有可计算的可用率：{reason}", en="{name}: no availability: {reason}")
COUNTED_FROM = Words(zh="自首个见证的首次记录起计：{at}", en="counted from the first word of any witness: {at}")
GROUP = Words(
    zh="{name}：故障 {failures} 次，MTBF {mtbf}，MTTR {mttr}",
    en="{name}: failures: {failures}, MTBF {mtbf}, MTTR {mttr}",
)
NO_VENDOR = Words(zh="（未登记厂商）", en="(no vendor noted)")
NONE = "-"
NO_SCOPE = Words(zh="第 {row} 行，范围：“{told}”不在 {known} 之中", en="row {row}, 范围: '{told}' is none of {known}")
IN_ROW = Words(zh="第 {row} 行：{fault}", en="row {row}: {fault}")
IN_CELL = Words(zh="第 {row} 行，{column}：{fault}", en="row {row}, {column}: {fault}")
NO_VENDOR_TOLD = Words(
    zh="第 {row} 行：设备（盒子.摄像机，或盒子）与厂商都要写",
    en="row {row}: name both the device (box.camera, or a box) and its vendor",
)
TWICE = Words(
    zh="第 {row} 行：{device} 在表中出现两次；请只留一行",
    en="row {row}: '{device}' stands in the table twice; keep one row",
)
NO_HEAD = Words(zh="第一行应是列名：{columns}", en="the first row names the columns: {columns}")


class TableRefused(Told, ValueError):
    """A table that is none; the text says row, fault and remedy."""


def period(start: str, end: str, known_at: str, zone: str, now: datetime) -> tuple[Span, datetime]:
    """What two options name, days in the city's zone, and as of when. Raises `BadPeriod`."""
    city = ZoneInfo(zone)
    found = period_between(start, end, city)
    return Span(found.begin, found.end), min(moment_of(known_at, city) if known_at else now, now)


def online_text(report: OnlineReport, snapshot: Snapshot, zone: str, language: Language, *, as_json: bool) -> str:
    """在线率 in words, or as one object."""
    reason = None if report.reason is None else report.reason.say(language)
    rates = {counted: report.rate(counted) for counted in Counted}
    lower, intact = rates[Counted.ONLINE].lower, rates[Counted.INTACT].lower
    if as_json:
        return _json(
            _span(report.span, zone)
            | {"known_at": _local(report.known_at, zone), "cameras": report.cameras}
            | {str(counted): _rate(found) for counted, found in rates.items()}
            | {name: _times(getattr(report.time, name)) for name in ("required", "planned", "trial")}
            | {"target": report.target, "met": is_met(lower, report.target)}
            | {"intact_target": report.intact_target, "intact_met": is_met(intact, report.intact_target)}
            | {"excused_late": report.excused_late, "reason": reason}
            | {"now": snapshot_object(snapshot)}
        )
    named = ((ONLINE, Counted.ONLINE), (INTACT, Counted.INTACT))
    lines = [_rate_line(name, rates[counted], report.target_of(counted), language) for name, counted in named]
    for name, counted in named:
        lines += _target_lines(name, rates[counted].lower, report.target_of(counted), language)
    if lower is None:
        lines = [NO_RATE.say(language, reason=reason)]
    hours = {name: hours_text(getattr(report.time, name).total_s) for name in ("required", "planned", "trial")}
    unknown = hours_text(report.time.required.unknown_s)
    lines.append(PARTS.say(language, cameras=report.cameras, unknown=unknown, **hours))
    if report.excused_late:
        lines.append(LATE.say(language, count=report.excused_late))
    lines.append(_now_line(snapshot, language))
    return "\n".join(lines)


def _target_lines(name: Words, lower: float | None, target: float | None, language: Language) -> Iterator[str]:
    met = is_met(lower, target)
    if met is not None:
        said = MET if met else MISSED
        yield TARGET.say(language, name=name, target=_percent(target, language), met=said)


def _now_line(snapshot: Snapshot, language: Language) -> str:
    spare = snapshot.spare or 0
    now = NOW if spare >= 0 else NOW_SHORT
    return now.say(language, **snapshot_object(snapshot) | {"spare": abs(spare)})


def snapshot_object(found: Snapshot) -> dict[str, object]:
    """The figures of now."""
    return {"good": found.good, "unknown": found.unknown, "total": found.total, "spare": found.spare}


def system_text(report: SystemReport, zone: str, language: Language, *, as_json: bool) -> str:
    """系统可用率 in words, or as one object."""
    reason = None if report.reason is None else report.reason.say(language)
    counted_from = None if report.counted_from is None else _local(report.counted_from, zone)
    if as_json:
        witnesses = {name: _system(one) for name, one in sorted(report.witnesses.items())}
        return _json(
            _span(report.span, zone)
            | {"worst": _system(report.worst), "target": report.target}
            | {"met": is_met(report.worst.lower, report.target), "witnesses": witnesses}
            | {"counted_from": counted_from, "reason": reason}
        )
    if reason is not None:
        return NO_AVAILABILITY.say(language, name=WORST.say(language), reason=reason)
    texts = load_texts(language)
    lines = [
        _system_line(WORST.say(language), report.worst, language, report.target),
        *_target_lines(AVAILABLE, report.worst.lower, report.target, language),
        *(
            _system_line(texts.word("figures_witness", name), one, language)
            for name, one in sorted(report.witnesses.items())
        ),
    ]
    if report.counted_from != report.span.start:
        lines.append(COUNTED_FROM.say(language, at=counted_from))
    return "\n".join(lines)


def reliability_text(found: Mapping[str, Reliability], language: Language, *, as_json: bool) -> str:
    """MTBF and MTTR of each group."""
    if as_json:
        return _json({group: _lasting(one) for group, one in found.items()})
    return "\n".join(
        GROUP.say(
            language,
            name=group or NO_VENDOR.say(language),
            failures=one.failures,
            **_lasting_words(one, language),
        )
        for group, one in found.items()
    )


def window_lines(notes: DeviceNotes, zone: str, language: Language) -> Iterator[str]:
    """Every window, newest announced first."""
    cursor: str | None = None
    while True:
        page = notes.windows(PageRequest(WINDOWS_A_PAGE, cursor))
        for one in page.items:
            marks = [ANNOUNCED_LATE.say(language)] * one.is_retroactive
            marks += [CANCELLED.say(language)] * (one.cancelled_at is not None)
            words = (
                one.id,
                SCOPE_WORDS[one.scope].say(language),
                one.subject or NONE,
                _local(one.start, zone),
                _local(one.end, zone),
            )
            yield "\t".join([*words, one_line(one.reason), one.announced_by, *marks])
        cursor = page.next
        if cursor is None:
            return


def read_windows(rows: Sequence[SheetRow], zone: str) -> list[Draft]:
    """Windows of a table; a time without a zone is one of the city's. Raises `TableRefused`."""
    found = []
    for row in _body(rows, WINDOW_COLUMNS):
        scope, subject, start, end, reason = row.cells
        try:
            kind = SCOPES.get(scope) or Scope(scope)
        except ValueError:
            raise TableRefused(NO_SCOPE, row=row.number, told=scope[:TOLD_CHARS_MAX], known=", ".join(SCOPES)) from None
        begin, behind = (_cell(row, column, told, zone) for column, told in (("开始", start), ("结束", end)))
        try:
            check_window(kind, subject, begin, behind, reason)
        except WindowRefused as error:
            raise TableRefused(IN_ROW, row=row.number, fault=error.words) from None
        found.append(Draft(kind, subject, begin, behind, reason))
    return found


def _cell(row: SheetRow, column: str, told: str, zone: str) -> datetime:
    try:
        return moment_of(told, ZoneInfo(zone), is_local=True)
    except BadPeriod as error:
        raise TableRefused(IN_CELL, row=row.number, column=column, fault=error.words) from None


def read_makers(rows: Sequence[SheetRow]) -> dict[str, tuple[str, str]]:
    """Vendor and model by device. Raises `TableRefused`."""
    found: dict[str, tuple[str, str]] = {}
    for row in _body(rows, MAKER_COLUMNS):
        device, vendor, model = row.cells
        if not device or not vendor:
            raise TableRefused(NO_VENDOR_TOLD, row=row.number)
        if device in found:
            raise TableRefused(TWICE, row=row.number, device=device[:96])
        found[device] = (vendor, model)
    return found


def _body(rows: Iterable[SheetRow], columns: Sequence[str]) -> Iterator[SheetRow]:
    """Rows below the header, with the cells of `columns` in their order."""
    ordered = [SheetRow(row.number, tuple(cell.strip() for cell in row.cells)) for row in rows]
    head = next((row for row in ordered if any(row.cells)), None)
    if head is None or not set(columns) <= set(head.cells):
        raise TableRefused(NO_HEAD, columns=", ".join(columns))
    places = [head.cells.index(column) for column in columns]
    for row in ordered:
        if row.number > head.number and any(row.cells):
            yield SheetRow(row.number, tuple(row.cells[at] if at < len(row.cells) else "" for at in places))


def _rate_line(name: Words, found: Rate, target: float | None, language: Language) -> str:
    bounds = {bound: _percent(getattr(found, bound), language) for bound in ("upper", "ceiling")}
    bounds["lower"] = _percent(found.lower, language, target)
    return RATE.say(language, name=name.say(language), **bounds)


def _system_line(name: str, found: SystemTime, language: Language, target: float | None = None) -> str:
    return WITNESS.say(
        language,
        name=name,
        lower=_percent(found.lower, language, target),
        upper=_percent(found.upper, language),
        **_lasting_words(found.reliability, language),
        falls=found.falls,
    )


def _lasting_words(found: Reliability, language: Language) -> dict[str, str]:
    """MTBF, above what it is where nothing failed, and MTTR."""
    mtbf_s = found.up_s if found.mtbf_h is None else found.mtbf_h * HOUR_S
    mttr_s = None if found.mttr_min is None else found.mttr_min * MINUTE_S
    mtbf, mttr = (value_text(value, Unit.SECONDS, language) for value in (mtbf_s, mttr_s))
    return {"mtbf": f"> {mtbf}" if found.mtbf_h is None else mtbf, "mttr": mttr}


def _percent(value: float | None, language: Language, beside: float | None = None) -> str:
    return value_text(value, Unit.RATIO, language, beside)


def _rate(found: Rate) -> dict[str, object]:
    bounds = {bound: getattr(found, bound) for bound in ("lower", "upper", "ceiling")}
    return bounds | {"hits_s": found.hits_s, "unknown_s": found.unknown_s, "total_s": found.total_s}


def _times(found: Times) -> dict[str, float]:
    return found._asdict()


def _lasting(found: Reliability) -> dict[str, object]:
    return found._asdict() | {"mtbf_h": found.mtbf_h, "mttr_min": found.mttr_min}


def _system(found: SystemTime) -> dict[str, object]:
    lasting = found.reliability
    bounds = {"lower": found.lower, "upper": found.upper}
    return found._asdict() | bounds | {"mtbf_h": lasting.mtbf_h, "mttr_min": lasting.mttr_min}


def _span(span: Span, zone: str) -> dict[str, object]:
    return {"from": _local(span.start, zone), "to": _local(span.end, zone)}


def _local(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False)
