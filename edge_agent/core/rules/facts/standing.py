"""Who stands in a zone, and since when."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from edge_agent.core.rules.hold import Found, Subject
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look
from edge_agent.core.sampling import grace_with_cadence_s
from edge_agent.core.values import Track
from edge_agent.core.zones import stands_in


@dataclass(frozen=True, slots=True)
class Visit:
    """Since when a track is in the zone, and when it was last seen there."""

    entered_at: datetime
    inside_at: datetime


@dataclass(frozen=True, slots=True)
class Visits:
    """Who is in the zone; `standing` are those seen there now that do not move."""

    known: Mapping[int, Visit] = field(default_factory=dict)
    standing: tuple[Track, ...] = ()
    hidden: frozenset[int] = frozenset()

    def since(self, track: Track) -> datetime:
        """Since when it has stood in the zone."""
        return max(stands_since(track) or track.first_seen_at, self.known[track.id].entered_at)

    def found(self) -> Found:
        """Each of those who stand here as a subject of its own."""
        return Found(tuple(self.subject(track) for track in self.standing), self.hidden)

    def subject(self, track: Track) -> Subject:
        """Somebody who stands here."""
        return Subject(
            track.id,
            track.label,
            track.score,
            track.box,
            self.since(track),
            came=track.came,
            sure_at=track.surely_seen_at,
        )


NOBODY = Visits()
Inside = Callable[[Track], bool]


def stands_since(track: Track) -> datetime | None:
    """Since when it stands where it is; None while it moves. A region of static foreground always stands."""
    return track.first_seen_at if track.still else track.stands_since


def visits(
    setting: Setting, before: Visits, look: Look, tracks: Iterable[Track], inside: Inside | None = None
) -> Visits:
    """Who of `tracks` is in the zone after this look; `inside` says what that means, else where its feet are."""
    polygon, grace_s = setting.zone.polygon, grace_with_cadence_s(setting.rule.grace_s, look.period_s)
    known: dict[int, Visit] = {}
    standing: list[Track] = []
    hidden: set[int] = set()
    for track in tracks:
        visit = before.known.get(track.id)
        seen = track.last_seen_at == look.now
        here = seen and (inside(track) if inside is not None else stands_in(polygon, track))
        if here:
            known[track.id] = _here(visit, track, look.now)
            if stands_since(track) is not None:
                standing.append(track)
        elif visit is not None and not (seen and (look.now - visit.inside_at).total_seconds() > grace_s):
            known[track.id] = visit
            if track.hidden:
                hidden.add(track.id)
    return Visits(known, tuple(standing), frozenset(hidden))


def _here(visit: Visit | None, track: Track, now: datetime) -> Visit:
    if visit is not None:
        return replace(visit, inside_at=now)
    return Visit(track.first_seen_at if track.still else now, now)


def remembered_here(setting: Setting, after: Visits, tracks: Iterable[Track], look: Look) -> list[Track]:
    """Who stands in the zone as far as is known: also those that are missed in this look, for the grace gap.

    A detector misses one or the other of many things in each look. Who was outside when last seen is not here.
    """
    grace_s = grace_with_cadence_s(setting.rule.grace_s, look.period_s)
    return [
        track
        for track in tracks
        if track.id in after.known
        and after.known[track.id].inside_at >= track.last_seen_at
        and stands_since(track) is not None
        and (track.hidden or (look.now - track.last_seen_at).total_seconds() <= grace_s)
    ]
