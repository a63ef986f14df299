"""Identity over time: from detections to tracks.

Everything is in seconds of capture time, so that one and ten looks a second give the same identities.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from edge_agent.core.tracking import memory, objects, standing
from edge_agent.core.tracking.boxes import Flags, Floats, isotropic, overlaps
from edge_agent.core.tracking.matching import Detections, expected, match, same_group
from edge_agent.core.tracking.objects import (
    ABSENT_S,
    BOX,
    CAME,
    HIDDEN,
    SEEN_S,
    SINCE_S,
    SURE_S,
    SURELY_S,
    VELOCITY,
    Rows,
    Table,
)
from edge_agent.core.values import Detection, Track

TRACKS_MAX = 500
WEAK_S_MAX = 20.0
"""For so long weak detections alone continue an object: what a detector keeps half believing in is not there."""
SAME_OBJECT_OVERLAP = 0.8
"""Two boxes of one label group that overlap more than this are one object with two names."""

_Votes = dict[str, float]
_Facts = tuple[float, bool, bool, bool, float]


def _nobody() -> Table:
    return objects.begun(np.zeros((0, 4)), 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Tracks:
    """All objects of one camera that are seen or remembered.

    `votes`: the scores that each label has gathered; `table`: what else is known (`objects`), a row for each track.
    """

    tracks: tuple[Track, ...] = ()
    next_id: int = 1
    votes: tuple[_Votes, ...] = ()
    table: Table = field(default_factory=_nobody)
    looked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Following:
    """How to follow.

    Objects unseen for more than `gap_s` are forgotten, unless they have stood still or are hidden (`memory`).
    `aspect` is the picture's width / height.
    """

    gap_s: float
    aspect: float


def step(before: Tracks, detections: Sequence[Detection], now: datetime, how: Following) -> Tracks:
    """Tracks after the detector's look at `now`, which is later than the last one."""
    seen, boxes = _without_doubles(detections)
    now_s = now.timestamp()
    strong = np.array([one.begins for one in seen], dtype=np.bool_)
    found = Detections(now_s, isotropic(boxes, how.aspect), strong, [one.label for one in seen])
    believed = expected(before.table, now_s, how.gap_s)
    continued_by = match(before.table, [one.label for one in before.tracks], believed, found, how.gap_s)
    continued_by = np.where(_counts(before.table, found, continued_by), continued_by, -1)
    table = _after_look(before, found, continued_by, believed, how)
    kept = memory.kept(table, now_s, how.gap_s)
    pairs = [
        _told(track, votes, seen[index] if index >= 0 else None, fact, now)
        for track, votes, index, fact, keep in zip(
            before.tracks, before.votes, continued_by.tolist(), _facts(table, now_s), kept.tolist(), strict=True
        )
        if keep
    ]
    strong[continued_by[continued_by >= 0]] = False
    new = strong.nonzero()[0][: TRACKS_MAX - len(pairs)].tolist()
    pairs += [_begun(before.next_id + number, seen[index], now) for number, index in enumerate(new)]
    table = table[kept]
    if new:
        table = np.concatenate([table, objects.begun(found.box[new], now_s)])
    tracks, votes = zip(*pairs, strict=True) if pairs else ((), ())
    return Tracks(tracks, before.next_id + len(new), votes, table, now)


def _counts(table: Table, found: Detections, continued_by: Rows) -> Flags:
    """Whose continuation counts: by a strong detection, or by a weak one not too long after the last strong one."""
    if not len(found.strong):
        return np.zeros(len(table), np.bool_)
    counts: Flags = found.strong[continued_by] | (found.at_s - table[:, SURE_S] <= WEAK_S_MAX)
    return counts


def _after_look(before: Tracks, found: Detections, continued_by: Rows, believed: Floats, how: Following) -> Table:
    table, there, now_s = before.table.copy(), continued_by >= 0, found.at_s
    looked_s = before.looked_at.timestamp() if before.looked_at is not None else now_s
    when = standing.When(now_s, now_s - looked_s, how.gap_s)
    objects.note_found(table, there, now_s, when.look_s)
    if there.any():
        part, by = table[there], continued_by[there]
        boxes = found.box[by]
        passed_s = now_s - part[:, SEEN_S]
        part[:, VELOCITY] = objects.velocity(part, boxes, now_s)
        part[:, BOX], part[:, SEEN_S] = boxes, now_s
        part[:, SURE_S] = np.where(found.strong[by], now_s, part[:, SURE_S])
        part[:, ABSENT_S] = part[:, HIDDEN] = 0.0
        standing.settle(part, passed_s, when, how.aspect)
        table[there] = part
    if not there.all():
        missing = table[~there]
        memory.miss(missing, believed[~there], found.box, when.look_s)
        table[~there] = missing
    return table


def _facts(table: Table, now_s: float) -> list[_Facts]:
    """Of each track: since when it stands (0: it moves), whether it came, is hidden, is sure now, and when it was."""
    since = np.where(standing.stands(table), table[:, SINCE_S], 0.0).tolist()
    came, hidden = (table[:, CAME] > 0).tolist(), (table[:, HIDDEN] > 0).tolist()
    surely_s = table[:, SURELY_S]
    return list(zip(since, came, hidden, (surely_s >= now_s).tolist(), surely_s.tolist(), strict=True))


def _told(track: Track, votes: _Votes, seen: Detection | None, facts: _Facts, now: datetime) -> tuple[Track, _Votes]:
    """The track after the look, and its label's votes."""
    since_s, came, hidden, sure, surely_s = facts
    if seen is None:
        return track if track.hidden is hidden else replace(track, hidden=hidden), votes
    after = {**votes, seen.label: votes.get(seen.label, 0.0) + seen.score}
    label = max(after, key=after.__getitem__) if len(after) > 1 else seen.label
    since = datetime.fromtimestamp(since_s, now.tzinfo) if since_s else None
    sure_at = now if sure else datetime.fromtimestamp(surely_s, now.tzinfo)
    score = max(track.score, seen.score)
    first = track.first_seen_at
    return Track(track.id, label, seen.box, score, first, now, stands_since=since, came=came, sure_at=sure_at), after


def _begun(number: int, seen: Detection, now: datetime) -> tuple[Track, _Votes]:
    return Track(number, seen.label, seen.box, seen.score, now, now), {seen.label: seen.score}


def _without_doubles(detections: Sequence[Detection]) -> tuple[list[Detection], Floats]:
    """Strongest first, with their boxes; one for each object, where a label group named it more than once."""
    ordered = sorted(detections, key=lambda one: (-one.score, one.box, one.label))
    boxes = np.array([one.box for one in ordered], dtype=np.float64).reshape(-1, 4)
    rank = np.arange(len(ordered))
    double = (overlaps(boxes, boxes) > SAME_OBJECT_OVERLAP) & (rank[:, None] < rank)
    if not double.any():
        return ordered, boxes
    labels = [one.label for one in ordered]
    dropped: set[int] = set()
    for stronger, weaker in np.argwhere(double & same_group(labels, labels)).tolist():
        if stronger not in dropped:
            dropped.add(weaker)
    single = [index for index in range(len(ordered)) if index not in dropped]
    return [ordered[index] for index in single], boxes[single]
