"""What central tells boxes: how far it has committed, and that it is there."""

from typing import Annotated

from pydantic import Field

from protocol.identifiers import Epoch, Sha256
from protocol.messages.wire import SEQ_MAX, Seq, Text, Wire

MISSING_RANGES_MAX = 64
WANTED_EVIDENCE_MAX = 64


class SeqRange(Wire):
    """Sequence numbers `first..last`, both included."""

    first: Seq
    last: Seq


class Watermark(Wire):
    """Body of `down/ack`: everything of `epoch` up to `upto` is committed; `missing` lies between it and the newest."""

    epoch: Epoch
    upto: Annotated[int, Field(ge=0, le=SEQ_MAX)]
    missing: Annotated[tuple[SeqRange, ...], Field(max_length=MISSING_RANGES_MAX)] = ()
    evidence_wanted: Annotated[tuple[Sha256, ...], Field(max_length=WANTED_EVIDENCE_MAX)] = ()


class CentralState(Wire):
    """Body of `gw/v1/{site}/central/state`, retained; republished every 15 s, older than 45 s means offline."""

    online: bool
    instance: Text
