"""What a backup says of itself, and why one is refused."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

FORMAT = 1
FACTS, SUMS, PICTURES = "backup.json", "SHA256SUMS", "pictures.txt"
EVIDENCE = "evidence"
"""Folder of the pictures in a backup."""
LINE_LENGTH_MAX = 400
_LINE = re.compile(
    r"(?P<sha256>[0-9a-f]{64})  (?P<name>[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*)\n"
)
_SHA256 = re.compile(r"[0-9a-f]{64}\n")


class DatabaseKind(StrEnum):
    """Which database a backup is of."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class BackupStage(StrEnum):
    """What is being done, for whoever watches."""

    DATABASE = "database"
    CHECK = "check"
    PICTURES = "pictures"


Progress = Callable[[BackupStage, int, int], None]
"""Told how much of a stage is done, and how much there is: bytes, rows or files."""


class BackupProblem(StrEnum):
    """Why a backup is not made, not believed or not restored."""

    FOLDER_MISSING = "folder_missing"
    FOLDER_NOT_EMPTY = "folder_not_empty"
    NO_SPACE = "no_space"
    NOT_WRITTEN = "not_written"
    SOURCE_DAMAGED = "source_damaged"
    UNFINISHED = "unfinished"
    FILE_MISSING = "file_missing"
    FILE_DAMAGED = "file_damaged"
    OTHER_FORMAT = "other_format"
    OTHER_SCHEMA = "other_schema"
    OTHER_DATABASE = "other_database"
    DATABASE_NOT_EMPTY = "database_not_empty"
    EVIDENCE_NOT_EMPTY = "evidence_not_empty"
    ROWS_DIFFER = "rows_differ"


class BackupRefused(Exception):
    """Nothing was done; `values` fill the sentence that tells people of `problem`."""

    def __init__(self, problem: BackupProblem, **values: object) -> None:
        super().__init__(f"{problem}: {values}")
        self.problem = problem
        self.values = values


@dataclass(frozen=True, slots=True)
class CopiedDatabase:
    """What a copy of a database holds: its schema's revision, rows by table, and where its counters stand."""

    kind: DatabaseKind
    schema: str
    rows: Mapping[str, int]
    counters: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class BackupFacts:
    """`backup.json`. `files` and `bytes` count all files but itself and the sums; `absent` pictures are not in it."""

    format: int
    release: str
    made_at: datetime
    database: CopiedDatabase
    files: int
    bytes: int
    pictures: int
    absent: int


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made or checked; `digest` is the SHA-256 of its sums, `absent` names some absent pictures."""

    facts: BackupFacts
    digest: str
    absent: tuple[str, ...] = ()


def sum_line(sha256: str, name: str) -> str:
    """A line of `SHA256SUMS`, as `sha256sum` writes it."""
    return f"{sha256}  {name}\n"


def parse_sum_line(line: str) -> tuple[str, str]:
    """SHA-256 and name; the name leads to nowhere but below the folder. Raises `BackupRefused`."""
    found = _LINE.fullmatch(line)
    if found is None:
        raise BackupRefused(BackupProblem.FILE_DAMAGED, name=SUMS)
    return found["sha256"], found["name"]


def parse_picture(line: str) -> str:
    """The picture that a line of `pictures.txt` names. Raises `BackupRefused`."""
    if _SHA256.fullmatch(line) is None:
        raise BackupRefused(BackupProblem.FILE_DAMAGED, name=PICTURES)
    return line[:-1]


def require_restorable(facts: BackupFacts, kind: DatabaseKind, schemas: frozenset[str]) -> None:
    """Refuse what this release cannot put into a database of this kind; `schemas` are those that it knows."""
    if facts.format != FORMAT:
        raise BackupRefused(BackupProblem.OTHER_FORMAT, format=facts.format, known=FORMAT)
    if facts.database.schema not in schemas:
        raise BackupRefused(BackupProblem.OTHER_SCHEMA, schema=facts.database.schema, release=facts.release)
    if facts.database.kind is not kind:
        raise BackupRefused(BackupProblem.OTHER_DATABASE, kind=facts.database.kind, here=kind)


def require_same_rows(expected: Mapping[str, int], found: Mapping[str, int]) -> None:
    """Refuse when a table has another number of rows than it had."""
    for table in sorted({*expected, *found}):
        if expected.get(table) != found.get(table):
            raise BackupRefused(
                BackupProblem.ROWS_DIFFER, table=table, expected=expected.get(table, 0), found=found.get(table, 0)
            )
