"""What people said about episodes, and what a box learns from it: spots to leave alone, thresholds to propose.

Nothing is changed by itself but the spot masks, which expire: a proposal is shown to a person, who decides.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from edge_agent.core.zones import intersection_over_union
from protocol.geometry import Box
from protocol.messages import Judgement

MASKS_MAX = 200
MASK_OVERLAP_MIN = 0.4
"""A mask concerns what has its place and size: a stall that stands before a masked poster is told."""
JUDGED_MIN, REJECTED_MIN = 10, 3
"""Fewer say nothing of a place."""
CONFIRMED_KEPT_MIN = 0.95
"""A proposal that loses more of what people confirmed costs more than it spares."""
BEYOND = 0.01
"""Where everything was rejected, so much more than the surest of it is asked for."""
SCORE_STEPS = 1000
"""A proposal has three decimals, rounded down, so that what it was made from is still told."""

Place = tuple[str, str, str]
"""Camera, zone, scene."""
_Scored = tuple[float, Judgement]
NOTHING_ASKED: Mapping[Place, float] = MappingProxyType({})


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
    """What a person said about one episode; `score` is that of its report, None for a report without one."""

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
    """A `score_min` for a scene in a camera's zone, and what it would have done so far."""

    camera: str
    zone: str
    scene: str
    score_min: float
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


def proposals(verdicts: Sequence[Verdict], in_force: Mapping[Place, float] = NOTHING_ASKED) -> tuple[Proposal, ...]:
    """A proposal for each camera, zone and scene that was judged often enough and would gain by one.

    `in_force`: the `score_min` that a place has already; what it would not tell any more says nothing.
    """
    groups: dict[Place, list[_Scored]] = {}
    for verdict in verdicts:
        place = (verdict.camera, verdict.zone, verdict.scene)
        if verdict.score is not None and verdict.score >= in_force.get(place, 0.0):
            groups.setdefault(place, []).append((verdict.score, verdict.judgement))
    found = (_proposal(place, group) for place, group in sorted(groups.items()))
    return tuple(one for one in found if one is not None)


def _proposal(place: Place, group: Sequence[_Scored]) -> Proposal | None:
    confirmed = sorted(score for score, judgement in group if judgement is Judgement.CONFIRMED)
    rejected = sorted(score for score, judgement in group if judgement is Judgement.REJECTED)
    if len(group) < JUDGED_MIN or len(rejected) < REJECTED_MIN:
        return None
    may_lose = int(len(confirmed) * (1 - CONFIRMED_KEPT_MIN) + 1e-9)
    wanted = confirmed[may_lose] if confirmed else min(rejected[-1] + BEYOND, 1.0)
    score_min = math.floor(wanted * SCORE_STEPS) / SCORE_STEPS
    avoided = sum(score < score_min for score in rejected)
    if not avoided:
        return None
    camera, zone, scene = place
    return Proposal(
        camera=camera,
        zone=zone,
        scene=scene,
        score_min=score_min,
        judged=len(group),
        rejected=len(rejected),
        rejected_avoided=avoided,
        confirmed_lost=sum(score < score_min for score in confirmed),
    )
