"""Pictures as files named by their SHA-256, in two levels of folders."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from central.stores.ports import BlobTooLarge, StoreUnavailable, WrongContent

CHUNK_BYTES = 64 * 1024
LEFT_OVER_S = 3600.0
_INCOMING = "incoming"


def blob_place(sha256: str) -> str:
    """Where below the folder a picture lies; two levels keep folders small."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


class FileBlobs:
    """`BlobStore` below one folder; old half-written uploads are removed when it opens."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / _INCOMING
        self._incoming.mkdir(parents=True, exist_ok=True)
        _remove_left_overs(self._incoming)

    def put(self, sha256: str, chunks: Iterable[bytes], bytes_max: int) -> int:
        """See the port."""
        try:
            handle, name = tempfile.mkstemp(dir=self._incoming)
        except OSError as error:
            raise _unavailable(error) from None
        upload = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                size = _receive(file, sha256, chunks, bytes_max)
            self._settle(upload, sha256)
        except OSError as error:
            raise _unavailable(error) from None
        finally:
            upload.unlink(missing_ok=True)
        return size

    def size(self, sha256: str) -> int | None:
        """See the port."""
        try:
            return self._path(sha256).stat().st_size
        except FileNotFoundError:
            return None

    def read(self, sha256: str) -> Iterator[bytes]:
        """See the port."""
        if self.size(sha256) is None:
            raise KeyError(sha256)
        return _chunks(self._path(sha256))

    def delete(self, sha256: str) -> None:
        """See the port."""
        self._path(sha256).unlink(missing_ok=True)

    def free_bytes(self) -> int:
        """See the port."""
        return shutil.disk_usage(self._folder).free

    def _path(self, sha256: str) -> Path:
        if len(sha256) != hashlib.sha256().digest_size * 2 or not sha256.isalnum():
            raise KeyError("not a SHA-256")
        return self._folder / blob_place(sha256)

    def _settle(self, upload: Path, sha256: str) -> None:
        path = self._path(sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        upload.replace(path)
        for folder in (path.parent, path.parent.parent, self._folder):
            _sync(folder)


def _receive(file: BinaryIO, sha256: str, chunks: Iterable[bytes], bytes_max: int) -> int:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > bytes_max:
            raise BlobTooLarge(f"more than {bytes_max} bytes")
        digest.update(chunk)
        file.write(chunk)
    if not size:
        raise WrongContent("nothing was sent; send the picture again")
    if digest.hexdigest() != sha256:
        raise WrongContent("the bytes do not have the SHA-256 that the address names; send the picture again")
    file.flush()
    os.fsync(file.fileno())
    return size


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _remove_left_overs(incoming: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=incoming) as file:
        newest_s = os.fstat(file.fileno()).st_mtime
        for upload in incoming.iterdir():
            if newest_s - upload.stat().st_mtime > LEFT_OVER_S:
                upload.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unavailable(error: OSError) -> StoreUnavailable:
    return StoreUnavailable(f"the evidence folder cannot be written: {error.strerror}")
