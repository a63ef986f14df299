"""Pictures: taken in, checked, kept, handed out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from central.core.values import Actor, ActorKind
from central.stores.ports import BlobTooLarge, EvidenceRecord, Stores, WrongContent
from protocol.messages import EVIDENCE_BYTES_MAX

MEDIA_TYPE = "image/jpeg"
_NO_ROOM = "no room for pictures: quota or free disk is used up; keep it and try later"


class EvidenceUnknown(LookupError):
    """No such picture, or its bytes have not arrived."""


class EvidenceRefused(Exception):
    """Base: the upload is not taken, nothing of it stays behind."""


class EvidenceTooLarge(EvidenceRefused):
    """More than `bytes_max` bytes."""


class EvidenceWrong(EvidenceRefused):
    """The bytes are not those that the hash promises, or not as many as the event said."""


class EvidenceNoRoom(EvidenceRefused):
    """Quota or free disk is used up; the sender keeps the picture and tries later."""


@dataclass(frozen=True, slots=True)
class EvidencePolicy:
    """Limits of the evidence store."""

    quota_bytes: int = 50_000_000_000
    disk_free_bytes_min: int = 1_000_000_000
    picture_bytes_max: int = EVIDENCE_BYTES_MAX


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A picture to be served: `size` in bytes; `chunks` can be read once."""

    sha256: str
    size: int
    media_type: str
    chunks: Iterator[bytes]


class Evidence:
    """Content-addressed pictures."""

    def __init__(self, stores: Stores, policy: EvidencePolicy) -> None:
        self._stores = stores
        self._policy = policy

    def has(self, sha256: str) -> bool:
        """Whether the bytes are there."""
        with self._stores.reading() as unit:
            record = unit.evidence.get(sha256)
        return record is not None and record.stored_at is not None and self._stores.blobs.size(sha256) is not None

    def put(self, sha256: str, chunks: Iterable[bytes], by: Actor, now: datetime) -> bool:
        """Take an upload; True when it is new, False when it was there (then `chunks` is not read).

        Raises `EvidenceTooLarge`, `EvidenceWrong`, `EvidenceNoRoom`, or `StoreUnavailable`.
        """
        if self.has(sha256):
            return False
        room = self._room()
        try:
            size = self._stores.blobs.put(sha256, chunks, min(room, self._policy.picture_bytes_max))
        except WrongContent as error:
            raise EvidenceWrong(str(error)) from None
        except BlobTooLarge:
            if room < self._policy.picture_bytes_max:
                raise EvidenceNoRoom(_NO_ROOM) from None
            raise EvidenceTooLarge(f"a picture may have {self._policy.picture_bytes_max} bytes") from None
        self._record(sha256, size, by, now)
        return True

    def get(self, sha256: str) -> EvidenceFile:
        """A picture; raises `EvidenceUnknown`."""
        with self._stores.reading() as unit:
            record = unit.evidence.get(sha256)
        size = self._stores.blobs.size(sha256) if record is not None and record.stored_at is not None else None
        if record is None or size is None:
            raise EvidenceUnknown("there is no such picture, or it has not arrived yet")
        return EvidenceFile(sha256, size, record.media_type, self._stores.blobs.read(sha256))

    def _room(self) -> int:
        if self._stores.blobs.free_bytes() < self._policy.disk_free_bytes_min:
            raise EvidenceNoRoom(_NO_ROOM)
        with self._stores.reading() as unit:
            room = self._policy.quota_bytes - unit.evidence.total_bytes()
        if room <= 0:
            raise EvidenceNoRoom(_NO_ROOM)
        return room

    def _record(self, sha256: str, size: int, by: Actor, now: datetime) -> None:
        box = by.name if by.kind is ActorKind.BOX else None
        with self._stores.writing() as unit:
            known = unit.evidence.get(sha256) or EvidenceRecord(sha256, size, MEDIA_TYPE, box, now)
            if known.bytes not in {None, size}:
                self._stores.blobs.delete(sha256)
                raise EvidenceWrong(f"the event said {known.bytes} bytes, these are {size}")
            unit.evidence.stored(replace(known, bytes=size, stored_at=now, stored_by=by.name))
