"""The pictures of a backup: listed by the database, copied and hashed one by one."""

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from central.core.backups import (
    EVIDENCE,
    LINE_LENGTH_MAX,
    PICTURES,
    BackupProblem,
    BackupRefused,
    BackupStage,
    Progress,
    parse_picture,
    sum_line,
)
from central.stores.backup.files import Unreadable, copied
from central.stores.file_blobs import blob_place

LISTED = "SELECT sha256, bytes FROM evidence WHERE stored_at IS NOT NULL ORDER BY sha256"
NAMED_MAX = 20
"""So many pictures that are not there are named."""
_STAGED = ".restoring"


class PictureCount:
    """What was copied; `named` are some of the `absent`."""

    def __init__(self) -> None:
        self.files = self.bytes = self.absent = 0
        self.named: list[str] = []

    def miss(self, picture: str) -> None:
        """Count a picture that is not there, or not what it was."""
        self.absent += 1
        if len(self.named) < NAMED_MAX:
            self.named.append(picture)


def write_list(folder: Path, rows: Iterable[tuple[str, int | None]]) -> int:
    """Write `pictures.txt`; how many bytes the pictures have."""
    total = 0
    with (folder / PICTURES).open("x", encoding="ascii") as listed:
        for sha256, size in rows:
            listed.write(f"{sha256}\n")
            total += size or 0
    return total


def listed_pictures(folder: Path) -> Iterator[str]:
    """What `pictures.txt` names."""
    with (folder / PICTURES).open(encoding="ascii", newline="\n") as listed:
        while line := listed.readline(LINE_LENGTH_MAX):
            yield parse_picture(line)


def copy_pictures(evidence_dir: Path, folder: Path, sums: TextIO, progress: Progress) -> PictureCount:
    """Copy what the list names, with a line in the sums each; what is damaged or missing is counted and left out."""
    count, total = PictureCount(), sum(1 for _ in listed_pictures(folder))
    for number, picture in enumerate(listed_pictures(folder), 1):
        target = folder / EVIDENCE / blob_place(picture)
        target.parent.mkdir(parents=True, exist_ok=True)
        if _copied_as(picture, evidence_dir / blob_place(picture), target):
            sums.write(sum_line(picture, f"{EVIDENCE}/{blob_place(picture)}"))
            count.files, count.bytes = count.files + 1, count.bytes + target.stat().st_size
        else:
            target.unlink(missing_ok=True)
            count.miss(picture)
        progress(BackupStage.PICTURES, number, total)
    return count


def require_none(evidence_dir: Path) -> None:
    """Refuse a folder that holds pictures already; what a restore that was cut off has left is removed."""
    shutil.rmtree(evidence_dir / _STAGED, ignore_errors=True)
    if any(not path.is_dir() for path in evidence_dir.rglob("*")):
        raise BackupRefused(BackupProblem.EVIDENCE_NOT_EMPTY, folder=evidence_dir)


class StagedPictures:
    """Pictures of a backup beside their place: `stage`, then `place`; `remove` undoes both."""

    def __init__(self, folder: Path, evidence_dir: Path) -> None:
        self._folder = folder
        self._evidence_dir = evidence_dir
        self._staged = evidence_dir / _STAGED
        self._placed: list[Path] = []

    def stage(self, sums: Iterable[tuple[str, str]], total: int, progress: Progress) -> None:
        """Copy and compare every picture. Raises `BackupRefused`, `OSError`."""
        self._staged.mkdir(parents=True)
        wanted = ((sha256, name) for sha256, name in sums if name.startswith(f"{EVIDENCE}/"))
        for number, (sha256, name) in enumerate(wanted, 1):
            if name != f"{EVIDENCE}/{blob_place(sha256)}":
                raise BackupRefused(BackupProblem.FILE_DAMAGED, name=name)
            target = self._staged / blob_place(sha256)
            target.parent.mkdir(parents=True, exist_ok=True)
            source = self._folder / name
            if not source.exists():
                raise BackupRefused(BackupProblem.FILE_MISSING, name=name)
            if not _copied_as(sha256, source, target):
                raise BackupRefused(BackupProblem.FILE_DAMAGED, name=name)
            progress(BackupStage.PICTURES, number, total)

    def place(self) -> None:
        """Move everything to its place; folders only, so it takes a moment."""
        for part in sorted(self._staged.iterdir()):
            target = self._evidence_dir / part.name
            part.rename(target)
            self._placed.append(target)
        self._staged.rmdir()

    def remove(self) -> None:
        """Leave the folder as it was found."""
        for path in (*self._placed, self._staged):
            shutil.rmtree(path, ignore_errors=True)


def _copied_as(sha256: str, source: Path, target: Path) -> bool:
    try:
        return copied(source, target) == sha256
    except Unreadable:
        return False
