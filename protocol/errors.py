"""What can be wrong with bytes that crossed a border."""

from dataclasses import dataclass


class ProtocolError(Exception):
    """Base of everything this package raises about somebody else's bytes."""


@dataclass(frozen=True, slots=True)
class SequenceClaim:
    """The `(epoch, seq)` that an undecodable message says it has: enough to let the watermark pass it."""

    epoch: str
    seq: int


class MalformedMessage(ProtocolError):
    """The payload is not a message of this protocol; `reason` never repeats the payload."""

    def __init__(self, reason: str, claim: SequenceClaim | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.claim = claim


class UnsupportedVersion(MalformedMessage):
    """The payload is of a major schema version that this release does not read."""


class UnknownTopic(ProtocolError):
    """The topic is none of `protocol.topics`."""
