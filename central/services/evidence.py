"""Pictures and clips: taken in, checked, kept, handed out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from central.core.values import Actor, ActorKind
from central.stores.ports import BlobTooLarge, EvidenceRecord, Stores, WrongContent
from protocol.messages import CLIP_BYTES_MAX, EVIDENCE_BYTES_MAX, MediaType

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
    clip_bytes_max: int = CLIP_BYTES_MAX

    def bytes_max(self, media_type: str) -> int:
        """How large evidence of a type may be."""
        return self.clip_bytes_max if media_type == MediaType.MP4 else self.picture_bytes_max


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A picture to be served: `size` in bytes; `chunks` can be read once."""

    sha256: str
    size: int
    media_type: str
    chunks: Iterator[bytes]


class Evidence:
    """Content-addressed pictures and clips."""

    def __init__(self, stores: Stores, policy: EvidencePolicy) -> None:
        self._stores = stores
        self._policy = policy

    def has(self, sha256: str) -> bool:
        """Whether the bytes are there."""
        with self._stores.reading() as unit:
            record = unit.evidence.get(sha256)
        return record is not None and record.stored_at is not None and self._stores.blobs.size(sha256) is not None

    def put(
        self, sha256: str, chunks: Iterable[bytes], by: Actor, now: datetime, sent_as: MediaType = MediaType.JPEG
    ) -> bool:
        """Take an upload; True when it is new, False when it was there (then `chunks` is not read).

        What the event said it is goes before what it is sent as.

        Raises `EvidenceTooLarge`, `EvidenceWrong`, `EvidenceNoRoom`, or `StoreUnavailable`.
        """
        if self.has(sha256):
            return False
        room, media_type = self._room(), self._media_type(sha256, sent_as)
        bytes_max = self._policy.bytes_max(media_type)
        try:
            size = self._stores.blobs.put(sha256, chunks, min(room, bytes_max))
        except WrongContent as error:
            raise EvidenceWrong(str(error)) from None
        except BlobTooLarge:
            if room < bytes_max:
                raise EvidenceNoRoom(_NO_ROOM) from None
            raise EvidenceTooLarge(f"{media_type} may have {bytes_max} bytes") from None
        self._record(EvidenceRecord(sha256, size, media_type, None, now), by, now)
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

    def _media_type(self, sha256: str, sent_as: MediaType) -> str:
        with self._stores.reading() as unit:
            known = unit.evidence.get(sha256)
        return sent_as if known is None else known.media_type

    def _record(self, sent: EvidenceRecord, by: Actor, now: datetime) -> None:
        box = by.name if by.kind is ActorKind.BOX else None
        with self._stores.writing() as unit:
            known = unit.evidence.get(sent.sha256) or replace(sent, box=box)
            if known.bytes not in {None, sent.bytes}:
                self._stores.blobs.delete(sent.sha256)
                raise EvidenceWrong(f"the event said {known.bytes} bytes, these are {sent.bytes}")
            unit.evidence.stored(replace(known, bytes=sent.bytes, stored_at=now, stored_by=by.name))
