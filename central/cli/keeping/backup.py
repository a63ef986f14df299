"""`gridwarden central backup`, `backup verify` and `restore`: progress, and one sentence on how it ended."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import Progress as Bars
from rich.progress import TaskID

from central.app import back_up, restore
from central.core.backups import Backup, BackupProblem, BackupRefused, BackupStage, Progress
from central.settings import CentralSettings
from central.stores.backup.folder import verify
from protocol.texts import Words, language_of

DONE, REFUSED = 0, 2
STAGES = {
    BackupStage.DATABASE: Words(zh="数据库", en="database"),
    BackupStage.CHECK: Words(zh="校验", en="hashes"),
    BackupStage.PICTURES: Words(zh="图片", en="pictures"),
}
PROBLEMS = {
    BackupProblem.FOLDER_MISSING: Words(zh="没有文件夹 {folder}", en="there is no folder {folder}"),
    BackupProblem.FOLDER_NOT_EMPTY: Words(
        zh="{folder} 不是空文件夹；请指定新的文件夹", en="{folder} is no empty folder; name a new one"
    ),
    BackupProblem.NO_SPACE: Words(
        zh="{folder} 空间不足：需要 {wanted} 字节，剩余 {free} 字节；未留下任何内容",
        en="{folder} has no room: {wanted} bytes are needed, {free} are free; nothing was left there",
    ),
    BackupProblem.NOT_WRITTEN: Words(
        zh="{folder} 无法读写（{reason}）；未留下任何内容",
        en="{folder} cannot be read or written ({reason}); nothing was left there",
    ),
    BackupProblem.SOURCE_DAMAGED: Words(
        zh="数据库 {database} 已损坏；请从较早的备份恢复",
        en="the database {database} is damaged; restore an earlier backup",
    ),
    BackupProblem.UNFINISHED: Words(
        zh="{folder} 不是完整的备份：没有 SHA256SUMS，备份曾被中断",
        en="{folder} is no finished backup: SHA256SUMS is not there, so it was cut off",
    ),
    BackupProblem.FILE_MISSING: Words(
        zh="备份缺少文件 {name}；请使用另一份备份", en="the backup lacks {name}; take another backup"
    ),
    BackupProblem.FILE_DAMAGED: Words(
        zh="备份文件 {name} 已损坏；请使用另一份备份", en="{name} of the backup is damaged; take another backup"
    ),
    BackupProblem.OTHER_FORMAT: Words(
        zh="备份格式为 {format}，本版本只认识 {known}；请用制作它的版本恢复",
        en="the backup has format {format}, this release knows {known}; restore it with the release that made it",
    ),
    BackupProblem.OTHER_SCHEMA: Words(
        zh="备份的数据库版本 {schema} 本版本不认识；请用 {release} 版恢复",
        en="this release does not know the backup's schema {schema}; restore it with release {release}",
    ),
    BackupProblem.OTHER_DATABASE: Words(
        zh="备份来自 {kind}，此处设置的是 {here}；请在 database_url 中指定同一种数据库",
        en="the backup is of {kind}, the settings name {here}; name the same kind in database_url",
    ),
    BackupProblem.DATABASE_NOT_EMPTY: Words(
        zh="数据库 {database} 已有内容；恢复只能写入空的位置",
        en="the database {database} is not empty; a backup goes only where nothing is",
    ),
    BackupProblem.EVIDENCE_NOT_EMPTY: Words(
        zh="图片文件夹 {folder} 已有内容；恢复只能写入空的位置",
        en="the picture folder {folder} is not empty; a backup goes only where nothing is",
    ),
    BackupProblem.ROWS_DIFFER: Words(
        zh="表 {table} 应有 {expected} 行，实有 {found} 行；请使用另一份备份",
        en="the table {table} should have {expected} rows and has {found}; take another backup",
    ),
}
FIGURES = Words(
    zh="{cases} 个案件，{lines} 条记录，{events} 条上报，{pictures} 张图片，{size:.1f} MB，截至 {at}",
    en="{cases} cases, {lines} lines of history, {events} events, {pictures} pictures, {size:.1f} MB, as of {at}",
)
MADE = Words(zh="已备份到 {folder}：{figures}", en="backed up to {folder}: {figures}")
SOUND = Words(zh="{folder} 完好：{figures}", en="{folder} is whole: {figures}")
RESTORED = Words(zh="已从 {folder} 恢复：{figures}", en="restored from {folder}: {figures}")
DIGEST = Words(
    zh="SHA256SUMS 的 SHA-256，请另行保存：{digest}", en="SHA-256 of SHA256SUMS, to be kept elsewhere: {digest}"
)
ABSENT = Words(
    zh="{count} 张图片缺失或损坏，未包含在内，例如 {named}",
    en="{count} pictures are missing or damaged and not in it, such as {named}",
)
NEXT = Words(
    zh="此后上报而盒子已删除的内容，将由盒子在连接后以缺口记录（forgotten_by_central）说明。"
    "下一步：gridwarden central verify-audit",
    en="What boxes reported later and have deleted, they tell by a gap record (forgotten_by_central) once connected. "
    "Next: gridwarden central verify-audit",
)


def make(settings: CentralSettings, folder: Path) -> int:
    """Write a backup; returns the exit code."""
    return _tell(lambda progress: back_up(settings, folder, progress), MADE, folder, settings.timezone)


def check(folder: Path, zone: str) -> int:
    """Read a backup and compare; returns the exit code. `zone`: whose times are told."""
    return _tell(lambda progress: verify(folder, progress), SOUND, folder, zone)


def put_back(settings: CentralSettings, folder: Path) -> int:
    """Restore a backup; returns the exit code."""
    code = _tell(lambda progress: restore(settings, folder, progress), RESTORED, folder, settings.timezone)
    if code == DONE:
        sys.stdout.write(f"{NEXT.say(language_of(os.environ))}\n")
    return code


def _tell(work: Callable[[Progress], Backup], said: Words, folder: Path, zone: str) -> int:
    language = language_of(os.environ)
    try:
        with _bars() as progress:
            backup = work(progress)
    except BackupRefused as refusal:
        sys.stderr.write(f"{PROBLEMS[refusal.problem].say(language, **refusal.values)}\n")
        return REFUSED
    facts = backup.facts
    figures = FIGURES.say(
        language,
        cases=facts.database.rows.get("cases", 0),
        lines=facts.database.rows.get("case_steps", 0),
        events=facts.database.rows.get("events", 0),
        pictures=facts.pictures,
        size=facts.bytes / 1e6,
        at=facts.made_at.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds"),
    )
    sys.stdout.write(f"{said.say(language, folder=folder, figures=figures)}\n")
    sys.stdout.write(f"{DIGEST.say(language, digest=backup.digest)}\n")
    if facts.absent:
        named = ", ".join(backup.absent) or "pictures.txt"
        sys.stderr.write(f"{ABSENT.say(language, count=facts.absent, named=named)}\n")
    return DONE


@contextmanager
def _bars() -> Iterator[Progress]:
    console = Console(stderr=True)
    language = language_of(os.environ)
    with Bars(console=console, disable=not console.is_terminal) as bars:
        tasks: dict[BackupStage, TaskID] = {}

        def progress(stage: BackupStage, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGES[stage].say(language), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield progress
