"""A database that can be copied while it is used, and put back where none is."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from central.core.backups import BackupFacts, CopiedDatabase, DatabaseKind, Progress


class DatabaseCopy(Protocol):
    """How one kind of database goes into a folder and comes back."""

    @property
    def kind(self) -> DatabaseKind:
        """Which database it is."""
        ...

    def size_bytes(self) -> int:
        """About as many bytes as a copy has. Raises `StoreUnavailable`."""
        ...

    def copy(self, folder: Path, progress: Progress) -> tuple[CopiedDatabase, int]:
        """Write one moment of the database and its list of pictures; also how many bytes those have.

        Others may write meanwhile. Raises `StoreUnavailable`, `BackupRefused`, `OSError`.
        """
        ...

    def schemas(self) -> frozenset[str]:
        """The revisions that this release can restore."""
        ...

    def require_empty(self) -> None:
        """Raises `BackupRefused` when there is anything already, `StoreUnavailable`."""
        ...

    def restoring(
        self, folder: Path, facts: BackupFacts, sums: Mapping[str, str], progress: Progress
    ) -> AbstractContextManager[None]:
        """Put a copy in: checked when the block begins, in place when it ends, nowhere when anything raises.

        `sums` are the SHA-256 of its files by name. Raises `BackupRefused`, `StoreUnavailable`, `OSError`.
        """
        ...
