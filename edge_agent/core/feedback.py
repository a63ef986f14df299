"""What people said about episodes, and what a box learns from it: spots to leave alone, thresholds to propose.

Nothing is changed by itself but the spot masks, which expire: a proposal is shown to a person, who decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from edge_agent.core.zones import intersection_over_union
from protocol.geometry import Box
from protocol.messages import Judgement

MASKS_MAX = 200
MASK_OVERLAP_MIN = 0.4
"""A mask concerns what has its place and size: a stall that stands before a masked poster is told."""
JUDGED_MIN, REJECTED_MIN = 10, 3
CONFIRMED_KEPT_MIN = 0.95


@dataclass(frozen=True, slots=True)
class SpotMask:
    """What a person rejected at `box`: the scene is not told there again before `until`."""

    camera: str
    zone: str
    scene: str
    box: Box
    until: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person said about one episode; `score` is the detector's, None without one."""

    episode: str
    camera: str
    zone: str
    scene: str
    judgement: Judgement
    reason: str
    at: datetime
    box: Box | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A score below which a camera's zone had better not tell a scene, and what that would have done so far."""

    camera: str
    zone: str
    scene: str
    threshold: float
    judged: int
    rejected: int
    rejected_avoided: int
    confirmed_lost: int


def masked(masks: Iterable[SpotMask], zone: str, scene: str, now: datetime) -> tuple[Box, ...]:
    """Boxes at which a zone's scene is to be left alone now."""
    return tuple(one.box for one in masks if (one.zone, one.scene) == (zone, scene) and one.until > now)


def is_masked(boxes: Iterable[Box], box: Box) -> bool:
    """Whether a thing is what a mask was made for: about the same place and size."""
    return any(intersection_over_union(one, box) >= MASK_OVERLAP_MIN for one in boxes)


def proposals(verdicts: Sequence[Verdict]) -> tuple[Proposal, ...]:
    """A proposal for each camera, zone and scene that was judged often enough and would gain by one."""
    groups: dict[tuple[str, str, str], list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.score is not None:
            groups.setdefault((verdict.camera, verdict.zone, verdict.scene), []).append(verdict)
    found = (_proposal(group) for _, group in sorted(groups.items()))
    return tuple(one for one in found if one is not None)


def _proposal(group: Sequence[Verdict]) -> Proposal | None:
    confirmed = sorted(one.score or 0.0 for one in group if one.judgement is Judgement.CONFIRMED)
    rejected = sorted(one.score or 0.0 for one in group if one.judgement is Judgement.REJECTED)
    if len(group) < JUDGED_MIN or len(rejected) < REJECTED_MIN:
        return None
    may_lose = int(len(confirmed) * (1 - CONFIRMED_KEPT_MIN) + 1e-9)
    threshold = confirmed[may_lose] if confirmed else rejected[-1] + 0.01
    avoided = sum(score < threshold for score in rejected)
    if not avoided:
        return None
    first = group[0]
    return Proposal(
        camera=first.camera,
        zone=first.zone,
        scene=first.scene,
        threshold=round(min(threshold, 1.0), 3),
        judged=len(group),
        rejected=len(rejected),
        rejected_avoided=avoided,
        confirmed_lost=sum(score < threshold for score in confirmed),
    )
