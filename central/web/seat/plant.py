"""Below: open alerts, and every camera with shape, word, reason and since when."""

from central.core.fleet.devices import Camera
from central.core.values import AlertKind
from central.web.seat.desk import Overview
from central.web.seat.pieces import Empty, attribute, block, figure, heading, only_class, shown, words
from central.web.seat.visit import Visit
from central.web.wording import joined, measure_words, state_words


class CameraCard:
    """One camera, kept in place."""

    def __init__(self, visit: Visit, camera: str) -> None:
        self._visit = visit
        with block("gw-camera").props("role=listitem") as self.element:
            self._shape = block("gw-shape", "span").props("aria-hidden=true")
            with block("gw-camera__text"):
                self._name = words("gw-camera__name")
                self._state = words("gw-camera__state")
                self._measure = words("gw-camera__measure")
                self._since = words("gw-camera__since")
        attribute(self.element, "data-camera", camera)

    def show(self, camera: Camera) -> None:
        """Bring the card up to date."""
        name = camera.place or camera.name or camera.key
        self._name.set_text(name)
        attribute(self._name, "title", joined(self._visit.texts, camera.name, camera.key))
        self._state.set_text(state_words(camera.state, camera.reason, self._visit.texts))
        measured = measure_words(camera, self._visit.texts)
        self._measure.set_text(measured)
        attribute(self._measure, "title", measured)
        shown(self._measure, bool(measured))
        self._since.set_text(self._visit.say("cameras.since", time=self._visit.short(camera.since)))
        only_class(self.element, "gw-camera--", f"gw-camera--{camera.state}")
        only_class(self._shape, "gw-shape--", f"gw-shape--{camera.state}")


class CameraPanel:
    """The cameras, those that need somebody first, and how many there are of all."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._cards: dict[str, CameraCard] = {}
        with block("gw-panel gw-cameras gw-live", "section"):
            with block("gw-panel__head"):
                heading("gw-panel__title", visit.say("cameras.title"))
                self._summary = words("gw-count")
            with block("gw-panel__body"):
                self._empty = Empty(visit.say("cameras.empty_title"), visit.say("cameras.empty"))
                self._grid = block("gw-camera-grid").props("role=list")
                self._more = words("gw-small gw-muted gw-more")

    def show(self, overview: Overview) -> None:
        """Bring cards and figures up to date."""
        online, total = overview.cameras_online, overview.cameras_total
        self._summary.set_text(self._visit.say("cameras.summary", online=online, total=total))
        self._show_cards(overview.cameras)
        hidden = total - len(overview.cameras)
        self._more.set_text(self._visit.say("cameras.more", count=hidden))
        shown(self._more, hidden > 0)
        self._empty.show(not total)

    def _show_cards(self, cameras: tuple[Camera, ...]) -> None:
        """Add, remove, reorder and update cards."""
        keys = [camera.key for camera in cameras]
        for key in [key for key in self._cards if key not in keys]:
            self._cards.pop(key).element.delete()
        before = list(self._cards)
        cards = {}
        for camera in cameras:
            cards[camera.key] = self._cards.get(camera.key) or self._add(camera.key)
            cards[camera.key].show(camera)
        self._cards = cards
        if before != keys:
            self._reorder()

    def _add(self, key: str) -> CameraCard:
        with self._grid:
            return CameraCard(self._visit, key)

    def _reorder(self) -> None:
        for index, card in enumerate(self._cards.values()):
            card.element.move(self._grid, target_index=index)


class AlertPanel:
    """What is wrong now."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._shown: object = None
        with block("gw-panel gw-alerts gw-live", "section"):
            with block("gw-panel__head"):
                heading("gw-panel__title", visit.say("alerts.title"))
                self._count = words("gw-count")
            with block("gw-panel__body").props("role=status"):
                self._empty = Empty(visit.say("alerts.empty_title"), visit.say("alerts.empty"))
                self._list = block("")

    def show(self, overview: Overview) -> None:
        """Draw anew when the open alerts or their names changed."""
        places = {camera.key: camera.place or camera.name or camera.key for camera in overview.cameras}
        lines = [(view.alert, places.get(view.alert.subject, view.alert.subject)) for view in overview.alerts]
        self._count.set_text(figure(len(lines), has_more=overview.has_more_alerts))
        self._empty.show(not lines)
        if lines == self._shown:
            return
        self._shown = lines
        self._list.clear()
        with self._list:
            for alert, name in lines:
                what = "alert.camera_offline" if alert.kind is AlertKind.CAMERA_OFFLINE else "alert.box_offline"
                self._alert(self._visit.say(what, name=name), alert.reason, self._visit.short(alert.since))

    def _alert(self, what: str, reason: str, since: str) -> None:
        with block("gw-alert"):
            block("gw-shape gw-shape--offline", "span").props("aria-hidden=true")
            with block("gw-alert__text"):
                words("gw-alert__what", what)
                foot = [self._visit.word("reason", reason), self._visit.say("cameras.since", time=since)]
                words("gw-alert__foot", joined(self._visit.texts, *foot))
