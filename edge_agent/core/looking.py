"""A look at a zone on demand: it is there, it is gone, or nobody can tell.

The answer rests on looks at which the place could be seen: the picture was good, nothing stood before it, and static
foreground had been watching since before the thing came. Where that was too little of the time, nobody can tell.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from edge_agent.core.rules.hold import same_place
from edge_agent.core.rules.sighting import Look, Stream
from edge_agent.core.values import Track
from edge_agent.core.zones import overlap_of_smaller, stands_in
from protocol.geometry import Box, Polygon
from protocol.messages import CameraReason, LookFinding, Presence

SECONDS_DEFAULT = 10.0
OBSERVED_SHARE_MIN = 0.5
"""Whoever saw the place for less of the time cannot tell."""
PRESENT_SHARE_MIN, GONE_SHARE_MAX = 0.5, 0.1
"""Share of the looks that see it, from which on it is there, and up to which it is gone; between them: cannot tell."""
COVERED_SHARE_MIN = 0.6
"""What stands before so much of the place, and is not far smaller, may hide what is asked for."""
STEP_S_MAX = 3.0
"""A look speaks for the time since the one before it, up to this long."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: whether something of `labels`, or static foreground, stands in the zone, at `box` if one is named.

    `streams` are those that can see it. `stood_at`: when it was there; static foreground that watches only since later
    took it for the street.
    """

    polygon: Polygon
    labels: frozenset[str]
    streams: frozenset[Stream]
    seconds: float
    box: Box | None = None
    stood_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What one stream saw: looks at which the place could be seen, those that saw it, seconds that they speak for."""

    looks: int = 0
    present: int = 0
    observed_s: float = 0.0
    looked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """What is known of the picture at a look: a fault, its mean brightness of 255, whether a dome is on its preset."""

    fault: CameraReason | None = None
    light: float | None = None
    on_preset: bool | None = None


FLAWLESS = Picture()


@dataclass(frozen=True, slots=True)
class Looking:
    """A question in work since `since`; ends at `until`."""

    question: Question
    since: datetime
    until: datetime
    objects: Tally = Tally()
    regions: Tally = Tally()
    worst: Picture = FLAWLESS


def begin(question: Question, now: datetime) -> Looking:
    """Start to look."""
    return Looking(question, now, now + timedelta(seconds=question.seconds))


def observe(looking: Looking, look: Look, picture: Picture, watching_since: datetime | None = None) -> Looking:
    """The question after a look. `watching_since`: of static foreground."""
    question = looking.question
    looking = blind(looking, picture)
    if look.stream not in question.streams:
        return looking
    before = looking.objects if look.stream is Stream.OBJECTS else looking.regions
    after = replace(before, looked_at=look.now)
    passed_s = (look.now - (before.looked_at or looking.since)).total_seconds()
    is_late = look.stream is Stream.REGIONS and _came_too_late(question, watching_since)
    if picture.fault is None and not is_late and not _covered(question, look):
        seen = any(_is_it(question, track, look.now) for track in look.tracks)
        after = replace(
            after,
            looks=before.looks + 1,
            present=before.present + seen,
            observed_s=before.observed_s + min(max(passed_s, 0.0), STEP_S_MAX),
        )
    return replace(looking, objects=after) if look.stream is Stream.OBJECTS else replace(looking, regions=after)


def blind(looking: Looking, picture: Picture) -> Looking:
    """The question after a picture that nobody looked at, like that of a dome away from its preset."""
    worst = looking.worst
    away = False in {worst.on_preset, picture.on_preset}
    lights = [light for light in (worst.light, picture.light) if light is not None]
    seen = Picture(
        fault=picture.fault or worst.fault,
        light=min(lights, default=None),
        on_preset=False if away else picture.on_preset,
    )
    return replace(looking, worst=seen)


def finding(looking: Looking, now: datetime) -> LookFinding:
    """The answer, when the time is over."""
    length_s = max((looking.until - looking.since).total_seconds(), 1e-9)
    tallies = [
        tally
        for stream, tally in ((Stream.OBJECTS, looking.objects), (Stream.REGIONS, looking.regions))
        if stream in looking.question.streams
    ]
    shares = [min(1.0, tally.observed_s / length_s) for tally in tallies]
    answers = [_presence(tally, share) for tally, share in zip(tallies, shares, strict=True)]
    presence = _together(answers)
    observed = max(shares, default=0.0) if presence is not Presence.GONE else min(shares, default=0.0)
    return LookFinding(
        presence=presence,
        observed_share=round(observed, 3),
        since=looking.since,
        until=now,
        looks=sum(tally.looks for tally in tallies),
        picture_health=looking.worst.fault,
        detail="" if looking.question.streams else "no rule of this zone looks for anything",
        seen=sum(tally.present for tally in tallies),
        light=None if looking.worst.light is None else round(looking.worst.light, 1),
        on_preset=looking.worst.on_preset,
    )


def _together(answers: list[Presence]) -> Presence:
    if Presence.PRESENT in answers:
        return Presence.PRESENT
    return Presence.GONE if answers and all(one is Presence.GONE for one in answers) else Presence.CANNOT_TELL


def _presence(tally: Tally, observed_share: float) -> Presence:
    if not tally.looks or observed_share < OBSERVED_SHARE_MIN:
        return Presence.CANNOT_TELL
    share = tally.present / tally.looks
    if share >= PRESENT_SHARE_MIN:
        return Presence.PRESENT
    return Presence.GONE if share <= GONE_SHARE_MAX else Presence.CANNOT_TELL


def _is_it(question: Question, track: Track, now: datetime) -> bool:
    seen = track.last_seen_at == now and (track.still or track.label in question.labels)
    at_place = question.box is None or same_place(question.box, track.box)
    return seen and at_place and stands_in(question.polygon, track)


def _covered(question: Question, look: Look) -> bool:
    """Whether something of another kind stands before the place, or the thing itself is said to be hidden."""
    if question.box is None:
        return False
    for track in look.tracks:
        if track.hidden and same_place(question.box, track.box):
            return True
    others = [
        track
        for track in (*look.tracks, *look.context)
        if not track.still and not track.hidden and track.label not in question.labels
    ]
    return any(
        track.box[3] >= question.box[3] and overlap_of_smaller(track.box, question.box) >= COVERED_SHARE_MIN
        and _area(track.box) >= COVERED_SHARE_MIN * _area(question.box)
        for track in others
    )  # fmt: skip


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _came_too_late(question: Question, watching_since: datetime | None) -> bool:
    return watching_since is None or (question.stood_at is not None and watching_since > question.stood_at)
