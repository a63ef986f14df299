"""What the detector calls each thing, look after look: one odd look names nothing.

A detector gives a heap the name of a bike now and then, sees rubbish in the pattern of a wall for a moment, and says
nothing of what lies half hidden. Over many looks the names settle. Each look gives every label that has boxes on a
thing a vote: the best score among them, times the share of the thing that they cover.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from edge_agent.core.values import Detection, Track
from edge_agent.core.zones import covered_share
from protocol.geometry import Box

MEMORY_S = 60.0
"""A vote counts half after two thirds of this time."""
SETTLED_S = 4.0
"""A name is decided after looks over so much time, whatever their number."""
SURE_COVER_MIN = 0.5
"""A detection names a thing for sure when it is strong enough to begin a track and covers so much of the thing."""

NEW_SHARE_MIN = 0.3
"""So much of an object's box is static foreground where it is new."""
NEW_LOOKS_MIN = 0.25
"""In so many looks it is new: what remains where a new thing was carried off belongs to the street again."""

Key = tuple[bool, int]
"""Whether it is a region of static foreground, and its id."""


@dataclass(frozen=True, slots=True)
class Called:
    """Votes for one thing: `looks`, of them for each label how firmly (`by`) and in how many for sure (`sure`).

    `looked_s`: for how long the detector has looked at it in all.
    `stood_out`: in how many an object was seen where static foreground stands too, so that it is new in the street.
    """

    looks: float = 0.0
    looked_s: float = 0.0
    stood_out: float = 0.0
    by: Mapping[str, float] = field(default_factory=dict)
    sure: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Names:
    """What everything is called, at the detector's last look."""

    called: Mapping[Key, Called] = field(default_factory=dict)
    at: datetime | None = None

    def knows(self, thing: Track) -> bool:
        """Whether the detector has looked at the thing."""
        return key_of(thing) in self.called

    def settled(self, thing: Track) -> bool:
        """Whether the detector has looked at the thing for long enough to name it."""
        called = self.called.get(key_of(thing))
        return called is not None and called.looked_s >= SETTLED_S

    def belief(self, thing: Track, labels: Iterable[str]) -> float:
        """Mean vote for the foremost of these labels, 0..1; 0 while nothing is known."""
        return self._mean(thing, labels, sure=False)

    def surety(self, thing: Track, labels: Iterable[str]) -> float:
        """Share of looks in which one of these labels was sure."""
        return self._mean(thing, labels, sure=True)

    def stands_out(self, thing: Track) -> bool:
        """Whether the thing came to stand before the empty street since that is known, and still does."""
        called = self.called.get(key_of(thing))
        return called is not None and called.stood_out >= NEW_LOOKS_MIN * called.looks

    def _mean(self, thing: Track, labels: Iterable[str], *, sure: bool) -> float:
        called = self.called.get(key_of(thing))
        if called is None:
            return 0.0
        votes = called.sure if sure else called.by
        return max((votes.get(label, 0.0) for label in labels), default=0.0) / called.looks


NOTHING_CALLED = Names()


def key_of(thing: Track) -> Key:
    """By what a thing is known."""
    return thing.still, thing.id


def named(before: Names, things: Sequence[Track], detections: Sequence[Detection], now: datetime) -> Names:
    """Names after the detector's look at `now`; what is not among `things` is forgotten, what is hidden stays as is."""
    passed_s = (now - before.at).total_seconds() if before.at is not None else 0.0
    kept = math.exp(-passed_s / MEMORY_S)
    regions = [thing.box for thing in things if thing.still and not thing.liquid]
    called: dict[Key, Called] = {}
    for thing in things:
        known = before.called.get(key_of(thing), Called())
        seen = thing.still or thing.last_seen_at == now
        if seen and not thing.hidden:
            out = any(covered_share(thing.box, box) >= NEW_SHARE_MIN for box in regions)
            known = replace(
                _voted(known, kept, thing.box, detections),
                looked_s=known.looked_s + (passed_s if known.looks else 0.0),
                stood_out=kept * known.stood_out + out,
            )
        called[key_of(thing)] = known
    return Names({key: one for key, one in called.items() if one.looks}, now)


def _voted(before: Called, kept: float, box: Box, detections: Sequence[Detection]) -> Called:
    by = {label: kept * votes for label, votes in before.by.items()}
    sure = {label: kept * votes for label, votes in before.sure.items()}
    cover: dict[str, float] = {}
    best: dict[str, float] = {}
    certain: set[str] = set()
    for one in detections:
        share = covered_share(box, one.box)
        if share > 0:
            cover[one.label] = cover.get(one.label, 0.0) + share
            best[one.label] = max(best.get(one.label, 0.0), one.score)
        if one.begins and share >= SURE_COVER_MIN:
            certain.add(one.label)
    for label, share in cover.items():
        by[label] = by.get(label, 0.0) + best[label] * min(1.0, share)
    for label in certain:
        sure[label] = sure.get(label, 0.0) + 1.0
    return replace(before, looks=kept * before.looks + 1, by=by, sure=sure)
