"""Things that were put down: what the detector calls so, and static foreground that nothing it knows explains."""

from collections.abc import Sequence

from edge_agent.core.rules.facts.standing import stands_since
from edge_agent.core.rules.setting import Setting
from edge_agent.core.rules.sighting import Look, Stream
from edge_agent.core.values import Track
from protocol.geometry import Box
from protocol.scenes import ObjectClass

EXPLAINED_SHARE = 0.5
"""A region of which so much lies in the boxes of things that stand there is these things."""
_KNOWN = tuple(ObjectClass)


def objects(look: Look) -> tuple[Track, ...]:
    """The detector's tracks, whichever stream drives the look."""
    return look.tracks if look.stream is Stream.OBJECTS else look.context


def of_class(setting: Setting, look: Look, *classes: ObjectClass) -> list[Track]:
    """The detector's tracks of these classes."""
    return [track for track in objects(look) if setting.of_class(track, *classes)]


def things(setting: Setting, look: Look, *classes: ObjectClass, liquids: bool = False) -> list[Track]:
    """What a scene looks for in this look: objects of its classes, or regions that no object of another explains."""
    if look.stream is Stream.OBJECTS:
        return of_class(setting, look, *classes)
    others = [one for one in _KNOWN if one not in classes]
    standing = [track.box for track in of_class(setting, look, *others) if stands_since(track) is not None]
    return [region for region in look.tracks if (liquids if region.liquid else not explained(region.box, standing))]


def explained(region: Box, boxes: Sequence[Box]) -> bool:
    """Whether a region is things that are known to stand there."""
    return sum(_covered(region, box) for box in boxes) >= EXPLAINED_SHARE


def _covered(region: Box, box: Box) -> float:
    area = (region[2] - region[0]) * (region[3] - region[1])
    width = min(region[2], box[2]) - max(region[0], box[0])
    height = min(region[3], box[3]) - max(region[1], box[1])
    return max(0.0, width) * max(0.0, height) / area if area > 0 else 0.0
