"""Scene rules: for each a frozen configuration in `protocol.scene_rules` and a pure condition here."""

from edge_agent.core.rules.precedence import in_precedence
from edge_agent.core.rules.running import RunningRule, judged, running
from edge_agent.core.rules.serving import RulesRefused, Serving, servings
from edge_agent.core.rules.setting import Setting, settings_of
from edge_agent.core.rules.sighting import Claim, Look, Sighting, SightingPhase, Stream

__all__ = [
    "Claim",
    "Look",
    "RulesRefused",
    "RunningRule",
    "Serving",
    "Setting",
    "Sighting",
    "SightingPhase",
    "Stream",
    "in_precedence",
    "judged",
    "running",
    "servings",
    "settings_of",
]
