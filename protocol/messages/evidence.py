"""Pictures and clips, by their content."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from protocol.identifiers import Sha256
from protocol.messages.wire import Moment, Wire

EVIDENCE_PER_EVENT_MAX = 8
EVIDENCE_BYTES_MAX = 4 * 1024 * 1024
"""Of a picture."""
CLIP_BYTES_MAX = 8 * 1024 * 1024


class EvidenceKind(StrEnum):
    """Which moment a picture shows."""

    STARTED = "started"
    RAISED = "raised"
    PEAK = "peak"
    ENDED = "ended"
    CLIP = "clip"
    SNAPSHOT = "snapshot"
    LAST_GOOD = "last_good"


class MediaType(StrEnum):
    """What the bytes of evidence are."""

    JPEG = "image/jpeg"
    MP4 = "video/mp4"


def media_type_of(kind: EvidenceKind) -> MediaType:
    """What evidence of this kind consists of."""
    return MediaType.MP4 if kind is EvidenceKind.CLIP else MediaType.JPEG


def bytes_max_of(media_type: MediaType) -> int:
    """How large it may be."""
    return CLIP_BYTES_MAX if media_type is MediaType.MP4 else EVIDENCE_BYTES_MAX


class EvidenceRef(Wire):
    """A picture or clip by its content; the bytes travel by HTTP PUT, apart from this reference."""

    sha256: Sha256
    bytes: Annotated[int, Field(ge=1, le=CLIP_BYTES_MAX)]
    at: Moment
    kind: EvidenceKind
    media_type: MediaType = MediaType.JPEG

    @model_validator(mode="after")
    def _is_not_too_large(self) -> Self:
        if self.bytes > bytes_max_of(self.media_type):
            raise ValueError(f"{self.media_type} may have {bytes_max_of(self.media_type)} bytes")
        return self

    @property
    def file_name(self) -> str:
        """How a box calls the file that holds it."""
        return f"{self.sha256}.mp4" if self.media_type is MediaType.MP4 else f"{self.sha256}.jpg"
