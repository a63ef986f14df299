"""Pictures: taken in, checked, kept, handed out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from central.core.values import Actor
from central.stores.ports import Stores
from protocol.messages import EVIDENCE_BYTES_MAX

WANTED_AFTER_S = 600.0


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
        raise NotImplementedError

    def put(self, sha256: str, chunks: Iterable[bytes], by: Actor, now: datetime) -> bool:
        """Take an upload; True when it is new, False when it was there (then `chunks` is not read).

        Raises `EvidenceTooLarge`, `EvidenceWrong`, `EvidenceNoRoom`, or `StoreUnavailable`.
        """
        raise NotImplementedError

    def get(self, sha256: str) -> EvidenceFile:
        """A picture; raises `EvidenceUnknown`."""
        raise NotImplementedError

    def missing(self, box: str, now: datetime) -> tuple[str, ...]:
        """Pictures that events of `box` promised more than `WANTED_AFTER_S` ago and that have not arrived."""
        raise NotImplementedError
