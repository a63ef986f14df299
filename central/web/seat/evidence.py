"""Centre: the pictures of the chosen case, large, and what is known about it."""

from collections.abc import Awaitable, Callable, Iterable

from nicegui import ui
from nicegui.element import Element

from central.core.lengths import length_words
from central.core.values import EvidenceItem, EvidenceState
from central.web.seat.check import CheckBlock
from central.web.seat.desk import Detail
from central.web.seat.pictures import no_picture, picture_button, picture_url
from central.web.seat.pieces import Empty, attribute, block, heading, only_class, shown, words
from central.web.seat.visit import Visit
from central.web.wording import ended_words, picture_words, what_words
from protocol.messages import EvidenceKind

ORDER = (
    EvidenceKind.RAISED,
    EvidenceKind.STARTED,
    EvidenceKind.ENDED,
    EvidenceKind.PEAK,
    EvidenceKind.SNAPSHOT,
    EvidenceKind.LAST_GOOD,
)
PICTURES_MAX = 3
EARLIER_KEY, LATER_KEY = "[", "]"

Turn = Callable[[int], Awaitable[None]]
"""Shows the episode so many after the one shown."""

FACTS = (
    "number",
    "camera",
    "zone",
    "dwell",
    "score",
    "opened",
    "updated",
    "episodes",
    "component",
    "source",
    "reporter",
    "model",
)


def chosen_pictures(items: Iterable[EvidenceItem]) -> tuple[EvidenceItem, ...]:
    """The newest picture of each kind, raised first."""
    newest: dict[EvidenceKind, EvidenceItem] = {}
    for item in sorted(items, key=lambda item: item.at):
        newest[item.kind] = item
    return tuple(newest[kind] for kind in ORDER if kind in newest)[:PICTURES_MAX]


def chosen_clip(items: Iterable[EvidenceItem]) -> EvidenceItem | None:
    """The newest clip, whether it has arrived or not."""
    return max((item for item in items if item.kind is EvidenceKind.CLIP), key=lambda item: item.at, default=None)


def camera_words(detail: Detail) -> str | None:
    """The camera as people call it, with its key."""
    camera, key = detail.camera, detail.view.case.camera
    return f"{camera.name} ({key})" if camera and camera.name else key


def zone_words(detail: Detail) -> str | None:
    """The zone as people call it."""
    zone = detail.view.case.zone
    zones = detail.camera.zones if detail.camera else ()
    return next((known.name for known in zones if known.zone == zone and known.name), zone)


def component_words(detail: Detail, visit: Visit) -> str | None:
    """The component that the case was registered for."""
    one = detail.view.case.state.component
    return visit.say("case.component", name=one.name, id=one.id, unit=one.unit) if one is not None else None


class EvidencePanel:
    """The chosen case."""

    def __init__(self, visit: Visit, turn: Turn) -> None:
        self._visit = visit
        self._turn = turn
        self._pictures: tuple[tuple[EvidenceItem, str], ...] | None = None
        self._detail: Detail | None = None
        self._shows_check = True
        self._build_lightbox()
        self._build_player()
        with block("gw-panel gw-evidence gw-live", "section"):
            with block("gw-panel__head gw-evidence__head") as self._head:
                with block("gw-evidence__words"):
                    self._place = heading("gw-evidence__title")
                    self._what = words("gw-muted")
                with block("gw-evidence__chips"):
                    self._build_views()
                    self._build_steps()
                    self._build_clip()
                    self._left = words("gw-chip gw-chip--gone")
                    self._status = words("gw-chip")
            with block("gw-panel__body gw-evidence__body"):
                self._none = Empty(visit.say("case.none_title"), visit.say("case.none"))
                with block("gw-pictures") as self._frame:
                    self._grid = block("gw-pictures__grid")
                self._check = CheckBlock(visit, self._enlarge)
                self._facts_frame = block("gw-facts", "dl")
                self._facts = self._build_facts()
        self.show(None)

    def show(self, detail: Detail | None) -> None:
        """Show a case, or the advice to choose one."""
        if detail is None or self._detail is None or detail.view.case.id != self._detail.view.case.id:
            self._shows_check = True
        self._detail = detail
        for element in (self._head, self._facts_frame):
            shown(element, detail is not None)
        has_check = detail is not None and detail.check is not None
        shown(self._frame, detail is not None and not (has_check and self._shows_check))
        shown(self._check.element, has_check and self._shows_check)
        shown(self._views, has_check)
        self._none.show(detail is None)
        if detail is not None:
            self._show_head(detail)
            self._show_pictures(detail)
            self._show_facts(detail)
            if has_check and self._shows_check:
                self._check.show(detail)

    def _build_facts(self) -> dict[str, ui.label]:
        facts = {}
        with self._facts_frame:
            for name in FACTS:
                with block(f"gw-fact gw-fact--{name}"):
                    words("gw-fact__word", self._visit.say(f"fact.{name}"))
                    facts[name] = words("gw-fact__value")
        return facts

    def _build_views(self) -> None:
        with block("gw-views", "button").props("type=button") as self._views:
            self._views_words = words("", self._visit.say("case.all_pictures"))
        self._views.on("click", self._switch)

    def _switch(self) -> None:
        detail, self._shows_check = self._detail, not self._shows_check
        self._views_words.set_text(self._visit.say("case.all_pictures" if self._shows_check else "case.check"))
        if detail is not None:
            was = self._shows_check
            self.show(detail)
            self._shows_check = was

    def _build_steps(self) -> None:
        with block("gw-stays").props("role=group") as self._steps:
            self._earlier = self._step("earlier", EARLIER_KEY, -1)
            self._position = words("gw-stays__position").props("role=status")
            self._later = self._step("later", LATER_KEY, 1)

    def _step(self, name: str, key: str, by: int) -> Element:
        with block("gw-stays__step", "button").props("type=button") as button:
            words("", key)
        word = self._visit.say(f"case.{name}")
        attribute(button, "aria-label", word)
        attribute(button, "title", word)
        button.on("click", lambda: self._turn(by))
        return button

    def _build_lightbox(self) -> None:
        with ui.dialog() as self._lightbox, block("gw-lightbox"):
            self._large = block("", "img")

    def _build_player(self) -> None:
        with ui.dialog() as self._player, block("gw-lightbox"):
            self._film = block("", "video").props("controls autoplay muted playsinline")
            with block("gw-lightbox__foot"):
                words("gw-muted", self._visit.say("case.clip_hint"))
                with block("gw-lightbox__save", "a").props("download") as self._save:
                    words("", self._visit.say("case.save_clip"))

    def _build_clip(self) -> None:
        with block("gw-stays__step gw-clip", "button").props("type=button") as self._clip:
            self._clip_words = words("")
        self._clip.on("click", self._play)
        self._clip_url: str | None = None

    def _show_clip(self, item: EvidenceItem | None) -> None:
        is_here = item is not None and item.state is EvidenceState.STORED
        self._clip_url = picture_url(item.sha256) if item is not None and is_here else None
        self._clip_words.set_text(self._visit.say("case.clip" if is_here else "case.pending_clip"))
        attribute(self._clip, "disabled", None if is_here else "disabled")
        shown(self._clip, item is not None)

    def _play(self) -> None:
        if self._clip_url is not None:
            attribute(self._film, "src", self._clip_url)
            attribute(self._save, "href", self._clip_url)
            self._player.open()

    def _show_head(self, detail: Detail) -> None:
        view, case = detail.view, detail.view.case
        self._place.set_text(case.place or case.camera or case.number)
        label = detail.newest.label or case.label
        self._what.set_text(what_words(case.scene, label, self._visit.texts) or case.description)
        self._status.set_text(self._visit.word("status", case.status))
        only_class(self._status, "gw-chip--", f"gw-chip--{case.status}")
        ended = ended_words(view, self._visit.texts)
        self._left.set_text(ended)
        shown(self._left, bool(ended))
        self._show_position(detail)
        self._show_clip(chosen_clip(detail.stay.pictures if detail.stay else ()))

    def _show_position(self, detail: Detail) -> None:
        total = len(detail.stays)
        number = detail.stays.index(detail.stay) + 1 if detail.stay else 0
        self._position.set_text(self._visit.say("case.stay", number=number, total=total))
        attribute(self._earlier, "disabled", "disabled" if number <= 1 else None)
        attribute(self._later, "disabled", "disabled" if number >= total else None)
        shown(self._steps, total > 1)

    def _show_pictures(self, detail: Detail) -> None:
        items = chosen_pictures(detail.stay.pictures if detail.stay else ())
        pictures = tuple((item, picture_words(item, detail.view, self._visit.texts)) for item in items)
        if pictures == self._pictures:
            return
        self._pictures = pictures
        self._grid.clear()
        only_class(self._frame, "gw-pictures--", f"gw-pictures--{max(1, len(pictures))}")
        with self._grid:
            for item, kind in pictures:
                self._picture(item, kind)
            if not pictures:
                no_picture(self._visit.say("case.no_evidence"))

    def _picture(self, item: EvidenceItem, kind: str) -> None:
        if item.state is EvidenceState.PENDING:
            no_picture(self._visit.say("case.pending_picture", kind=kind))
        else:
            picture_button(self._visit, item, kind, self._enlarge)

    def _enlarge(self, url: str, kind: str) -> None:
        attribute(self._large, "src", url)
        attribute(self._large, "alt", kind)
        self._lightbox.open()

    def _show_facts(self, detail: Detail) -> None:
        case, newest = detail.view.case, detail.newest
        values = {
            "number": case.number,
            "camera": camera_words(detail),
            "zone": zone_words(detail),
            "dwell": None if newest.dwell_s is None else length_words(newest.dwell_s, self._visit.texts.entries),
            "score": None if newest.score is None else f"{newest.score:.0%}",
            "model": newest.model,
            "opened": self._visit.full(case.opened_at),
            "updated": self._visit.full(case.updated_at),
            "episodes": str(len(detail.view.episodes)) if detail.view.episodes else None,
            "component": component_words(detail, self._visit),
            "source": self._visit.word("source", case.source),
            "reporter": case.reporter,
        }
        for name, label in self._facts.items():
            label.set_text(values[name] or self._visit.say("fact.missing"))
            attribute(label, "title", values[name])
