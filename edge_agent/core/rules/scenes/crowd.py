"""`crowd` (人群聚集): so many people are in the zone at a time, standing or not."""

from edge_agent.core.rules.facts.group import Member, by_count, one_group
from edge_agent.core.rules.facts.things import of_class
from edge_agent.core.rules.hold import Found
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look
from edge_agent.core.sampling import grace_with_cadence_s
from edge_agent.core.zones import stands_in
from protocol.scene_rules import CrowdRule
from protocol.scenes import ObjectClass


def find(setting: Setting, look: Look) -> Found:
    """The crowd, if there is one; people missed in this look count for the grace gap."""
    rule = setting.rule
    assert isinstance(rule, CrowdRule)  # noqa: S101 - the registry pairs scene and rule
    grace_s = grace_with_cadence_s(rule.grace_s, look.period_s)
    people = [
        Member(track, look.now)
        for track in of_class(setting, look, ObjectClass.PERSON)
        if (track.hidden or (look.now - track.last_seen_at).total_seconds() <= grace_s)
        and stands_in(setting.zone.polygon, track)
    ]
    return one_group(people, [by_count(people, rule.count)], count=len(people), share=None)
