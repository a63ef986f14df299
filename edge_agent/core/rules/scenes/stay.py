"""`stay`: the same object, or static region, is in the zone for `dwell_s` seconds of capture time.

It begins when the track is first seen in the zone; a static region's, when the region came to stand there.
"""

from edge_agent.core.rules.hold import Found, Subject
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look
from edge_agent.core.zones import stands_in
from protocol.scene_rules import StayRule


def find(setting: Setting, look: Look) -> Found:
    """Every track of the rule's labels that is in the zone; a wet patch is no object."""
    rule = setting.rule
    assert isinstance(rule, StayRule)  # noqa: S101 - the registry pairs scene and rule
    relevant = [track for track in look.tracks if track.label in rule.labels and not track.liquid]
    subjects = tuple(
        Subject(
            track.id,
            track.label,
            track.score,
            track.box,
            track.first_seen_at if track.still else None,
            sure_at=track.surely_seen_at,
        )
        for track in relevant
        if track.last_seen_at == look.now and stands_in(setting.zone.polygon, track)
    )
    return Found(subjects, frozenset(track.id for track in relevant if track.hidden))
