"""What central asks of a box, and what the box answers."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from protocol.geometry import Box
from protocol.identifiers import CameraId, CommandId, MessageId, SceneId, ZoneId
from protocol.messages.cameras import CameraReason
from protocol.messages.evidence import EVIDENCE_PER_EVENT_MAX, EvidenceRef
from protocol.messages.wire import Count, Detail, Moment, Share, Text, Wire


class CommandName(StrEnum):
    """Commands that a box obeys."""

    SNAPSHOT = "snapshot"
    LOOK = "look"
    JUDGED = "judged"


class Judgement(StrEnum):
    """What a person said about an episode."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Command(Wire):
    """Body of `down/cmd/{id}`; a box that gets it after `deadline` answers `expired` and does nothing.

    `look` re-checks `zone`, for `scene` and at `box` if they are named, for `seconds`; `stood_at` is when something
    stood there. `judged` tells what a person said about `episode`, which was of `scene` in `zone` at `box` with
    `score`; a rejected spot is masked until `mask_until`.
    """

    command: CommandId
    name: CommandName
    camera: CameraId | None = None
    deadline: Moment
    zone: ZoneId | None = None
    scene: SceneId | None = None
    seconds: Annotated[float, Field(gt=0, le=600)] | None = None
    episode: MessageId | None = None
    box: Box | None = None
    score: Share | None = None
    stood_at: Moment | None = None
    judgement: Judgement | None = None
    reason: Text = ""
    mask_until: Moment | None = None


class CommandStatus(StrEnum):
    """How far a command has come; `done`, `failed` and `expired` are final."""

    ACCEPTED = "accepted"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"


class Presence(StrEnum):
    """What a look at a zone found."""

    PRESENT = "present"
    GONE = "gone"
    CANNOT_TELL = "cannot_tell"


class LookFinding(Wire):
    """Answer to `look`: what stands in the zone, over the share of the time for which it could be observed.

    `looks` counts frames at which the place could be seen, `seen` those of them that saw something there. `light` is
    the lowest mean brightness of the picture meanwhile (0 black, 255 white); `on_preset`: whether a dome camera showed
    all the time what its zones were drawn for, None for a fixed one. Boxes of earlier releases say none of the three.
    """

    presence: Presence
    observed_share: Share
    since: Moment
    until: Moment
    looks: Count
    picture_health: CameraReason | None = None
    detail: Detail = ""
    seen: Count | None = None
    light: Annotated[float, Field(ge=0, le=255)] | None = None
    on_preset: bool | None = None


class CommandResult(Wire):
    """Body of `up/res/{id}`; the same command id is answered again, not done again."""

    command: CommandId
    status: CommandStatus
    detail: Detail = ""
    evidence: EvidenceRef | None = None
    finding: LookFinding | None = None
    pictures: Annotated[tuple[EvidenceRef, ...], Field(max_length=EVIDENCE_PER_EVENT_MAX)] = ()
