"""`mobile_vendor` (流动摊贩): a stall that was seen to come stands in the zone."""

from edge_agent.core.rules.facts.standing import Visits, visits
from edge_agent.core.rules.facts.things import things
from edge_agent.core.rules.hold import Found
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look
from protocol.scenes import ObjectClass


def find(setting: Setting, before: Visits, look: Look) -> tuple[Visits, Found]:
    """Every stall that came and stands."""
    came = [track for track in things(setting, look, ObjectClass.STALL) if track.came]
    after = visits(setting, before, look, came)
    return after, after.found()
