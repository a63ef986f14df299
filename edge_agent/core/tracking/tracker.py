"""Identity over time: from detections to tracks.

Everything is in seconds of capture time, so that one and ten looks a second give the same identities.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from edge_agent.core.tracking import memory, objects
from edge_agent.core.tracking.boxes import isotropic, overlaps
from edge_agent.core.tracking.matching import Found, expected, match, same_group
from edge_agent.core.tracking.objects import Objects, Rows
from edge_agent.core.values import Detection, Track

TRACKS_MAX = 500
SAME_OBJECT_OVERLAP = 0.8
"""Two boxes of one label group that overlap more than this are one object with two names."""

_Votes = dict[str, float]


def _nobody() -> Objects:
    return objects.begun(np.zeros((0, 4)), 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Tracks:
    """All objects of one camera that are seen or remembered; `votes`: the scores each label has gathered."""

    tracks: tuple[Track, ...] = ()
    next_id: int = 1
    votes: tuple[_Votes, ...] = ()
    objects: Objects = field(default_factory=_nobody)
    looked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Following:
    """How to follow.

    Objects unseen for more than `gap_s` are forgotten, unless they have stood still or are hidden (`memory`);
    detections below `start_score` only continue objects; `aspect` is the picture's width / height.
    """

    gap_s: float
    start_score: float
    aspect: float


def step(before: Tracks, detections: Sequence[Detection], now: datetime, how: Following) -> Tracks:
    """Tracks after the detector's look at `now`, which is later than the last one."""
    seen = _without_doubles(detections)
    now_s = now.timestamp()
    strong = np.array([one.score >= how.start_score for one in seen], dtype=np.bool_)
    found = Found(isotropic([one.box for one in seen], how.aspect), strong, [one.label for one in seen])
    continued_by = match(before.objects, [one.label for one in before.tracks], found, now_s, how.gap_s)
    after = _after_look(before, found, continued_by, now, how)
    kept = np.flatnonzero(memory.kept(after, now_s, how.gap_s))
    strong[continued_by[continued_by >= 0]] = False
    new = np.flatnonzero(strong)[: TRACKS_MAX - len(kept)]
    everybody = objects.joined(objects.rows(after, kept), objects.begun(found.box[new], now_s))
    votes, tracks = _names(before, seen, continued_by, kept.tolist(), now)
    votes += [{seen[index].label: seen[index].score} for index in new]
    tracks += [_begun(before.next_id + number, seen[index], now) for number, index in enumerate(new)]
    told = _with_facts(tracks, everybody, now)
    return Tracks(told, before.next_id + len(new), tuple(votes), everybody, now)


def _after_look(before: Tracks, found: Found, continued_by: Rows, now: datetime, how: Following) -> Objects:
    now_s = now.timestamp()
    looked_s = before.looked_at.timestamp() if before.looked_at is not None else now_s
    there, missing = np.flatnonzero(continued_by >= 0), np.flatnonzero(continued_by < 0)
    after = before.objects
    if len(there):
        boxes = found.box[continued_by[there]]
        after = objects.put(after, there, objects.seen(objects.rows(after, there), boxes, now_s, how.aspect))
    if len(missing):
        lost = objects.rows(after, missing)
        after = objects.put(
            after, missing, memory.unseen(lost, expected(lost, now_s, how.gap_s), found.box, looked_s, now_s)
        )
    return after


def _names(
    before: Tracks, seen: Sequence[Detection], continued_by: Rows, kept: Sequence[int], now: datetime
) -> tuple[list[_Votes], list[Track]]:
    """Votes and tracks of those kept; where and what each is, without the facts about its way."""
    votes, tracks = [], []
    for index in kept:
        track, vote, number = before.tracks[index], before.votes[index], int(continued_by[index])
        if number >= 0:
            found = seen[number]
            vote = {**vote, found.label: vote.get(found.label, 0.0) + found.score}
            label = max(vote, key=vote.__getitem__)
            track = Track(track.id, label, found.box, max(track.score, found.score), track.first_seen_at, now)
        votes.append(vote)
        tracks.append(track)
    return votes, tracks


def _begun(number: int, seen: Detection, now: datetime) -> Track:
    return Track(number, seen.label, seen.box, seen.score, now, now)


def _with_facts(tracks: Sequence[Track], known: Objects, now: datetime) -> tuple[Track, ...]:
    facts = zip(
        known.place.stands.tolist(),
        known.place.since_s.tolist(),
        known.place.came.tolist(),
        known.hidden.tolist(),
        strict=True,
    )
    told = []
    for track, (stands, since_s, came, hidden) in zip(tracks, facts, strict=True):
        since = datetime.fromtimestamp(since_s, now.tzinfo) if stands else None
        same = (since, came, hidden) == (track.stands_since, track.came, track.hidden)
        told.append(track if same else replace(track, stands_since=since, came=came, hidden=hidden))
    return tuple(told)


def _without_doubles(detections: Sequence[Detection]) -> list[Detection]:
    """Strongest first; one detection for each object, where a label group named it more than once."""
    ordered = sorted(detections, key=lambda one: (-one.score, one.box, one.label))
    if len(ordered) < 2:  # noqa: PLR2004 - one detection has no double
        return ordered
    boxes, labels = np.array([one.box for one in ordered]), [one.label for one in ordered]
    double = np.triu(overlaps(boxes, boxes) > SAME_OBJECT_OVERLAP, 1)
    if double.any():
        double &= same_group(labels, labels)
    dropped: set[int] = set()
    for stronger, weaker in np.argwhere(double).tolist():
        if stronger not in dropped:
            dropped.add(weaker)
    return [one for index, one in enumerate(ordered) if index not in dropped]
