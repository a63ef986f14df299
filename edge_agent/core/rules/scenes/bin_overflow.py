"""`bin_overflow` (垃圾满溢): rubbish, or something put down, touches the bin that the zone was drawn around."""

from edge_agent.core.rules.facts.ground import area_share
from edge_agent.core.rules.facts.standing import Visits, visits
from edge_agent.core.rules.facts.things import things
from edge_agent.core.rules.hold import Found
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look
from edge_agent.core.values import Track
from edge_agent.core.zones import share_inside, stands_in
from protocol.scenes import ObjectClass

BOX_SHARE_MIN, ZONE_SHARE_MIN = 0.25, 0.3
"""So much of a thing lies in the zone, or it covers so much of the zone: a heap may be larger than the bin."""


def find(setting: Setting, before: Visits, look: Look) -> tuple[Visits, Found]:
    """Everything that lies on the bin or against it."""
    polygon = setting.zone.polygon

    def touches(track: Track) -> bool:
        return (
            stands_in(polygon, track)
            or share_inside(polygon, track.box) >= BOX_SHARE_MIN
            or area_share(polygon, [track.box]) >= ZONE_SHARE_MIN
        )

    after = visits(setting, before, look, things(setting, look, ObjectClass.RUBBISH), touches)
    return after, after.found()
