"""Top of the figures page: the way to the seat, who looks, and the chooser of periods."""

from nicegui.element import Element

from central.core.kpis import Period
from central.web.figures.parts import link, text
from central.web.figures.view import Preset, Problem, Show, View, following
from central.web.figures.wording import period_words
from central.web.seat.pieces import attribute, block, words
from central.web.seat.visit import Visit
from protocol.texts import Language


def header(visit: Visit, view: View) -> None:
    """One line."""
    language = visit.texts.language
    with block("gw-header gw-header--figures", "header"):
        with block("gw-brand"):
            attribute(block("gw-brand__mark", "img").props('alt=""'), "src", "/favicon.svg")
            words("gw-brand__name", visit.say("page.name"))
        with block("gw-nav", "nav") as ways:
            link("gw-nav__way", visit.say("page.seat"), f"/ui/{language}")
            link("gw-nav__way", visit.say("figures.title"), f"/ui/{language}/figures").props("aria-current=page")
        attribute(ways, "aria-label", visit.say("figures.ways"))
        with block("gw-header__end"):
            with block("gw-person"):
                words("gw-person__name", visit.actor.name)
                words("gw-person__role", visit.word("role", visit.actor.role))
            other = Language.ENGLISH if language is Language.CHINESE else Language.CHINESE
            link("gw-quiet", visit.say("page.other_language"), view.address(other)).props(f"hreflang={other}")
            with block("", "form").props("method=post action=/ui/sign-out"):
                text("button", "gw-quiet", visit.say("sign_out")).props("type=submit")


def tabs(visit: Visit, view: View) -> None:
    """Figures, scores, published months."""
    with block("gw-tabs", "nav") as ways:
        for show in Show:
            way = link("gw-preset", visit.word("figures_show", show), view.showing(show).address(visit.texts.language))
            attribute(way, "aria-current", "page" if show is view.show else None)
    attribute(ways, "aria-label", visit.say("figures.shown"))


def refused(visit: Visit, problem: Problem | None) -> None:
    """Why something else is shown than what was asked for."""
    if problem is not None:
        words("gw-refused", visit.say(problem)).props("role=alert")


def chooser(visit: Visit, view: View) -> None:
    """Which period is shown, the ones before and after it, those with names, and any other from day to day."""
    language = visit.texts.language
    today = visit.clock.now().astimezone(visit.zone).date()
    with block("gw-chooser", "nav") as ways:
        with block("gw-chooser__line"):
            _step(visit, view, view.period.beside[0], "‹", "before")
            words("gw-chooser__period", period_words(view.period, visit.texts))
            _step(visit, view, following(view.period), "›", "behind")
        with block("gw-chooser__presets"):
            for preset in Preset:
                period = preset.period(today, visit.zone)
                way = link("gw-preset", visit.word("figures_preset", preset), view.over(period).address(language))
                attribute(way, "aria-current", "true" if period == view.period else None)
        _days(visit, view)
    attribute(ways, "aria-label", visit.say("figures.choose_period"))


def _step(visit: Visit, view: View, period: Period | None, sign: str, name: str) -> None:
    """The way to a neighbour; none where the years of periods end."""
    if period is not None:
        way = link("gw-chooser__step", sign, view.over(period).address(visit.texts.language))
        attribute(way, "aria-label", visit.say(f"figures.{name}"))


def _days(visit: Visit, view: View) -> None:
    with block("gw-days", "form").props("method=get") as form:
        show = "" if view.show is Show.FIGURES else view.show
        state = (("show", show), ("figure", view.figure), ("group_by", view.group_by), ("group", view.group))
        for name, value in state:
            if value or (name == "group" and value is not None):
                hidden(name, value)
        for name, day in (("from", view.period.first_day), ("last", view.period.last_day)):
            text("label", "gw-days__label", visit.say(f"figures.{name}")).props(f"for=gw-{name}")
            date = block("gw-input", "input").props(f"type=date name={name} id=gw-{name} required")
            attribute(date, "value", day.isoformat())
        text("button", "gw-input gw-input--go", visit.say("figures.show")).props("type=submit")
    attribute(form, "action", f"/ui/{visit.texts.language}/figures")
    attribute(form, "aria-label", visit.say("figures.any_days"))


def hidden(name: str, value: str | None) -> Element:
    """A value of the state that a form carries along."""
    made = block("", "input").props(f"type=hidden name={name}")
    attribute(made, "value", value or "")
    return made
