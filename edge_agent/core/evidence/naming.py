"""Which files the reports of a camera name. Two reports may show the same bytes, and these are one file."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from protocol.messages import EvidenceRef, SceneEvent

NAMES_MAX = 1_000
"""A picture waits seconds, not reports, for the one that takes its place."""


@dataclass(frozen=True, slots=True)
class Named:
    """File names of the newest reports, each as often as a report names it."""

    names: tuple[str, ...] = ()

    def reported(self, events: Iterable[SceneEvent]) -> "Named":
        """With further reports, told or about to be."""
        return Named((*self.names, *(ref.file_name for ref in _evidence(events)))[-NAMES_MAX:])

    def replaced(
        self, before: Iterable[SceneEvent], after: Iterable[SceneEvent]
    ) -> tuple["Named", tuple[EvidenceRef, ...]]:
        """After reports were given other pictures, and the files that no report names any more."""
        old = list(_evidence(before))
        left = Counter(self.names)
        left.subtract(ref.file_name for ref in old)
        left.update(ref.file_name for ref in _evidence(after))
        named = Named(tuple(left.elements()))
        return named, tuple(ref for ref in old if left[ref.file_name] <= 0)


def _evidence(events: Iterable[SceneEvent]) -> Iterable[EvidenceRef]:
    return (ref for event in events for ref in event.evidence)
