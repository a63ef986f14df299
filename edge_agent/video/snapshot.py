"""Evidence pictures, and the port of the one who keeps them."""

from datetime import datetime
from typing import Protocol

from protocol.messages import EvidenceKind, EvidenceRef


class EvidenceKeeper(Protocol):
    """Keeps pictures by their content."""

    def keep(self, jpeg: bytes, at: datetime, kind: EvidenceKind) -> EvidenceRef:
        """Make the picture safe (on disk, synced) and return its reference; the same bytes twice are one file."""
        ...
