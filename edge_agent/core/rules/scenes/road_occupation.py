"""`road_occupation` (占道经营): a stall that nobody saw coming stands on public ground.

In a zone before a shop front it is that shop's until the contrary is known, and no matter of this scene. Static
foreground cannot see anybody come: there it is whatever was put down and nothing else explains.
"""

from edge_agent.core.rules.facts.standing import Visits, visits
from edge_agent.core.rules.facts.territory import of_a_shop
from edge_agent.core.rules.facts.things import things
from edge_agent.core.rules.hold import Found
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look
from protocol.scenes import ObjectClass


def find(setting: Setting, before: Visits, look: Look) -> tuple[Visits, Found]:
    """Every stall that did not come and stands, away from shop fronts."""
    if setting.zone.shop_front is not None:
        return before, Found()
    stalls = [track for track in things(setting, look, ObjectClass.STALL) if not track.came]
    after = visits(setting, before, look, [one for one in stalls if not of_a_shop(setting, look, one)])
    return after, after.found()
