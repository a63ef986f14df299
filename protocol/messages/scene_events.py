"""What was seen in a zone: reports of episodes."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from protocol.geometry import Box
from protocol.identifiers import CameraId, MessageId, SceneId, ZoneId
from protocol.messages.evidence import EVIDENCE_PER_EVENT_MAX, EvidenceRef
from protocol.messages.wire import Count, Label, Moment, Seconds, Share, Text, Wire
from protocol.scenes import Surface


class ScenePhase(StrEnum):
    """Report of an episode: the rule is met, it has become more severe, its cause has gone."""

    RAISED = "raised"
    ESCALATED = "escalated"
    ENDED = "ended"


class EndReason(StrEnum):
    """Why an episode ended: its cause left, it became permitted (hours), or camera or box stopped looking."""

    LEFT = "left"
    PERMITTED = "permitted"
    INTERRUPTED = "interrupted"


class Basis(StrEnum):
    """What a scene was recognised by: a detector's objects, or static foreground alone."""

    MODEL = "model"
    STATIC = "static"


class SceneEvent(Wire):
    """One report of one episode of a scene rule. Times are capture times.

    `seen_at`: when it was certain that the thing is there, before it became a violation at `raised_at`. `held_share`:
    share of the looks in which it was seen. `count`, `area_share`: most things, or most of the zone, at one time.
    """

    camera: CameraId
    zone: ZoneId
    scene: SceneId
    episode: MessageId
    update: Annotated[int, Field(ge=0, le=10_000)]
    phase: ScenePhase
    started_at: Moment
    raised_at: Moment
    last_seen_at: Moment
    ended_at: Moment | None = None
    end_reason: EndReason | None = None
    dwell_s: Seconds
    label: Label
    score: Share | None = None
    box: Box
    severity: Annotated[int, Field(ge=1, le=5)] = 3
    model: Text | None = None
    basis: Basis | None = None
    surface: Surface | None = None
    seen_at: Moment | None = None
    held_share: Share | None = None
    count: Count | None = None
    area_share: Share | None = None
    evidence: Annotated[tuple[EvidenceRef, ...], Field(max_length=EVIDENCE_PER_EVENT_MAX)] = ()
