"""`vehicle_parking` (机动车违停): a vehicle stands in the zone; in a queue that moves on it does not stand for long."""

from edge_agent.core.rules.facts.standing import Visits, visits
from edge_agent.core.rules.facts.things import things
from edge_agent.core.rules.hold import Found
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look
from protocol.scenes import ObjectClass


def find(setting: Setting, before: Visits, look: Look) -> tuple[Visits, Found]:
    """Every vehicle that stands."""
    after = visits(setting, before, look, things(setting, look, ObjectClass.CAR))
    return after, after.found()
