"""`bike_pileup` (共享单车淤积): so many bikes stand in the zone, or so much of it is under bikes.

Bikes in a row merge into few boxes, and so either limit is enough. One episode for each zone, which ends when there
are clearly fewer.
"""

from edge_agent.core.rules.facts.group import Member, by_area, by_count, one_group
from edge_agent.core.rules.facts.standing import Visits, remembered_here, visits
from edge_agent.core.rules.facts.things import things
from edge_agent.core.rules.hold import Found
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look, Stream
from protocol.scene_rules import BikePileupRule
from protocol.scenes import ObjectClass


def find(setting: Setting, before: Visits, look: Look) -> tuple[Visits, Found]:
    """The pile of bikes, if there is one. Regions are not counted: one of them may be many bikes."""
    rule = setting.rule
    assert isinstance(rule, BikePileupRule)  # noqa: S101 - the registry pairs scene and rule
    bikes = things(setting, look, ObjectClass.BIKE)
    after = visits(setting, before, look, bikes)
    members = [Member(track, after.since(track)) for track in remembered_here(setting, after, bikes, look)]
    if not members:
        return after, Found()
    wide, share = by_area(members, setting.zone.polygon, rule.area_share)
    if setting.stream is Stream.REGIONS:
        return after, one_group(members, [wide], count=None, share=share)
    return after, one_group(members, [wide, by_count(members, rule.count)], count=len(members), share=share)
