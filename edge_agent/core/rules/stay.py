"""`stay`: the same object, or static region, is in the zone for `dwell_s` seconds of capture time.

A visit begins when the track is first seen in the zone (a static region: when the region came to stand there), is
raised once last seen minus first seen reaches the dwell, and ends when it was not seen there for the grace gap; it then
ended when it was last seen.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from edge_agent.core.rules.sighting import Look, Sighting, SightingPhase
from edge_agent.core.sampling import grace_with_cadence_s
from edge_agent.core.values import Track
from edge_agent.core.zones import stands_in
from protocol.configuration import StayRule
from protocol.geometry import Box, Polygon


@dataclass(frozen=True, slots=True)
class Visit:
    """One track's stay in the zone so far."""

    track: int
    entered_at: datetime
    seen_at: datetime
    label: str
    score: float
    box: Box
    raised_at: datetime | None = None

    @property
    def dwell_s(self) -> float:
        """Last seen minus first seen in the zone."""
        return (self.seen_at - self.entered_at).total_seconds()


@dataclass(frozen=True, slots=True)
class StayState:
    """Visits in progress, in the order in which they began."""

    visits: tuple[Visit, ...] = ()


def step(rule: StayRule, zone: Polygon, state: StayState, look: Look) -> tuple[StayState, tuple[Sighting, ...]]:
    """The rule's state after a look, and what is to be told."""
    now = look.now
    relevant = {track.id: track for track in look.tracks if track.label in rule.labels}
    inside = {key: track for key, track in relevant.items() if track.last_seen_at == now and stands_in(zone, track)}
    grace_s = grace_with_cadence_s(rule.grace_s, look.period_s)
    visits: list[Visit] = []
    told: list[Sighting] = []
    for visit in state.visits:
        track = relevant.get(visit.track)
        if visit.track in inside:
            visits.append(_raised_if_due(_seen(visit, inside[visit.track], now), rule.dwell_s, now))
            if visits[-1].raised_at != visit.raised_at:
                told.append(_sighting(SightingPhase.RAISED, visits[-1]))
        elif (track is not None and track.hidden) or (now - visit.seen_at).total_seconds() <= grace_s:
            visits.append(visit)
        elif visit.raised_at is not None:
            told.append(_sighting(SightingPhase.ENDED, visit))
    known = {visit.track for visit in visits}
    for entered in (_entered(track, now) for key, track in inside.items() if key not in known):
        visit = _raised_if_due(entered, rule.dwell_s, now)
        visits.append(visit)
        told.append(_sighting(SightingPhase.ENTERED, entered))
        if visit.raised_at is not None:
            told.append(_sighting(SightingPhase.RAISED, visit))
    return StayState(tuple(visits)), tuple(told)


def close(state: StayState) -> tuple[Sighting, ...]:
    """Nobody looks any more: every raised visit ends when it was last seen."""
    return tuple(_sighting(SightingPhase.ENDED, visit) for visit in state.visits if visit.raised_at is not None)


def followed(state: StayState) -> frozenset[int]:
    """Ids of the tracks whose visits are in progress."""
    return frozenset(visit.track for visit in state.visits)


def _entered(track: Track, now: datetime) -> Visit:
    since = track.first_seen_at if track.still else now
    return Visit(track.id, since, now, track.label, track.score, track.box)


def _seen(visit: Visit, track: Track, now: datetime) -> Visit:
    score = max(visit.score, track.score)
    return replace(visit, seen_at=now, label=track.label, score=score, box=track.box)


def _raised_if_due(visit: Visit, dwell_s: float, now: datetime) -> Visit:
    due = visit.raised_at is None and visit.dwell_s >= dwell_s
    return replace(visit, raised_at=now) if due else visit


def _sighting(phase: SightingPhase, visit: Visit) -> Sighting:
    return Sighting(
        phase=phase,
        track=visit.track,
        started_at=visit.entered_at,
        raised_at=visit.raised_at,
        last_seen_at=visit.seen_at,
        label=visit.label,
        score=visit.score,
        box=visit.box,
    )
