"""Pictures of a case: where a page gets them, which one stands for the case, and a button that shows one large."""

from collections.abc import Callable, Iterable

from central.core.values import EvidenceItem, EvidenceState
from central.web.seat.pieces import attribute, block, words
from central.web.seat.visit import Visit
from protocol.messages import EvidenceKind

Enlarge = Callable[[str, str], None]
"""Shows a picture large, by its address and its words."""

THUMBNAIL_ORDER = (
    EvidenceKind.RAISED,
    EvidenceKind.STARTED,
    EvidenceKind.PEAK,
    EvidenceKind.SNAPSHOT,
    EvidenceKind.ENDED,
    EvidenceKind.LAST_GOOD,
)


def picture_url(sha256: str) -> str:
    """Where a page gets a picture; the session's cookie opens it."""
    return f"/ui/pictures/{sha256}"


def thumbnail(items: Iterable[EvidenceItem]) -> EvidenceItem | None:
    """The picture that tells most of how the case began, as its words do: oldest of the first kind that has arrived."""
    stored = [item for item in items if item.state is EvidenceState.STORED and item.kind in THUMBNAIL_ORDER]
    return min(stored, key=lambda item: (THUMBNAIL_ORDER.index(item.kind), item.at), default=None)


def picture_button(visit: Visit, item: EvidenceItem, kind: str, enlarge: Enlarge) -> None:
    """Draw a picture that has arrived, under its words and its time; a click enlarges it."""
    url = picture_url(item.sha256)
    with block("gw-picture", "button").props("type=button") as frame:
        with block("gw-picture__caption", "span"):
            words("gw-picture__kind gw-inline", kind)
            words("gw-muted gw-inline", visit.short(item.at))
        with block("gw-picture__frame", "span"):
            image = block("gw-picture__image", "img")
    attribute(image, "src", url)
    attribute(image, "alt", f"{kind} {visit.full(item.at)}")
    attribute(frame, "aria-label", visit.say("case.enlarge", kind=kind))
    frame.on("click", lambda: enlarge(url, kind))


def no_picture(sentence: str) -> None:
    """Draw the place of a picture that is not there, with what there is to say of it."""
    with block("gw-picture gw-picture--pending"):
        words("", sentence)
