"""Whether a dome camera looks away from the preset that its zones were drawn for."""

from dataclasses import dataclass

LOOKS_MIN = 2
"""So many looks in a row must say so: going away ends episodes."""


@dataclass(frozen=True, slots=True)
class Preset:
    """What is held, and how many looks in a row have said otherwise."""

    is_away: bool = False
    against: int = 0


def looked(preset: Preset, *, away: bool) -> Preset:
    """The preset after a look that could see where the camera points."""
    if away is preset.is_away:
        return Preset(preset.is_away)
    against = preset.against + 1
    return Preset(away) if against >= LOOKS_MIN else Preset(preset.is_away, against)
