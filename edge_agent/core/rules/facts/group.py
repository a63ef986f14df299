"""Many things that are one matter: since when there are so many of them, or they cover so much of a zone."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from edge_agent.core.rules.facts.ground import raster_of
from edge_agent.core.rules.hold import Found, Subject
from edge_agent.core.values import Track
from protocol.geometry import Box, Polygon

GROUP_KEY = 0
"""A zone has one group; tracks are numbered from 1."""
STAYS_SHARE = 0.8
"""A group that was told goes on down to this share of its limit."""


@dataclass(frozen=True, slots=True)
class Member:
    """One thing of a group, and since when it is here."""

    track: Track
    since: datetime


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a group reaches its limit: whether it does, or nearly, since when, and when it last did (surely)."""

    enough: bool = False
    nearly: bool = False
    since: datetime | None = None
    seen_at: datetime | None = None
    sure_at: datetime | None = None


def by_count(members: Sequence[Member], limit: int) -> Extent:
    """By how many there are."""
    nearly = math.ceil(STAYS_SHARE * limit)
    if len(members) < nearly:
        return Extent()
    enough = len(members) >= limit
    since = sorted(member.since for member in members)[limit - 1] if enough else None
    seen_at = sorted((member.track.last_seen_at for member in members), reverse=True)[nearly - 1]
    sure_at = sorted((member.track.surely_seen_at for member in members), reverse=True)[nearly - 1]
    return Extent(enough, nearly=True, since=since, seen_at=seen_at, sure_at=sure_at)


def by_area(members: Sequence[Member], polygon: Polygon, limit: float) -> tuple[Extent, float]:
    """By how much of the zone they cover together, and that share."""
    raster = raster_of(polygon)
    share = raster.share(raster.under(member.track.box for member in members))
    if share < STAYS_SHARE * limit:
        return Extent(), share
    oldest = sorted(members, key=lambda one: one.since)
    since = _reached(oldest, polygon, limit, lambda one: one.since) if share >= limit else None
    newest = sorted(members, key=lambda one: one.track.last_seen_at, reverse=True)
    seen_at = _reached(newest, polygon, STAYS_SHARE * limit, lambda one: one.track.last_seen_at)
    surest = sorted(members, key=lambda one: one.track.surely_seen_at, reverse=True)
    sure_at = _reached(surest, polygon, STAYS_SHARE * limit, lambda one: one.track.surely_seen_at)
    return Extent(share >= limit, nearly=True, since=since, seen_at=seen_at, sure_at=sure_at), share


def _reached(
    members: Sequence[Member], polygon: Polygon, limit: float, moment: Callable[[Member], datetime]
) -> datetime:
    """The moment of the member with which those before it cover so much of the zone."""
    raster = raster_of(polygon)
    under = np.zeros_like(raster.cells)
    for member in members:
        under |= raster.under([member.track.box])
        if raster.share(under) >= limit:
            return moment(member)
    return moment(members[-1])


def one_group(members: Sequence[Member], extents: Sequence[Extent], *, count: int | None, share: float | None) -> Found:
    """The group as the only subject, where any of its limits is nearly reached.

    It is surely there for as long as all of those limits surely are: the box of a bike that is wheeled away covers more
    ground than it ever stood on, and how much more depends on the moments of the looks.
    """
    near = [extent for extent in extents if extent.nearly]
    if not near:
        return Found()
    strongest = max(members, key=lambda one: one.track.score).track
    subject = Subject(
        key=GROUP_KEY,
        label=strongest.label,
        score=strongest.score,
        box=around([member.track.box for member in members]),
        since=min((extent.since for extent in near if extent.since is not None), default=None),
        count=count,
        area_share=share,
        enough=any(extent.enough for extent in near),
        seen_at=max(extent.seen_at for extent in near if extent.seen_at is not None),
        sure_at=min(extent.sure_at for extent in near if extent.sure_at is not None),
    )
    return Found((subject,))


def together(members: Sequence[Member]) -> Found:
    """All members as one subject since the first of them came, however many there are."""
    if not members:
        return Found()
    extent = Extent(
        enough=True,
        nearly=True,
        since=min(member.since for member in members),
        seen_at=max(member.track.last_seen_at for member in members),
        sure_at=max(member.track.surely_seen_at for member in members),
    )
    return one_group(members, [extent], count=None, share=None)


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds them all."""
    left, top, right, low = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(low)
