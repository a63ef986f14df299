"""Identity over time: which detection is which object.

Each object is expected where constant velocity carries it; the detections of the same label group compete for the
objects by distance, overlap and likeness of size, and the cheapest assignment wins. Everything is in seconds of capture
time, so that one and ten frames a second give the same identities. Lengths are in picture heights on both axes.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import numpy.typing as npt

from edge_agent.core.tracking.assignment import assign
from edge_agent.core.values import Detection, Track
from protocol.geometry import Box

TRACKS_MAX = 500
REACH_SIZES, REACH_SIZES_MAX = 0.4, 2.5
REACH_SIZES_PER_S, REACH_NEW_SIZES_PER_S = 0.6, 1.4
"""How far from its expected place an object may be, in its own size: at once, at most, and for each second unseen.

A pedestrian (size about 1.1 m) walks 1.3 sizes a second: so much is open for an object that was seen once, whose way is
not known; later only a change of its way must be allowed for."""
STOP_SHARE = 0.6
COST_DISTANCE, COST_APART, COST_UNLIKE = 0.5, 0.3, 0.2
COST_MAX = 1.0
AREA_RATIO_MAX = 5.0
WEAK_OVERLAP_MIN = 0.3
"""A weak detection only continues an object that it overlaps this much where the object is expected."""
SAME_OBJECT_OVERLAP = 0.8
"""Two boxes of one label group that overlap more than this are one object with two names."""
VELOCITY_MEMORY_S, VELOCITY_MEMORY_S_MAX, VELOCITY_MEMORY_SHARE = 0.5, 2.0, 0.25
"""How long an old velocity counts: a share of the object's age within these limits, so that one odd box of somebody who
has been standing for long does not send him off."""
COAST_S = 4.0
"""An unseen object is believed to slow down over this time."""

_GROUPS = (
    frozenset({"car", "truck", "bus", "van", "vehicle", "suv", "pickup"}),
    frozenset({"bicycle", "bike", "motorcycle", "motorbike", "scooter", "e-bike", "tricycle"}),
    frozenset({"person", "pedestrian", "people", "rider"}),
)
"""Names that detectors give to one and the same object in turn."""

_Boxes = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Followed:
    """A track and what is needed to find its object again: velocity in picture heights/s, None after one sight."""

    track: Track
    velocity: tuple[float, float] | None = None
    votes: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Tracks:
    """All objects of one camera that are seen, or were less than `gap_s` ago."""

    followed: tuple[Followed, ...] = ()
    next_id: int = 1

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The tracks alone."""
        return tuple(one.track for one in self.followed)


def label_group(label: str) -> str:
    """One name for all labels that a detector gives to the same object in turn."""
    name = label.strip().lower()
    return next((min(group) for group in _GROUPS if name in group), name)


@dataclass(frozen=True, slots=True)
class Following:
    """How to follow.

    Objects unseen for more than `gap_s` are forgotten; detections below `start_score` only continue objects; `aspect`
    is the picture's width / height.
    """

    gap_s: float
    start_score: float
    aspect: float


def step(tracks: Tracks, detections: Sequence[Detection], now: datetime, how: Following) -> Tracks:
    """Tracks after the detector's look at `now`."""
    seen = _without_doubles(detections)
    strong = [one for one in seen if one.score >= how.start_score]
    weak = [one for one in seen if one.score < how.start_score]
    followed = list(tracks.followed)
    matched = _match(followed, strong, now, how.aspect)
    rest = [index for index in range(len(followed)) if index not in matched.values()]
    weak_matched = _match([followed[i] for i in rest], weak, now, how.aspect, overlap_min=WEAK_OVERLAP_MIN)
    for detection, index in matched.items():
        followed[index] = _continued(followed[index], strong[detection], now, how.aspect)
    for detection, position in weak_matched.items():
        followed[rest[position]] = _continued(followed[rest[position]], weak[detection], now, how.aspect)
    kept = [one for one in followed if (now - one.track.last_seen_at).total_seconds() <= how.gap_s]
    new = [one for index, one in enumerate(strong) if index not in matched][: max(0, TRACKS_MAX - len(kept))]
    born = [_begun(tracks.next_id + offset, one, now) for offset, one in enumerate(new)]
    return Tracks((*kept, *born), tracks.next_id + len(born))


def _begun(number: int, seen: Detection, now: datetime) -> Followed:
    return Followed(Track(number, seen.label, seen.box, seen.score, now, now), None, ((seen.label, seen.score),))


def _continued(one: Followed, seen: Detection, now: datetime, aspect: float) -> Followed:
    passed_s = (now - one.track.last_seen_at).total_seconds()
    votes = dict(one.votes)
    votes[seen.label] = votes.get(seen.label, 0.0) + seen.score
    label = max(votes, key=lambda name: votes[name])
    score = max(one.track.score, seen.score)
    track = replace(one.track, label=label, box=seen.box, score=score, last_seen_at=now)
    return Followed(track, _velocity(one, seen.box, passed_s, aspect), tuple(votes.items()))


def _velocity(one: Followed, box: Box, passed_s: float, aspect: float) -> tuple[float, float] | None:
    if passed_s <= 0:
        return one.velocity
    (x1, y1), (x2, y2) = _centre(one.track.box), _centre(box)
    measured = ((x2 - x1) * aspect / passed_s, (y2 - y1) / passed_s)
    if one.velocity is None:
        return measured
    age_s = (one.track.last_seen_at - one.track.first_seen_at).total_seconds()
    memory_s = min(max(VELOCITY_MEMORY_S, VELOCITY_MEMORY_SHARE * age_s), VELOCITY_MEMORY_S_MAX)
    share = 1 - math.exp(-passed_s / memory_s)
    (old_x, old_y), (new_x, new_y) = one.velocity, measured
    return old_x + share * (new_x - old_x), old_y + share * (new_y - old_y)


def _centre(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _match(
    followed: Sequence[Followed],
    detections: Sequence[Detection],
    now: datetime,
    aspect: float,
    *,
    overlap_min: float = 0.0,
) -> dict[int, int]:
    """Index of the followed object for each index of a detection that continues one."""
    if not followed or not detections:
        return {}
    costs = _costs(followed, detections, now, aspect, overlap_min)
    return {column: row for row, column in assign(costs, COST_MAX)}


def _costs(
    followed: Sequence[Followed], detections: Sequence[Detection], now: datetime, aspect: float, overlap_min: float
) -> npt.NDArray[np.float64]:
    """Objects x detections; infinite where they cannot be the same."""
    unseen_s = np.array([(now - one.track.last_seen_at).total_seconds() for one in followed])
    expected, found = _expected(followed, unseen_s, aspect), _isotropic([one.box for one in detections], aspect)
    size_expected, size_found = _sizes(expected)[:, None], _sizes(found)[None, :]
    centre_expected, centre_found = _centres(expected)[:, None, :], _centres(found)[None, :, :]
    distance = np.linalg.norm(centre_expected - centre_found, axis=2) / ((size_expected + size_found) / 2)
    pace = np.where([one.velocity is None for one in followed], REACH_NEW_SIZES_PER_S, REACH_SIZES_PER_S)
    own_pace = np.array([math.hypot(*(one.velocity or (0.0, 0.0))) for one in followed]) / _sizes(expected)
    reach = np.minimum(REACH_SIZES + np.maximum(pace, STOP_SHARE * own_pace) * unseen_s, REACH_SIZES_MAX)[:, None]
    unlike = np.abs(np.log(_areas(expected)[:, None] / _areas(found)[None, :])) / math.log(AREA_RATIO_MAX)
    overlap = overlaps(expected, found)
    groups_followed = np.array([label_group(one.track.label) for one in followed])
    groups_found = np.array([label_group(one.label) for one in detections])
    possible = (groups_followed[:, None] == groups_found[None, :]) & (overlap >= overlap_min)
    possible &= (distance <= reach) & (unlike <= 1)
    costs = COST_DISTANCE * distance / reach + COST_APART * (1 - overlap) + COST_UNLIKE * unlike
    return np.where(possible, costs, math.inf)


def _expected(followed: Sequence[Followed], unseen_s: npt.NDArray[np.float64], aspect: float) -> _Boxes:
    boxes = _isotropic([one.track.box for one in followed], aspect)
    velocities = np.array([one.velocity or (0.0, 0.0) for one in followed])
    moved: _Boxes = velocities * (COAST_S * (1 - np.exp(-unseen_s / COAST_S)))[:, None]
    expected: _Boxes = boxes + np.concatenate([moved, moved], axis=1)
    return expected


def _isotropic(boxes: Sequence[Box], aspect: float) -> _Boxes:
    isotropic: _Boxes = np.array(boxes, dtype=np.float64).reshape(-1, 4) * np.array([aspect, 1.0, aspect, 1.0])
    return isotropic


def _centres(boxes: _Boxes) -> _Boxes:
    centres: _Boxes = (boxes[:, :2] + boxes[:, 2:]) / 2
    return centres


def _sizes(boxes: _Boxes) -> npt.NDArray[np.float64]:
    return np.maximum((boxes[:, 2] - boxes[:, 0] + boxes[:, 3] - boxes[:, 1]) / 2, 1e-4)


def _areas(boxes: _Boxes) -> npt.NDArray[np.float64]:
    return np.maximum((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), 1e-8)


def overlaps(first: _Boxes, second: _Boxes) -> npt.NDArray[np.float64]:
    """Intersection over union of `[n, 4]` with `[m, 4]` corner boxes: `[n, m]`."""
    corner_low = np.maximum(first[:, None, :2], second[None, :, :2])
    corner_high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    shared = np.prod(np.clip(corner_high - corner_low, 0, None), axis=2)
    union = _areas(first)[:, None] + _areas(second)[None, :] - shared
    share: npt.NDArray[np.float64] = shared / np.maximum(union, 1e-12)
    return share


def _without_doubles(detections: Sequence[Detection]) -> list[Detection]:
    """Strongest first; one detection for each object, where a label group named it more than once."""
    ordered = sorted(detections, key=lambda one: -one.score)
    if len(ordered) < 2:  # noqa: PLR2004 - one detection has no double
        return ordered
    boxes = np.array([one.box for one in ordered])
    groups = np.array([label_group(one.label) for one in ordered])
    double = (overlaps(boxes, boxes) > SAME_OBJECT_OVERLAP) & (groups[:, None] == groups[None, :])
    kept: list[int] = []
    for index in range(len(ordered)):
        if not double[index, kept].any():
            kept.append(index)
    return [ordered[index] for index in kept]
