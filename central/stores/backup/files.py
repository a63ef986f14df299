"""Files of a backup: copied and hashed in one go, and what a disk refuses."""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from central.core.backups import BackupProblem, BackupRefused

CHUNK_BYTES = 1024 * 1024
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT}


def hashed(path: Path) -> str:
    """SHA-256 of a file; a link is none. Raises `OSError`."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(handle, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Unreadable(Exception):
    """A file that should be copied is not there, is a link, or its disk fails."""


def copied(source: Path, target: Path) -> str:
    """Copy a file, no link; the SHA-256 of what was copied. Raises `Unreadable`, and `OSError` for the target."""
    digest = hashlib.sha256()
    with target.open("xb") as copy:
        for chunk in _chunks(source):
            digest.update(chunk)
            copy.write(chunk)
    return digest.hexdigest()


def _chunks(source: Path) -> Iterator[bytes]:
    try:
        handle = os.open(source, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(handle, "rb") as file:
            chunk = file.read(CHUNK_BYTES)
            while chunk:
                yield chunk
                chunk = file.read(CHUNK_BYTES)
    except OSError as error:
        raise Unreadable(error.strerror) from None


def require_space(folder: Path, wanted_bytes: int) -> None:
    """Refuse to begin what cannot fit."""
    free = shutil.disk_usage(folder).free
    if wanted_bytes > free:
        raise BackupRefused(BackupProblem.NO_SPACE, folder=folder, wanted=wanted_bytes, free=free)


@contextmanager
def written_to(folder: Path) -> Iterator[None]:
    """Tell people of what the disk does not take, instead of an `OSError`."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_SPACE:
            free = shutil.disk_usage(folder if folder.exists() else folder.parent).free
            raise BackupRefused(BackupProblem.NO_SPACE, folder=folder, wanted="?", free=free) from None
        where = error.filename or folder
        raise BackupRefused(BackupProblem.NOT_WRITTEN, folder=where, reason=error.strerror or "") from None
