"""Scene rules: for each a frozen configuration in `protocol.scene_rules` and a pure condition here."""

from edge_agent.core.rules.precedence import in_precedence
from edge_agent.core.rules.running import RunningRule, judged, running
from edge_agent.core.rules.setting import SceneRefused, Setting, settings_of
from edge_agent.core.rules.sighting import Claim, Look, Sighting, SightingPhase, Stream

__all__ = [
    "Claim",
    "Look",
    "RunningRule",
    "SceneRefused",
    "Setting",
    "Sighting",
    "SightingPhase",
    "Stream",
    "in_precedence",
    "judged",
    "running",
    "settings_of",
]
