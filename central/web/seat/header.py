"""Top: whether the page is live, the figures, the clock, who is signed in."""

from nicegui import ui

from central.services.health import Condition
from central.web.seat.desk import Overview
from central.web.seat.pieces import attribute, block, figure, heading, only_class, words
from central.web.seat.visit import Visit
from protocol.texts import Language

FIGURES = ("candidates", "cameras", "alerts")


class Header:
    """One line, in words and figures."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        with block("gw-header", "header"):
            with block("gw-brand"):
                attribute(block("gw-brand__mark", "img").props('alt=""'), "src", "/favicon.svg")
                heading("gw-brand__name", visit.say("page.name"), level=1)
                words("gw-brand__page", visit.say("page.seat"))
            with block("gw-figures gw-live"):
                self._figures = {name: self._figure(name) for name in FIGURES}
            with block("gw-header__end"):
                self._build_end()

    def _figure(self, name: str) -> ui.label:
        with block(f"gw-figure gw-figure--{name}"):
            words("gw-figure__word", self._visit.say(f"figure.{name}"))
            return words("gw-figure__value", "–")

    def _build_end(self) -> None:
        visit = self._visit
        self._as_of = words("gw-asof").props("role=status")
        self._link = words("gw-link", visit.say("link.online"))
        self._clock = words("gw-clock")
        with block("gw-person"):
            words("gw-person__name", visit.actor.name)
            words("gw-person__role", visit.word("role", visit.actor.role))
        with block("gw-quiet gw-ways", "a") as figures:
            words("", visit.say("figures.title"))
        attribute(figures, "href", f"/ui/{visit.texts.language}/figures")
        other = Language.ENGLISH if visit.texts.language is Language.CHINESE else Language.CHINESE
        with block("gw-quiet", "a") as language:
            words("", visit.say("page.other_language"))
        attribute(language, "href", f"/ui/language?lang={other}")
        with block("gw-quiet gw-help", "button").props("type=button") as self.help:
            words("", "?")
        attribute(self.help, "aria-label", visit.say("help.open"))
        with (
            block("", "form").props("method=post action=/ui/sign-out"),
            block("gw-quiet", "button").props("type=submit"),
        ):
            words("", visit.say("sign_out"))
        self._beat = block("gw-hidden", "span").props("id=gw-beat aria-hidden=true")

    def show(self, overview: Overview) -> None:
        """New figures; they also tell the page's script that the server is alive."""
        online, total = overview.cameras_online, overview.cameras_total
        self._figures["candidates"].set_text(figure(len(overview.candidates), has_more=overview.has_more))
        self._figures["cameras"].set_text(f"{online}/{total}" if total else "–")
        self._figures["alerts"].set_text(figure(len(overview.alerts), has_more=overview.has_more_alerts))
        is_connected = overview.broker is Condition.OK
        self._link.set_text(self._visit.say("link.online" if is_connected else "link.broker_lost"))
        only_class(self._link, "gw-link--", "gw-link--ok" if is_connected else "gw-link--fault")
        self._as_of.set_text(self._visit.say("link.as_of", time=self._visit.time_of_day(overview.at)))
        self._clock.set_text(self._visit.full(overview.at))
        attribute(self._beat, "data-beat", overview.at.isoformat())
