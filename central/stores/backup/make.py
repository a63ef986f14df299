"""Writes a backup: everything of one moment, and the sums last."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from central.core.backups import (
    FACTS,
    FORMAT,
    SUMS,
    Backup,
    BackupFacts,
    BackupProblem,
    BackupRefused,
    BackupStage,
    CopiedDatabase,
    Progress,
    sum_line,
)
from central.stores.backup.files import hashed, require_space, written_to
from central.stores.backup.folder import facts_as_json
from central.stores.backup.pictures import PictureCount, copy_pictures
from central.stores.ports import DatabaseCopy

_UNFINISHED = f"{SUMS}.part"


@dataclass(frozen=True, slots=True)
class Source:
    """What is backed up, and by which release."""

    database: DatabaseCopy
    evidence_dir: Path
    release: str


def make_backup(source: Source, folder: Path, now: datetime, progress: Progress) -> Backup:
    """Write a backup into a folder that is empty or not there yet.

    Raises `BackupRefused`, `StoreUnavailable`: then the folder is as it was before.
    """
    with written_to(folder), _new(folder):
        require_space(folder, source.database.size_bytes())
        with (folder / _UNFINISHED).open("w", encoding="ascii") as sums:
            copied, listed_bytes = source.database.copy(folder, progress)
            files, size = _sum_database(folder, sums, progress)
            require_space(folder, listed_bytes)
            pictures = copy_pictures(source.evidence_dir, folder, sums, progress)
            facts = _facts(source, now, copied, pictures, (files, size))
            (folder / FACTS).write_bytes(facts_as_json(facts))
            sums.write(sum_line(hashed(folder / FACTS), FACTS))
        os.sync()
        (folder / _UNFINISHED).rename(folder / SUMS)
        os.sync()
        return Backup(facts, hashed(folder / SUMS), tuple(pictures.named))


def _sum_database(folder: Path, sums: TextIO, progress: Progress) -> tuple[int, int]:
    """Hash what the database wrote; how many files and bytes."""
    files = sorted(path for path in folder.iterdir() if path.name != _UNFINISHED)
    for number, path in enumerate(files, 1):
        sums.write(sum_line(hashed(path), path.name))
        progress(BackupStage.CHECK, number, len(files))
    return len(files), sum(path.stat().st_size for path in files)


def _facts(
    source: Source, now: datetime, copied: CopiedDatabase, pictures: PictureCount, database_files: tuple[int, int]
) -> BackupFacts:
    files, size = database_files
    return BackupFacts(
        format=FORMAT,
        release=source.release,
        made_at=now,
        database=copied,
        files=files + pictures.files,
        bytes=size + pictures.bytes,
        pictures=pictures.files,
        absent=pictures.absent,
    )


@contextmanager
def _new(folder: Path) -> Iterator[None]:
    """A folder of one's own; what was made in it goes again when the block raises."""
    was_there = folder.exists()
    if was_there and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupRefused(BackupProblem.FOLDER_NOT_EMPTY, folder=folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Of two that begin at once, one gets the file.
    try:
        (folder / _UNFINISHED).touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise BackupRefused(BackupProblem.FOLDER_NOT_EMPTY, folder=folder) from None
    try:
        yield
    except BaseException:
        for path in folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        if not was_there:
            folder.rmdir()
        raise
