"""Keeps evidence pictures as files named by their content."""

import hashlib
import os
from datetime import datetime
from pathlib import Path

from protocol.messages import EvidenceKind, EvidenceRef


class EvidenceNotKept(Exception):
    """A picture cannot be written; the text says where, why, and what to do."""

    def __init__(self, folder: Path, error: OSError) -> None:
        super().__init__(
            f"{folder}: no picture can be written there ({error.strerror}); make room or name another evidence folder"
        )


class EvidenceFolder:
    """Implements `EvidenceKeeper`: `{sha256}.jpg`, written aside, synced, then renamed: never half a picture."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> None:
        """Make the folder and write a byte there; raises `OSError` where pictures could not be kept."""
        self.folder.mkdir(parents=True, exist_ok=True)
        trial = self.folder / f"trial.{os.getpid()}.part"
        try:
            with trial.open("wb") as file:
                file.write(b"\0")
                file.flush()
                os.fsync(file.fileno())
        finally:
            trial.unlink(missing_ok=True)

    def keep(self, jpeg: bytes, at: datetime, kind: EvidenceKind) -> EvidenceRef:
        """Write the picture unless it is there; raises `OSError` when the disk refuses."""
        reference = EvidenceRef(sha256=hashlib.sha256(jpeg).hexdigest(), bytes=len(jpeg), at=at, kind=kind)
        path = self.path(reference.sha256)
        if not path.is_file() or path.stat().st_size != len(jpeg):
            self._write(path, jpeg)
        return reference

    def path(self, sha256: str) -> Path:
        """Where the picture of this content is, or would be."""
        return self.folder / f"{sha256}.jpg"

    def _write(self, path: Path, jpeg: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(f".{os.getpid()}.part")
        try:
            with aside.open("wb") as file:
                file.write(jpeg)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        except OSError:
            aside.unlink(missing_ok=True)
            raise
        _sync_folder(self.folder)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
