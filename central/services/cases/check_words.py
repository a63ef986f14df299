"""What a check by camera says, in words of a person's language."""

from central.core.camera_check import Condition, Point
from central.core.lengths import length_words
from central.settings.texts import Texts


def point_words(point: Point, texts: Texts) -> str:
    """A condition with what was seen and what it was held against, met or not."""
    name = f"check.{point.condition}"
    if point.condition is Condition.LIT and point.seen is None:
        key = f"{name}.unknown"
    else:
        own = f"{name}.{point.word}" if point.word and (point.holds or point.word in _SAID_BY_WORD) else ""
        key = own if own in texts.entries else f"{name}.{'met' if point.holds else 'unmet'}"
    seen, limit = point.seen or 0.0, point.limit or 0.0
    word = texts.word("reason", point.word) if point.condition is Condition.HEALTHY else point.word
    lengths = {"seen_words": length_words(seen, texts.entries), "limit_words": length_words(limit, texts.entries)}
    return texts.say(key, word=word, seen=seen, limit=limit, **lengths)


_SAID_BY_WORD = frozenset(
    {
        "no_camera", "no_zone", "box_offline", "camera_offline", "cannot_look", "present", "cannot_tell", "left_before",
        "unknown",
    }
)  # fmt: skip
"""Words of conditions that do not hold which have a text of their own."""
