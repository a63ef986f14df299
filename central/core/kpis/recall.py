"""Free trials of the scenes: what citizens told of a watched zone, found by the machine or not."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from central.core.kpis.facts import CaseFact
from protocol.scenes import Scene, class_codes

FOUND_BEFORE, FOUND_AFTER = timedelta(hours=24), timedelta(hours=1)
"""The machine's case was opened so long before the report at most, or so long after it."""


def codes_of(scene: str) -> frozenset[str]:
    """Class codes of a scene in every layout; none for what is no scene."""
    return frozenset(code.code for code in class_codes(Scene(scene))) if scene in set(Scene) else frozenset()


WATCHABLE = frozenset(code for scene in Scene for code in codes_of(scene))
"""Classes that some scene finds; a report of another one is no trial."""


def is_found(report: CaseFact, told_at: datetime, candidates: Iterable[CaseFact]) -> bool:
    """Whether one of a zone's candidates is of the report's class, and of its time."""
    return any(
        told_at - FOUND_BEFORE <= one.opened_at <= told_at + FOUND_AFTER and report.code in codes_of(one.scene)
        for one in candidates
    )
