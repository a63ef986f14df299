"""What people said of episodes, and rules that are played with it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from edge_agent.core.feedback import SpotMask, Verdict
from edge_agent.core.rules import Look, RunningRule, SightingPhase
from edge_agent.core.values import Track
from protocol.geometry import Box
from protocol.messages import Command, CommandName, Judgement
from protocol.scene_rules import Rule, StayRule
from tests.support.rules import alone

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SPOT: Box = (0.4, 0.3, 0.5, 0.6)
RULE = StayRule(scene="stay", labels=("stall",), dwell_s=5)


def said(
    number: int, judgement: Judgement = Judgement.REJECTED, *, camera: str = "cam", score: float | None = 0.5
) -> Command:
    """Return what a person said of episode `number`."""
    return Command(
        command=f"01900000-0000-7000-8000-{number:012d}",
        name=CommandName.JUDGED,
        camera=camera,
        deadline=NOW + timedelta(hours=1),
        zone="z",
        scene="stay",
        episode=f"ep-{number}",
        box=SPOT,
        score=score,
        judgement=judgement,
        reason="false_alarm",
        mask_until=NOW + timedelta(days=7) if judgement is Judgement.REJECTED else None,
    )


def play(
    rule: RunningRule, box: Box, *, from_s: int, to_s: int, masks: tuple[SpotMask, ...]
) -> tuple[RunningRule, list[SightingPhase]]:
    """Show a rule something that stands still; return the rule afterwards and what it told."""
    phases: list[SightingPhase] = []
    for at_s in range(from_s, to_s):
        now = NOW + timedelta(seconds=at_s)
        rule, told = rule.step(Look((Track(1, "stall", box, 0.8, NOW, now),), now, 1.0, masks=masks))
        phases += [one.phase for one in told]
    return rule, phases


def verdicts(confirmed: Sequence[float], rejected: Sequence[float]) -> list[Verdict]:
    """Return verdicts on episodes with these scores."""
    scores = [(Judgement.CONFIRMED, score) for score in confirmed] + [(Judgement.REJECTED, score) for score in rejected]
    return [
        Verdict(f"ep-{number}", "cam", "z", "stay", judgement, "", NOW, SPOT, score)
        for number, (judgement, score) in enumerate(scores)
    ]


def episodes(rule: Rule, scores: Sequence[float]) -> list[bool]:
    """Return, of one episode with each score, whether it is told."""
    told = []
    for score in scores:
        running_rule, phases = alone(rule), list[SightingPhase]()
        for at_s in range(20):
            now = NOW + timedelta(seconds=at_s)
            track = Track(1, "stall", SPOT, score, NOW, now)
            running_rule, said_now = running_rule.step(Look((track,), now, 1.0))
            phases += [one.phase for one in said_now]
        told.append(SightingPhase.RAISED in phases)
    return told
