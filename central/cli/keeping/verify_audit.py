"""`gridwarden central verify-audit`: what the histories of all cases prove, line by line, for a terminal or a log."""

import sys

from rich.console import Console
from rich.progress import track

from central.core.case_machine.audit import AuditFault, Finding
from central.core.kpis.publishing import Fault
from central.services.cases.audits import Audits
from central.services.figures.publishing import Publishing
from protocol.texts import Language, Words

SOUND, UNSOUND = 0, 1
FAULTS = {
    AuditFault.CHANGED: Words(zh="第 {line} 条记录被改动", en="line {line} was changed"),
    AuditFault.LINE_MISSING: Words(zh="第 {line} 条记录缺失", en="line {line} is missing"),
    AuditFault.END_MISSING: Words(
        zh="自第 {line} 条起记录缺失或被替换", en="the end is missing or replaced, from line {line}"
    ),
    AuditFault.STATE_CHANGED: Words(
        zh="案件数据与第 {line} 条（最后一条）记录不符", en="the case differs from what line {line}, its last, says"
    ),
    AuditFault.CASE_MISSING: Words(zh="案件数据缺失，只剩记录", en="the case is missing, only its lines are left"),
    AuditFault.CASE_REMOVED: Words(
        zh="案件缺失，也没有删除标记", en="the case is missing, and no tombstone tells of its deletion"
    ),
}
FOUND = Words(zh="案件 {number}：{what}", en="case {number}: {what}")
FOUND_STONE = Words(zh="删除标记：{what}", en="tombstones: {what}")
FOUND_MONTH = {
    Fault.CHANGED: Words(
        zh="月报 {month} 第 {revision} 版：与封存时不符",
        en="month {month}: revision {revision} does not match its seal",
    ),
    Fault.MISSING: Words(zh="月报 {month} 第 {revision} 版缺失", en="month {month}: revision {revision} is missing"),
}
ALL_SOUND = Words(zh="{count} 个案件的记录完整", en="the histories of {count} cases are whole")
SOME_UNSOUND = Words(zh="{count} 个案件中有 {bad} 个不完整", en="of {count} cases, {bad} are not whole")


def report(audits: Audits, publishing: Publishing, language: Language) -> int:
    """Print each finding and a count; returns the exit code."""
    console = Console(stderr=True)
    count = bad = 0
    steps = track(audits.check(), "verify-audit", audits.count(), console=console, disable=not console.is_terminal)
    for case in steps:
        count, bad = count + 1, bad + bool(case.findings)
        for finding in case.findings:
            sys.stdout.write(f"{FOUND.say(language, number=case.number, what=_what(finding, language))}\n")
    stones = audits.check_tombstones()
    for finding in stones:
        sys.stdout.write(f"{FOUND_STONE.say(language, what=_what(finding, language))}\n")
    broken = list(publishing.check())
    for month in broken:
        told = FOUND_MONTH[month.fault].say(language, month=month.month, revision=month.revision)
        sys.stdout.write(f"{told}\n")
    said = SOME_UNSOUND if bad else ALL_SOUND
    sys.stdout.write(f"{said.say(language, count=count, bad=bad)}\n")
    return UNSOUND if bad or stones or broken else SOUND


def _what(finding: Finding, language: Language) -> str:
    return FAULTS[finding.fault].say(language, line=finding.line)
