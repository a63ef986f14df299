"""Keeps pictures and clips as files named by their content."""

import hashlib
import os
from datetime import datetime
from pathlib import Path

from protocol.messages import EvidenceKind, EvidenceRef, media_type_of
from protocol.texts import Told, Words

_NOT_KEPT = Words(
    "{folder}：无法写入画面（{why}）；请腾出空间，或指定别的取证目录",
    "{folder}: no picture can be written there ({why}); make room or name another evidence folder",
)


class EvidenceNotKept(Told):
    """A picture cannot be written; the text says where, why, and what to do."""

    def __init__(self, folder: Path, error: OSError) -> None:
        super().__init__(_NOT_KEPT, folder=folder, why=error.strerror)


def reference_to(content: bytes, at: datetime, kind: EvidenceKind) -> EvidenceRef:
    """How reports name a picture or clip."""
    sha256 = hashlib.sha256(content).hexdigest()
    return EvidenceRef(sha256=sha256, bytes=len(content), at=at, kind=kind, media_type=media_type_of(kind))


class EvidenceFolder:
    """Implements `EvidenceKeeper`: `{sha256}.jpg` or `.mp4`, written aside, synced, then renamed: never half of one."""

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

    def keep(self, content: bytes, at: datetime, kind: EvidenceKind) -> EvidenceRef:
        """Write picture or clip unless it is there; raises `OSError` when the disk refuses."""
        reference = reference_to(content, at, kind)
        path = self.path(reference)
        if not path.is_file() or path.stat().st_size != len(content):
            self._write(path, content)
        return reference

    def drop(self, reference: EvidenceRef) -> None:
        """Take away what no report names."""
        self.path(reference).unlink(missing_ok=True)

    def path(self, reference: EvidenceRef) -> Path:
        """Where the file of this content is, or would be."""
        return self.folder / reference.file_name

    def _write(self, path: Path, content: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(f".{os.getpid()}.part")
        try:
            with aside.open("wb") as file:
                file.write(content)
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
