"""`crowd` (人群聚集): so many people stand together in the zone. Those who only walk past gather nothing."""

from collections.abc import Sequence

from edge_agent.core.rules.facts.group import Member, by_count, one_group
from edge_agent.core.rules.facts.people import near
from edge_agent.core.rules.facts.standing import stands_since
from edge_agent.core.rules.facts.things import of_class
from edge_agent.core.rules.hold import Found
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look
from edge_agent.core.sampling import grace_with_cadence_s
from edge_agent.core.values import Track
from edge_agent.core.zones import stands_in
from protocol.scene_rules import CrowdRule
from protocol.scenes import ObjectClass

TOGETHER_STEPS = 1.0
"""Who is within a step of one of them stands with them."""


def find(setting: Setting, look: Look) -> Found:
    """The largest group, if there is one; people missed in this look count for the grace gap."""
    rule = setting.rule
    assert isinstance(rule, CrowdRule)  # noqa: S101 - the registry pairs scene and rule
    grace_s = grace_with_cadence_s(rule.grace_s, look.period_s)
    standing = [
        track
        for track in of_class(setting, look, ObjectClass.PERSON)
        if (track.hidden or (look.now - track.last_seen_at).total_seconds() <= grace_s)
        and stands_since(track) is not None
        and stands_in(setting.zone.polygon, track)
    ]
    people = [Member(track, stands_since(track) or look.now) for track in _largest_group(standing)]
    return one_group(people, [by_count(people, rule.count)], count=len(people), share=None)


def _largest_group(people: Sequence[Track]) -> list[Track]:
    """Those who stand together, each within reach of another of them."""
    left, largest = list(people), list[Track]()
    while left:
        group = [left.pop()]
        for one in group:
            beside = [other for other in left if near(one.box, other.box, TOGETHER_STEPS)]
            group += beside
            left = [other for other in left if other not in beside]
        largest = max(largest, group, key=len)
    return largest
