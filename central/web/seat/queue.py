"""Left: the candidates, newest first, each with its picture."""

from collections.abc import Awaitable, Callable
from functools import partial

from nicegui import ui
from nicegui.element import Element

from central.core.case_machine import CaseStatus
from central.core.cases.casefile import CaseView
from central.web.seat.desk import Overview, Tab
from central.web.seat.pictures import picture_url, thumbnail
from central.web.seat.pieces import Empty, attribute, block, figure, heading, shown, words
from central.web.seat.visit import Visit
from central.web.wording import ended_words, joined, what_words

Choose = Callable[[str], Awaitable[None]]
TurnTo = Callable[[Tab], Awaitable[None]]


class QueueRow:
    """One candidate, kept in place while it lasts."""

    def __init__(self, visit: Visit, case: str, choose: Choose) -> None:
        self._visit = visit
        with block("gw-row", "button").props("type=button") as self.element:
            self._picture = block("gw-row__picture", "img").props("loading=lazy")
            self._place = words("gw-row__place")
            self._what = words("gw-row__what")
            self._stands = words("gw-row__stands")
            with block("gw-row__foot"):
                self._since = words("")
                self._left = words("gw-chip gw-chip--gone")
        attribute(self.element, "data-case", case)
        self.element.on("click", lambda: choose(case))

    def show(self, view: CaseView) -> None:
        """Bring the row up to date."""
        case = view.case
        picture = thumbnail(view.evidence)
        place = case.place or case.camera or case.number
        attribute(self._picture, "src", picture_url(picture.sha256) if picture else BLANK)
        attribute(self._picture, "alt", self._visit.say("queue.picture_of", place=place))
        self._place.set_text(place)
        self._what.set_text(what_words(case.scene, case.label, self._visit.texts))
        camera = self._visit.word("camera", case.state.camera)
        stands = joined(self._visit.texts, self._visit.word("status", case.status), camera)
        self._stands.set_text(stands)
        shown(self._stands, case.status is not CaseStatus.CANDIDATE)
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

    def __init__(self, visit: Visit, choose: Choose, turn_to: TurnTo) -> None:
        self._visit = visit
        self._choose = choose
        self._rows: dict[str, QueueRow] = {}
        self.tab = Tab.CANDIDATES
        with block("gw-panel gw-queue gw-live", "section"):
            with block("gw-panel__head"):
                self._title = heading("gw-panel__title")
                with block("gw-hint"):
                    words("gw-key", "J")
                    words("gw-key", "K")
                    self._count = words("gw-count")
            with block("gw-tabs").props("role=tablist"):
                self._tabs = {tab: self._build_tab(tab, turn_to) for tab in Tab}
            with block("gw-panel__body").props("id=gw-queue tabindex=-1"):
                self._empty = Empty(visit.say("queue.empty_title"), visit.say("queue.empty"))
                self._list = block("")
                self._more = words("gw-small gw-muted gw-queue__more")

    @property
    def order(self) -> tuple[str, ...]:
        """Ids from top to bottom."""
        return tuple(self._rows)

    def show(self, overview: Overview) -> None:
        """Add, remove and update rows; those that stay keep their place on the screen and the focus."""
        cases = overview.cases(self.tab)
        self._show_tabs(overview)
        has_more, wanted = cases.has_more, {view.case.id: view for view in cases.shown}
        for case in [case for case in self._rows if case not in wanted]:
            self._rows.pop(case).element.delete()
        rows: dict[str, QueueRow] = {}
        for index, (case, view) in enumerate(wanted.items()):
            rows[case] = self._rows.get(case) or self._insert(case, index)
            rows[case].show(view)
        self._rows = rows
        self._count.set_text(figure(len(rows), has_more=has_more))
        kind = "empty" if self.tab is Tab.CANDIDATES else "none"
        self._empty.tell(self._visit.say(f"queue.{kind}_title"), self._visit.say(f"queue.{kind}"))
        self._empty.show(not rows)
        shown(self._more, has_more)
        self._more.set_text(self._visit.say("queue.more"))

    def _build_tab(self, tab: Tab, turn_to: TurnTo) -> tuple[Element, ui.label]:
        with block("gw-tab", "button").props("type=button role=tab") as button:
            words("", self._visit.word("tab_short", tab))
            count = words("gw-count")
        attribute(button, "data-tab", tab)
        button.on("click", partial(turn_to, tab))
        return button, count

    def _show_tabs(self, overview: Overview) -> None:
        self._title.set_text(self._visit.word("tab", self.tab))
        for tab, (button, count) in self._tabs.items():
            cases = overview.cases(tab)
            attribute(button, "aria-selected", str(tab is self.tab).lower())
            count.set_text(figure(len(cases.shown), has_more=cases.has_more))
            shown(count, tab is not Tab.ENDED)  # nearly all cases have ended

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
