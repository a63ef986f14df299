"""Left: the candidates, newest first, each with its picture."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from central.core.casefile import CaseView
from central.core.values import EvidenceItem, EvidenceState
from central.web.seat.pieces import Empty, attribute, block, figure, heading, shown, words
from central.web.seat.visit import Visit
from central.web.wording import ended_words, what_words
from protocol.messages import EvidenceKind

Choose = Callable[[str], Awaitable[None]]

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


def thumbnail(view: CaseView) -> EvidenceItem | None:
    """The picture that tells most of how the case began, as its words do: oldest of the first kind that has arrived."""
    stored = [item for item in view.evidence if item.state is EvidenceState.STORED and item.kind in THUMBNAIL_ORDER]
    return min(stored, key=lambda item: (THUMBNAIL_ORDER.index(item.kind), item.at), default=None)


class QueueRow:
    """One candidate, kept in place while it lasts."""

    def __init__(self, visit: Visit, case: str, choose: Choose) -> None:
        self._visit = visit
        with block("gw-row", "button").props("type=button") as self.element:
            self._picture = block("gw-row__picture", "img").props("loading=lazy")
            self._place = words("gw-row__place")
            self._what = words("gw-row__what")
            with block("gw-row__foot"):
                self._since = words("")
                self._left = words("gw-chip gw-chip--gone")
        attribute(self.element, "data-case", case)
        self.element.on("click", lambda: choose(case))

    def show(self, view: CaseView) -> None:
        """Bring the row up to date."""
        case = view.case
        picture = thumbnail(view)
        place = case.place or case.camera or case.number
        attribute(self._picture, "src", picture_url(picture.sha256) if picture else BLANK)
        attribute(self._picture, "alt", self._visit.say("queue.picture_of", place=place))
        self._place.set_text(place)
        self._what.set_text(what_words(case.scene, case.label, self._visit.texts))
        self._since.set_text(self._visit.say("queue.since", time=self._visit.short(case.first_seen_at)))
        ended = ended_words(view, self._visit.texts)
        self._left.set_text(ended)
        shown(self._left, bool(ended))

    def mark(self, is_chosen: bool) -> None:  # noqa: FBT001 - the value that it sets
        """Show whether it is the chosen one."""
        if is_chosen != ("gw-row--chosen" in self.element.classes):
            self.element.classes(toggle="gw-row--chosen")
            attribute(self.element, "aria-current", "true" if is_chosen else None)


class QueuePanel:
    """The list of candidates."""

    def __init__(self, visit: Visit, choose: Choose) -> None:
        self._visit = visit
        self._choose = choose
        self._rows: dict[str, QueueRow] = {}
        with block("gw-panel gw-queue gw-live", "section"):
            with block("gw-panel__head"):
                heading("gw-panel__title", visit.say("queue.title"))
                with block("gw-hint"):
                    words("gw-key", "J")
                    words("gw-key", "K")
                    self._count = words("gw-count")
            with block("gw-panel__body").props("id=gw-queue tabindex=-1"):
                self._empty = Empty(visit.say("queue.empty_title"), visit.say("queue.empty"))
                self._list = block("")
                self._more = words("gw-small gw-muted gw-queue__more")

    @property
    def order(self) -> tuple[str, ...]:
        """Ids from top to bottom."""
        return tuple(self._rows)

    def show(self, candidates: tuple[CaseView, ...], *, has_more: bool) -> None:
        """Add, remove and update rows; those that stay keep their place on the screen and the focus."""
        wanted = {view.case.id: view for view in candidates}
        for case in [case for case in self._rows if case not in wanted]:
            self._rows.pop(case).element.delete()
        rows: dict[str, QueueRow] = {}
        for index, (case, view) in enumerate(wanted.items()):
            rows[case] = self._rows.get(case) or self._insert(case, index)
            rows[case].show(view)
        self._rows = rows
        self._count.set_text(figure(len(rows), has_more=has_more))
        self._empty.show(not rows)
        shown(self._more, has_more)
        self._more.set_text(self._visit.say("queue.more"))

    def mark(self, chosen: str | None) -> None:
        """Show which one is chosen and bring it into view."""
        for case, row in self._rows.items():
            row.mark(case == chosen)
        if chosen in self._rows:
            ui.run_javascript(f"getHtmlElement({self._rows[chosen].element.id}).scrollIntoView({{block: 'nearest'}})")

    def _insert(self, case: str, index: int) -> QueueRow:
        with self._list:
            row = QueueRow(self._visit, case, self._choose)
        row.element.move(self._list, target_index=index)
        return row


BLANK = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
"""One transparent pixel: the place of a picture that has not arrived."""
