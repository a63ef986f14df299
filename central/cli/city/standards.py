"""`gridwarden central standards`: import a city's table, and say what the current one says."""

import os
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import track

from central.core.standards import Changes, Fault, Recurrence, Refused, Standard, StandardBook
from central.core.standards.codes import LAYOUT_NAMES
from central.core.values import Actor
from central.services.standards import Adoption, Standards
from central.settings.sheet_file import read_sheet
from protocol.plain_text import one_line
from protocol.texts import Language, Words, language_of

DONE, MISTAKE = 0, 2
FAULTS_SHOWN, CHANGES_SHOWN = 20, 20

REFUSED = Words(zh="{file}：有 {count} 处错误，什么也没有导入", en="{file}: {count} faults, nothing was imported")
MORE = Words(zh="……还有 {count} 处", en="... and {count} more")
ADDED = Words(zh="新增", en="added")
CHANGED = Words(zh="变更", en="changed")
REMOVED = Words(zh="删除", en="removed")
ONE = Words(zh="{what}  {code} {name}：{condition}（{limit}）", en="{what}  {code} {name}: {condition} ({limit})")
SAID = Words(
    zh="共 {count} 条标准：新增 {added}，变更 {changed}，删除 {removed}",
    en="{count} standards: {added} added, {changed} changed, {removed} removed",
)
IMPORTED = Words(
    zh="已导入为第 {version} 版；此后立案的案件按它计时，已立案的不变",
    en="imported as version {version}; cases registered from now on go by it, those before keep theirs",
)
WOULD = Words(
    zh="试运行：会成为第 {version} 版，没有写入", en="dry run: it would become version {version}; not written"
)
SAME = Words(zh="与当前第 {version} 版相同，没有写入", en="the same as version {version}; not written")
NONE = Words(
    zh="还没有立案标准；用 gridwarden central standards import 文件 导入",
    en="no standards yet; import a table: gridwarden central standards import FILE",
)
NO_CODE = Words(
    zh="第 {version} 版里没有 {code}；standards list 列出全部",
    en="version {version} has no {code}; standards list has all",
)
VERSION = Words(
    zh="第 {version} 版，{at} 由 {by} 从 {file} 导入；{layout}；{count} 条",
    en="version {version}, imported {at} by {by} from {file}; {layout}; {count} standards",
)
DETAIL: tuple[tuple[Words, Callable[[Standard], str]], ...] = (
    (Words(zh="编号", en="id"), lambda row: row.id),
    (Words(zh="立案条件", en="condition"), lambda row: row.condition),
    (Words(zh="结案条件", en="closed when"), lambda row: row.closing),
    (Words(zh="处置时限", en="limit"), lambda row: f"{row.limit} ({row.system})"),
    (Words(zh="处置单位", en="units"), lambda row: "、".join(row.units)),
    (Words(zh="主管部门", en="department"), lambda row: row.department),
)
AGAIN = {
    Recurrence.NEW_CASE: Words(zh="复发立新案", en="seen again: a new case"),
    Recurrence.REOPEN: Words(zh="复发重开", en="seen again: reopened"),
}
LOCAL = Words(zh="本地扩展", en="local")


def import_table(standards: Standards, file: Path, actor: Actor, now: datetime, *, dry_run: bool) -> int:
    """Read a file and make it the newest version; print what changes, or every fault. Raises `SettingsError`."""
    language = language_of(os.environ)
    console = Console(stderr=True)
    rows = read_sheet(file)
    draft = standards.read(track(rows, "standards import", console=console, disable=not console.is_terminal))
    if isinstance(draft, Refused):
        say_faults(file, draft.faults, language)
        return MISTAKE
    adopted = standards.adopt(draft, one_line(file.name), actor, now, dry_run=dry_run)
    _say_changes(adopted.changes)
    found = adopted.changes
    counts = {"added": len(found.added), "changed": len(found.changed), "removed": len(found.removed)}
    _out(SAID.say(language, count=adopted.count, **counts))
    _out(_outcome(adopted, dry_run=dry_run))
    return DONE


def list_table(standards: Standards) -> int:
    """Print the current version, a line for each standard."""
    book = standards.current()
    if book is None:
        _out(NONE.say(language_of(os.environ)))
        return DONE
    _out(_version(book))
    for row in book.standards:
        _out("\t".join([row.code, row.name, row.condition, str(row.limit), "、".join(row.units), row.id]))
    return DONE


def show_class(standards: Standards, code: str) -> int:
    """Print everything about a class, a group of classes, or one standard by its id."""
    language = language_of(os.environ)
    book = standards.current()
    if book is None:
        sys.stderr.write(f"{NONE.say(language)}\n")
        return MISTAKE
    rows = [row for row in book.standards if code in {row.id, row.code, row.code[:2]}]
    if not rows:
        sys.stderr.write(f"{NO_CODE.say(language, version=book.version, code=code)}\n")
        return MISTAKE
    _out(_version(book))
    for row in rows:
        _show(row)
    return DONE


def _show(row: Standard) -> None:
    language = language_of(os.environ)
    marks = [AGAIN[row.recurrence].say(language), *([LOCAL.say(language)] if row.local else [])]
    _out(f"{row.code} {row.group} / {row.name}  [{', '.join(marks)}]")
    for words, value in DETAIL:
        if value(row):
            _out(f"  {words.say(language)}  {value(row)}")


def say_faults(file: Path, faults: tuple[Fault, ...], language: Language) -> None:
    """Print what is wrong with a file of which nothing was imported."""
    lines = [REFUSED.say(language, file=file, count=len(faults))]
    lines += [f"  {fault.say(language)}" for fault in faults[:FAULTS_SHOWN]]
    if len(faults) > FAULTS_SHOWN:
        lines.append(f"  {MORE.say(language, count=len(faults) - FAULTS_SHOWN)}")
    sys.stderr.write("\n".join([*lines, ""]))


def _say_changes(found: Changes) -> None:
    language = language_of(os.environ)
    lines: list[str] = [
        *_lines(ADDED, found.added),
        *_lines(CHANGED, (after for _, after in found.changed)),
        *_lines(REMOVED, found.removed),
    ]
    for line in lines[:CHANGES_SHOWN]:
        _out(line)
    if len(lines) > CHANGES_SHOWN:
        _out(MORE.say(language, count=len(lines) - CHANGES_SHOWN))


def _lines(what: Words, rows: Iterable[Standard]) -> list[str]:
    language = language_of(os.environ)
    return [
        ONE.say(
            language, what=what.say(language), code=row.code, name=row.name, condition=row.condition, limit=row.limit
        )
        for row in rows
    ]


def _outcome(adopted: Adoption, *, dry_run: bool) -> str:
    language = language_of(os.environ)
    if adopted.version is None:
        return SAME.say(language, version=adopted.before)
    return (WOULD if dry_run else IMPORTED).say(language, version=adopted.version)


def _version(book: StandardBook) -> str:
    return VERSION.say(
        language_of(os.environ),
        version=book.version,
        at=f"{book.imported_at:%Y-%m-%d %H:%M} UTC",
        by=book.imported_by,
        file=book.file,
        layout=LAYOUT_NAMES[book.layout],
        count=len(book.standards),
    )


def _out(line: str) -> None:
    sys.stdout.write(f"{line}\n")
