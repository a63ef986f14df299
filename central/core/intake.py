"""What a scene event does: open a case, join one, or nothing, and why."""

from dataclasses import dataclass

MERGE_WINDOW_S = 86_400.0


@dataclass(frozen=True, slots=True)
class IntakePolicy:
    """When sightings are one case, and which scenes this city does not want."""

    merge_window_s: float = MERGE_WINDOW_S
    scenes_ignored: frozenset[str] = frozenset()
