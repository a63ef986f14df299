"""`out_of_store` (店外经营): a shop's stall or goods stand beyond its door line.

Beyond is the side of the line where most of the zone lies. A thing counts where its lower edge is: at least half of
it beyond the line. What was seen to come from elsewhere is not the shop's. A shop has one episode, however much it
puts out.
"""

from edge_agent.core.rules.facts.ground import beyond_share
from edge_agent.core.rules.facts.group import Member, together
from edge_agent.core.rules.facts.standing import Visits, remembered_here, visits
from edge_agent.core.rules.facts.things import things
from edge_agent.core.rules.hold import Found
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look
from edge_agent.core.values import Track
from edge_agent.core.zones import stands_in
from protocol.scenes import ObjectClass

BEYOND_SHARE_MIN = 0.5


def find(setting: Setting, before: Visits, look: Look) -> tuple[Visits, Found]:
    """All things that might be for sale, did not come by themselves and stand beyond the door line, together."""
    front = setting.zone.shop_front
    if front is None:
        return before, Found()
    polygon, door_line = setting.zone.polygon, front.door_line

    def outside(track: Track) -> bool:
        return stands_in(polygon, track) and beyond_share(polygon, door_line, track.box) >= BEYOND_SHARE_MIN

    wares = [track for track in things(setting, look, ObjectClass.STALL, ObjectClass.GOODS) if not track.came]
    after = visits(setting, before, look, wares, outside)
    members = [Member(track, after.since(track)) for track in remembered_here(setting, after, wares, look)]
    return after, together(members)
