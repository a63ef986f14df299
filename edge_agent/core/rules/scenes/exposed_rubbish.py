"""`exposed_rubbish` (暴露垃圾): rubbish, or something put down that no known object explains, lies there alone.

Those who walk past leave it alone: on a busy street somebody always does.
"""

from edge_agent.core.rules.facts.territory import nobodys
from edge_agent.core.rules.facts.things import things
from edge_agent.core.rules.facts.unattended import Watch, unattended, with_people
from edge_agent.core.rules.hold import Found
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look
from protocol.scene_rules import ExposedRubbishRule
from protocol.scenes import ObjectClass


def find(setting: Setting, before: Watch, look: Look) -> tuple[Watch, Found | None]:
    """Everything that lies in the zone with nobody near."""
    rule = setting.rule
    assert isinstance(rule, ExposedRubbishRule)  # noqa: S101 - the registry pairs scene and rule
    before = with_people(setting, before, look)
    if look.stream is not setting.stream:
        return before, None
    lying = nobodys(setting, look, things(setting, look, ObjectClass.RUBBISH), rubbish=True)
    return unattended(setting, before, look, lying, rule.near_steps, passers=False)
