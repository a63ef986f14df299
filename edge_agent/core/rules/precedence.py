"""One thing is told once: which scene may tell it, when several rules and zones see it."""

from collections.abc import Sequence
from dataclasses import replace
from graphlib import TopologicalSorter
from typing import Protocol, TypeVar

from edge_agent.core.rules.hold import Holds
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Claim
from protocol.messages import Basis
from protocol.scenes import GROUPS, PRECEDENCE, Scene

_BEHIND = {
    scene: {before for family in PRECEDENCE if scene in family for before in family[: family.index(scene)]}
    for scene in Scene
}
_RANK = {scene: rank for rank, scene in enumerate(TopologicalSorter(_BEHIND).static_order())}


class Held(Protocol):
    """A rule with its holds."""

    @property
    def setting(self) -> Setting:
        """What it works with."""
        ...

    @property
    def holds(self) -> Holds:
        """What it has found."""
        ...


R = TypeVar("R", bound=Held)


def claims_of(rule: Held) -> tuple[Claim, ...]:
    """What a rule tells, told a moment ago, or is sure of and will tell when it is time."""
    scene, blind, stream = rule.setting.rule.scene, rule.setting.basis is Basis.STATIC, rule.setting.stream
    ended = (Claim(scene, box, stream, blind=blind, over=True) for box, _ in rule.holds.ended)
    share = rule.setting.rule.held_share
    going_on = (
        Claim(scene, hold.subject.box, stream, told=hold.raised_at is not None, blind=blind)
        for hold in rule.holds.holds
        if hold.raised_at is not None
        or (hold.certain_at is not None and not hold.elsewhere and hold.held_share >= share)
    )
    return (*going_on, *ended)


def heeded(rule: Held, claims: Sequence[Claim]) -> list[Claim]:
    """Those of the other rules' claims that keep this rule from telling the same thing."""
    scene, blind = rule.setting.rule.scene, rule.setting.basis is Basis.STATIC
    return [
        replace(claim, other_stream=claim.stream is not rule.setting.stream)
        for claim in claims
        if _yields(scene, claim, blind=blind)
    ]


def _yields(scene: Scene, claim: Claim, *, blind: bool) -> bool:
    if not claim.told:
        return comes_before(claim.scene, scene)
    return yields_to(scene, claim.scene) or (blind and claim.blind and Scene.STAY not in {scene, claim.scene})


def yields_to(scene: Scene, other: Scene) -> bool:
    """Whether a thing that is told as `other` is not to be told as `scene`: same family, or the same but `stay`.

    A group is no member of itself: a pile of bikes is told although some of them were told one by one.
    """
    if scene is other:
        return scene is not Scene.STAY
    if scene in GROUPS:
        return False
    return any(scene in family and other in family for family in PRECEDENCE)


def comes_before(scene: Scene, other: Scene) -> bool:
    """Whether `scene` goes before `other` in a family of both."""
    return scene in _BEHIND[other]


def in_precedence(rules: Sequence[R]) -> tuple[R, ...]:
    """Rules in the order in which they are asked: in every family the foremost first."""
    return tuple(sorted(rules, key=lambda rule: _RANK[rule.setting.rule.scene]))
