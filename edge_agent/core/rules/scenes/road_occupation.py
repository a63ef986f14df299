"""`road_occupation` (占道经营): a stall that nobody saw coming stands on public ground.

In a zone before a shop front it is that shop's until the contrary is known, and no matter of this scene. Static
foreground cannot see anybody come: there it is whatever was put down and nothing else explains.

Behind people a detector sees parts of a stall as stalls of their own: what stands no longer than one that came, within
it, came with it.
"""

from collections.abc import Sequence

from edge_agent.core.rules.facts.standing import Visits, stands_since, visits
from edge_agent.core.rules.facts.territory import of_a_shop
from edge_agent.core.rules.facts.things import things
from edge_agent.core.rules.hold import Found, same_place
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look
from edge_agent.core.values import Track
from protocol.scenes import ObjectClass


def find(setting: Setting, before: Visits, look: Look) -> tuple[Visits, Found]:
    """Every stall that did not come and stands, away from shop fronts."""
    if setting.zone.shop_front is not None:
        return before, Found()
    stalls = things(setting, look, ObjectClass.STALL)
    came = [track for track in stalls if track.came]
    stood = [track for track in stalls if not track.came and not _came_with(track, came)]
    after = visits(setting, before, look, [one for one in stood if not of_a_shop(setting, look, one)])
    return after, after.found()


def _came_with(stall: Track, came: Sequence[Track]) -> bool:
    """Whether a stall is a part of one that came, and began to stand only after that was there."""
    since = stands_since(stall)
    return since is not None and any(since >= one.first_seen_at and same_place(stall.box, one.box) for one in came)
