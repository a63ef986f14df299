"""A rule at work: the condition of its scene, the holds that it made, and who has precedence when two fit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from edge_agent.core.feedback import is_masked, masked
from edge_agent.core.rules import stay
from edge_agent.core.rules.holding import Found, Holds, Timing, close, step
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Claim, Look, Sighting
from edge_agent.core.sampling import grace_with_cadence_s
from protocol.messages import EndReason
from protocol.scenes import PRECEDENCE, Scene

Memory = object
"""What a scene remembers besides its holds; each scene knows its own kind."""
Condition = Callable[[Setting, Memory, Look], tuple[Memory, Found | None]]
"""What of a look meets the scene's condition; None where the look is not one to judge by, only to remember."""


def _without_memory(find: Callable[[Setting, Look], Found]) -> Condition:
    """A condition that a single look decides: looks of the other stream pass it by."""

    def condition(setting: Setting, memory: Memory, look: Look) -> tuple[Memory, Found | None]:
        return memory, find(setting, look) if look.stream is setting.stream else None

    return condition


CONDITIONS: Mapping[Scene, Condition] = {
    Scene.STAY: _without_memory(stay.find),
}
"""Every scene that can run."""


NOTHING_HELD = Holds()


@dataclass(frozen=True, slots=True)
class RunningRule:
    """A rule and what it remembers."""

    setting: Setting
    holds: Holds = NOTHING_HELD
    memory: Memory = None

    @property
    def scene(self) -> Scene:
        """What it watches for."""
        return self.setting.rule.scene

    def step(self, look: Look) -> tuple["RunningRule", tuple[Sighting, ...]]:
        """The rule after a look of either stream, and what it tells."""
        if not self.setting.counts_at(look.now):
            return self.close(EndReason.PERMITTED)
        memory, found = CONDITIONS[self.scene](self.setting, self.memory, look)
        if found is None:
            return replace(self, memory=memory), ()
        found = self._without_masked(found, look)
        claims = [claim for claim in look.claims if yields_to(self.scene, claim.scene)]
        holds, told = step(timing_of(self.setting, look.period_s), self.holds, found, claims, look.now)
        return replace(self, holds=holds, memory=memory), told

    def _without_masked(self, found: Found, look: Look) -> Found:
        """What a person rejected is not found again; an episode that was told before goes on to its true end."""
        boxes = masked(look.masks, self.setting.zone.id, self.scene, look.now)
        if not boxes:
            return found
        told = {hold.subject.key for hold in self.holds.raised}
        kept = tuple(one for one in found.subjects if one.key in told or not is_masked(boxes, one.box))
        return replace(found, subjects=kept)

    def close(self, reason: EndReason) -> tuple["RunningRule", tuple[Sighting, ...]]:
        """The rule with nothing in memory, and the ends of all that was raised."""
        return RunningRule(self.setting), close(self.holds, reason)

    @property
    def followed(self) -> frozenset[int]:
        """Keys of all episodes in progress, told or not: their first pictures are still wanted."""
        return frozenset(hold.subject.key for hold in self.holds.holds)


def running(setting: Setting) -> RunningRule:
    """The rule before its first look."""
    return RunningRule(setting)


def timing_of(setting: Setting, period_s: float) -> Timing:
    """Durations of a rule when looks are `period_s` apart."""
    rule = setting.rule
    return Timing(
        dwell_s=rule.dwell_s,
        grace_s=grace_with_cadence_s(rule.grace_s, period_s),
        held_share=rule.held_share,
        silence_s=rule.silence_s,
        seen_s=getattr(rule, "seen_s", 0.0),
        severity=rule.severity,
        steps=rule.steps,
    )


def claims_of(rules: Sequence[RunningRule], *, but: int) -> tuple[Claim, ...]:
    """What all rules but number `but` tell at present."""
    return tuple(
        Claim(rule.scene, hold.subject.box)
        for number, rule in enumerate(rules)
        if number != but
        for hold in rule.holds.raised
    )


def yields_to(scene: Scene, other: Scene) -> bool:
    """Whether a thing that is told as `other` is not to be told as `scene`: same family, or the same but `stay`."""
    if scene is other:
        return scene is not Scene.STAY
    return any(scene in family and other in family for family in PRECEDENCE)


def in_precedence(rules: Sequence[RunningRule]) -> tuple[RunningRule, ...]:
    """Rules in the order in which they are asked: the foremost of each family first."""
    order = {scene: place for family in PRECEDENCE for place, scene in enumerate(family)}
    return tuple(sorted(rules, key=lambda rule: order.get(rule.scene, 0)))
