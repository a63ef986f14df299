"""What a camera's word must rest on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

LOOKS_MAX = 30
"""Looks of one check, whatever the terms."""


@dataclass(frozen=True, slots=True)
class CheckTerms:
    """Conditions of a pass, and how looks are repeated.

    The first of the clear looks begins at most `within_s` after "done"; together they last `clear_s`, count
    `frames_min` frames, and could see the place for `observed_share_min` of the time, at a mean brightness of
    `light_min` (of 255). Each lasts `look_s`; one that proves nothing is repeated after `every_s`. `closes`: what
    passes is closed at once.
    """

    within_s: float = 600.0
    clear_s: float = 120.0
    frames_min: int = 20
    light_min: float = 35.0
    observed_share_min: float = 0.7
    look_s: float = 60.0
    every_s: float = 30.0
    closes: bool = False


@dataclass(frozen=True, slots=True)
class CheckPolicy:
    """The terms of every scene, and of some scenes others; not `enabled`: people check as ever."""

    enabled: bool = True
    terms: CheckTerms = CheckTerms()
    by_scene: Mapping[str, CheckTerms] = field(default_factory=dict)

    def of(self, scene: str | None) -> CheckTerms:
        """The terms for a scene."""
        return self.by_scene.get(scene or "", self.terms)


CHECK_POLICY = CheckPolicy()
"""As delivered."""
