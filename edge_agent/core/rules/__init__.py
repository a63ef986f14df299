"""Scene rules: for each a frozen configuration in `protocol.configuration` and a pure `step` here."""

from dataclasses import dataclass

from edge_agent.core.rules import stay
from edge_agent.core.rules.sighting import Look, Sighting, SightingPhase
from protocol.configuration import Rule
from protocol.geometry import Polygon

RuleState = stay.StayState
"""Union of all rules' states."""

_RULES = {"stay": stay}
_FRESH = {"stay": stay.StayState()}


@dataclass(frozen=True, slots=True)
class RunningRule:
    """A rule of a zone and what it remembers."""

    zone: str
    polygon: Polygon
    rule: Rule
    state: RuleState

    def step(self, look: Look) -> tuple["RunningRule", tuple[Sighting, ...]]:
        """The rule after a look, and what it tells."""
        state, told = _RULES[self.rule.scene].step(self.rule, self.polygon, self.state, look)
        return RunningRule(self.zone, self.polygon, self.rule, state), told

    def close(self) -> tuple["RunningRule", tuple[Sighting, ...]]:
        """The rule with nothing in memory, and the ends of all that was raised."""
        return running(self.zone, self.polygon, self.rule), _RULES[self.rule.scene].close(self.state)

    @property
    def followed(self) -> frozenset[int]:
        """Ids of the tracks that the rule has in memory: their first pictures are still wanted."""
        ids: frozenset[int] = _RULES[self.rule.scene].followed(self.state)
        return ids


def running(zone: str, polygon: Polygon, rule: Rule) -> RunningRule:
    """The rule before its first look."""
    return RunningRule(zone, polygon, rule, _FRESH[rule.scene])


__all__ = ["Look", "RunningRule", "Sighting", "SightingPhase", "running"]
