"""Free trials of the scenes: what citizens told of a watched zone, found by the machine or not."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from protocol.scenes import Scene, class_codes

FOUND_BEFORE, FOUND_AFTER = timedelta(hours=24), timedelta(hours=1)
"""The machine's case was opened so long before the report at most, or so long after it."""


class Candidate(Protocol):
    """What the machine found: of which scene, and when its case was opened."""

    @property
    def scene(self) -> str:
        """The scene's name."""
        ...

    @property
    def opened_at(self) -> datetime:
        """When."""
        ...


_CODES = {str(scene): frozenset(code.code for code in class_codes(scene)) for scene in Scene}


def codes_of(scene: str) -> frozenset[str]:
    """Class codes of a scene in every layout; none for what is no scene."""
    return _CODES.get(scene, frozenset())


WATCHABLE = frozenset[str]().union(*_CODES.values())
"""Classes that some scene finds; a report of another one is no trial."""


def is_found(code: str, told_at: datetime, candidates: Iterable[Candidate]) -> bool:
    """Whether one of a zone's candidates is of a report's class, and of its time."""
    return any(
        told_at - FOUND_BEFORE <= one.opened_at <= told_at + FOUND_AFTER and code in codes_of(one.scene)
        for one in candidates
    )
