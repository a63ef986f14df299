"""A rule at work: the condition of its scene, the holds that it made, and the hours in which it counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from edge_agent.core.feedback import is_masked, masked
from edge_agent.core.rules.hold import Found, Holds, Timing
from edge_agent.core.rules.holding import close, interrupted, step
from edge_agent.core.rules.precedence import claims_of, heeded
from edge_agent.core.rules.scenes import CONDITIONS, Memory
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look, Sighting
from edge_agent.core.sampling import grace_with_cadence_s
from protocol.messages import EndReason
from protocol.scenes import Scene

NOTHING_HELD = Holds()
FRESH_S = 2.0
IN_PIECES = frozenset(
    {
        Scene.MOBILE_VENDOR,
        Scene.ROAD_OCCUPATION,
        Scene.OUT_OF_STORE,
        Scene.MATERIAL_HEAP,
        Scene.EXPOSED_RUBBISH,
        Scene.DUMPING,
    }
)
"""Their things are spread out and people stand before them: the detector sees one as two."""


@dataclass(frozen=True, slots=True)
class RunningRule:
    """A rule and what it remembers.

    `counts`: whether the last look fell into its hours; `counts_since`: when these began, where that was seen.
    """

    setting: Setting
    holds: Holds = NOTHING_HELD
    memory: Memory = None
    counts: bool = True
    counts_since: datetime | None = None

    @property
    def scene(self) -> Scene:
        """What it watches for."""
        return self.setting.rule.scene

    def step(self, look: Look) -> tuple["RunningRule", tuple[Sighting, ...]]:
        """The rule after a look of either stream, and what it tells."""
        if not self.setting.counts_at(look.now):
            closed, told = self.close(EndReason.PERMITTED)
            return replace(closed, counts=False), told
        since = self.counts_since if self.counts else look.now
        memory, found = CONDITIONS[self.scene](self.setting, self.memory, look)
        if found is None:
            return replace(self, memory=memory, counts=True, counts_since=since), ()
        found = _not_before(self._without_masked(found, look), since)
        timing = timing_of(self.setting, look.period_s)
        holds, told = step(timing, self.holds, found, heeded(self, look.claims), look.now)
        return RunningRule(self.setting, holds, memory, counts_since=since), told

    def _without_masked(self, found: Found, look: Look) -> Found:
        """What a person rejected is not found again; an episode that was told before goes on to its true end."""
        boxes = masked(look.masks, self.setting.zone.id, self.scene, look.now)
        if not boxes:
            return found
        told = {hold.subject.key for hold in self.holds.raised}
        kept = tuple(one for one in found.subjects if one.key in told or not is_masked(boxes, one.box))
        return replace(found, subjects=kept)

    def close(self, reason: EndReason) -> tuple["RunningRule", tuple[Sighting, ...]]:
        """The rule before a new beginning, and the ends of all that was raised.

        Over an interruption the places that were told stay silent for as long as they would have without it: who
        looks again sees the same thing standing there. Hours in which the rule does not count end the silence too,
        because what stands there afterwards is a violation of its own. Nothing else is remembered.
        """
        permitted = reason is EndReason.PERMITTED
        holds = NOTHING_HELD if permitted else interrupted(self.holds, self.setting.rule.silence_s)
        return RunningRule(self.setting, holds), close(self.holds, reason)

    @property
    def followed(self) -> frozenset[int]:
        """Keys of all episodes in progress, told or not: their first pictures are still wanted."""
        return frozenset(hold.subject.key for hold in self.holds.holds)


def running(setting: Setting) -> RunningRule:
    """The rule before its first look."""
    return RunningRule(setting)


def judged(rules: Sequence[RunningRule], look: Look) -> Iterator[tuple[RunningRule, tuple[Sighting, ...]]]:
    """Each rule after a look and what it tells, in order; each hears what the others claim at that moment."""
    claims = [claims_of(rule) for rule in rules]
    for number, rule in enumerate(rules):
        of_others = tuple(claim for other, said in enumerate(claims) if other != number for claim in said)
        after, told = rule.step(replace(look, claims=of_others))
        claims[number] = claims_of(after)
        yield after, told


def _not_before(found: Found, since: datetime | None) -> Found:
    """What stood there before the rule began to count is counted from then on."""
    if since is None or not any(one.since is not None and one.since < since for one in found.subjects):
        return found
    later = (replace(one, since=max(one.since, since)) if one.since else one for one in found.subjects)
    return replace(found, subjects=tuple(later))


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
        score_min=rule.score_min,
        in_pieces=rule.scene in IN_PIECES,
        fresh_s=grace_with_cadence_s(FRESH_S, period_s),
    )
