"""`bike_parking` (非机动车乱停放): a bike stands, with nobody on it or beside it, in a zone where none may."""

from edge_agent.core.rules.facts.things import things
from edge_agent.core.rules.facts.unattended import Watch, unattended, with_people
from edge_agent.core.rules.hold import Found
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look
from protocol.scenes import ObjectClass

RIDER_STEPS = 0.0
"""Whoever is so near touches it in the picture."""


def find(setting: Setting, before: Watch, look: Look) -> tuple[Watch, Found]:
    """Every bike that was left."""
    before = with_people(setting, before, look)
    return unattended(setting, before, look, things(setting, look, ObjectClass.BIKE), RIDER_STEPS)
