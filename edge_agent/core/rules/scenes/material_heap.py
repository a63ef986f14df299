"""`material_heap` (乱堆物堆料): goods, or something put down, that cover a good part of the zone."""

from dataclasses import replace

from edge_agent.core.rules.facts.ground import area_share
from edge_agent.core.rules.facts.group import STAYS_SHARE
from edge_agent.core.rules.facts.standing import Visits, visits
from edge_agent.core.rules.facts.territory import nobodys
from edge_agent.core.rules.facts.things import things
from edge_agent.core.rules.hold import Found
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look
from protocol.scene_rules import MaterialHeapRule
from protocol.scenes import ObjectClass


def find(setting: Setting, before: Visits, look: Look) -> tuple[Visits, Found]:
    """Every heap that is large enough; one that was told goes on until it is clearly smaller."""
    rule = setting.rule
    assert isinstance(rule, MaterialHeapRule)  # noqa: S101 - the registry pairs scene and rule
    after = visits(
        setting, before, look, nobodys(setting, look, things(setting, look, ObjectClass.GOODS), rubbish=False)
    )
    shares = [(after.subject(track), area_share(setting.zone.polygon, [track.box])) for track in after.standing]
    heaps = tuple(
        replace(subject, area_share=share, enough=share >= rule.area_share)
        for subject, share in shares
        if share >= STAYS_SHARE * rule.area_share
    )
    return after, Found(heaps, after.hidden)
