"""`bin_overflow` (垃圾满溢): rubbish, or something put down, touches the bin that the zone was drawn around.

However many bags lie there, a bin has one episode.
"""

from edge_agent.core.rules.facts.group import Member, together
from edge_agent.core.rules.facts.standing import Visits, remembered_here, visits
from edge_agent.core.rules.facts.territory import belongs_to_bin
from edge_agent.core.rules.facts.things import things
from edge_agent.core.rules.hold import Found
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look
from protocol.scenes import ObjectClass


def find(setting: Setting, before: Visits, look: Look) -> tuple[Visits, Found]:
    """What lies on the bin and against it, together."""
    rubbish = things(setting, look, ObjectClass.RUBBISH)
    after = visits(setting, before, look, rubbish, lambda track: belongs_to_bin(setting.zone.polygon, track))
    members = [Member(track, after.since(track)) for track in remembered_here(setting, after, rubbish, look)]
    return after, together(members)
