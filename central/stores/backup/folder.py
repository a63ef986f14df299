"""The folder of a backup: what it must hold, and whether it does."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from central.core.backups import (
    FACTS,
    FORMAT,
    LINE_LENGTH_MAX,
    SUMS,
    Backup,
    BackupFacts,
    BackupProblem,
    BackupRefused,
    BackupStage,
    Progress,
    parse_sum_line,
)
from central.stores.backup.files import hashed

FACTS_BYTES_MAX = 1024 * 1024
_FACTS = TypeAdapter(BackupFacts)


def facts_as_json(facts: BackupFacts) -> bytes:
    """`backup.json`."""
    return _FACTS.dump_json(facts, indent=2) + b"\n"


def opened(folder: Path) -> tuple[Backup, dict[str, str]]:
    """A finished backup by what it says of itself, and the sums of its files but the pictures.

    Raises `BackupRefused`: it is missing, was cut off, or does not fit together.
    """
    if not folder.is_dir():
        raise BackupRefused(BackupProblem.FOLDER_MISSING, folder=folder)
    if not (folder / SUMS).is_file():
        raise BackupRefused(BackupProblem.UNFINISHED, folder=folder)
    count, known = 0, {}
    for sha256, name in sums(folder):
        count += 1
        if "/" not in name:
            known[name] = sha256
    if FACTS not in known:
        raise BackupRefused(BackupProblem.FILE_DAMAGED, name=SUMS)
    require_sum(folder, FACTS, known[FACTS])
    facts = _read_facts(folder / FACTS)
    if count != facts.files + 1:
        raise BackupRefused(BackupProblem.FILE_DAMAGED, name=SUMS)
    return Backup(facts, hashed(folder / SUMS)), known


def sums(folder: Path) -> Iterator[tuple[str, str]]:
    """SHA-256 and name of every file. Raises `BackupRefused` for a line that is none."""
    try:
        with (folder / SUMS).open(encoding="ascii", newline="\n") as lines:
            while line := lines.readline(LINE_LENGTH_MAX):
                yield parse_sum_line(line)
    except UnicodeDecodeError:
        raise BackupRefused(BackupProblem.FILE_DAMAGED, name=SUMS) from None


def require_sum(folder: Path, name: str, sha256: str) -> None:
    """Refuse a file that is not there, or not as it was."""
    if _sum_of(folder, name) != sha256:
        raise BackupRefused(BackupProblem.FILE_DAMAGED, name=name)


def verify(folder: Path, progress: Progress) -> Backup:
    """Read everything and compare. Raises `BackupRefused`."""
    backup, _ = opened(folder)
    total = backup.facts.files + 1
    for number, (sha256, name) in enumerate(sums(folder), 1):
        require_sum(folder, name, sha256)
        progress(BackupStage.CHECK, number, total)
    return backup


def _sum_of(folder: Path, name: str) -> str:
    try:
        return hashed(folder / name)
    except FileNotFoundError:
        raise BackupRefused(BackupProblem.FILE_MISSING, name=name) from None
    except OSError:
        return ""


def _read_facts(path: Path) -> BackupFacts:
    with path.open("rb") as file:
        content = file.read(FACTS_BYTES_MAX)
    try:
        return _FACTS.validate_json(content)
    except ValidationError:
        raise BackupRefused(BackupProblem.OTHER_FORMAT, format="?", known=FORMAT) from None
