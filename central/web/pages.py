"""The NiceGUI application: the seat and the figures in each language. Imported late, for NiceGUI is slow to import."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from nicegui import app, background_tasks, ui
from nicegui.language import Language as QuasarLanguage

from central.settings import CentralSettings
from central.settings.texts import load_texts
from central.stores.ports import StoreUnavailable
from central.web.door.gate import Gate
from central.web.door.routes import sign_in_address, static_file
from central.web.feed import Feed
from central.web.figures.page import FiguresPage
from central.web.figures.parts import Turns
from central.web.figures.reading import FigureDesk
from central.web.figures.view import PAGE, seen
from central.web.seat.desk import Desk
from central.web.seat.page import SeatPage
from central.web.seat.visit import Visit
from protocol.texts import Language

RECONNECT_S = 20.0
FRAME_S = 10.0
CASE_CHARS_MAX = 64
QUASAR_LANGUAGES: Mapping[Language, QuasarLanguage] = {Language.CHINESE: "zh-CN", Language.ENGLISH: "en-US"}


def build_pages(gate: Gate, settings: CentralSettings) -> FastAPI:
    """The application with its own start and end; its feed runs while it does."""
    lobby = Lobby(gate, ZoneInfo(settings.timezone))
    desk = Desk(gate.services, gate.clock)
    feed = Feed(desk.overview)
    figures, turns = FigureDesk(gate.services, gate.clock.now), Turns()
    for language in Language:
        _add_seat(lobby, language, desk, feed)
        _add_figures(lobby, language, figures, turns)
    app.on_startup(lambda: background_tasks.create(feed.run(), name="seat feed"))
    pages = FastAPI(openapi_url=None)
    ui.run_with(
        pages,
        title="Gridwarden",
        favicon=static_file("favicon.svg").decode(),
        reconnect_timeout=RECONNECT_S,
        tailwind=False,
        show_welcome_message=False,
    )
    return pages


@dataclass(frozen=True, slots=True)
class Lobby:
    """Where visitors of all pages come through."""

    gate: Gate
    zone: ZoneInfo

    async def admit(self, request: Request, language: Language) -> Visit | Response:
        """The visit of whoever may look, or what they get instead."""
        session = self.gate.session(request)
        try:
            person = await asyncio.to_thread(self.gate.person, session)
        except StoreUnavailable:
            return Response("The database cannot be read now; try again.", HTTPStatus.SERVICE_UNAVAILABLE)
        if person is None:
            return RedirectResponse(sign_in_address(language, request.url.path, request.url.query))
        current = partial(self.gate.person, session)
        return Visit(person, current, load_texts(language), self.zone, self.gate.clock)


def _add_seat(lobby: Lobby, language: Language, desk: Desk, feed: Feed) -> None:
    @ui.page(f"/{language}", response_timeout=FRAME_S, language=QUASAR_LANGUAGES[language])
    async def seat(request: Request) -> Response | None:
        visit = await lobby.admit(request, language)
        if isinstance(visit, Response):
            return visit
        if feed.is_full:
            return Response("Too many pages are open.", HTTPStatus.SERVICE_UNAVAILABLE)
        _dress(visit.say("page.title"), "seat.css")
        ui.add_body_html('<script src="/ui/static/seat.js" defer></script>')
        case = request.query_params.get("case", "")[:CASE_CHARS_MAX]
        page = SeatPage(visit, desk, feed.step, case or None)
        ui.context.client.on_delete(feed.join(page.show))
        return None


def _add_figures(lobby: Lobby, language: Language, desk: FigureDesk, turns: Turns) -> None:
    @ui.page(f"/{language}/{PAGE}", response_timeout=FRAME_S, language=QUASAR_LANGUAGES[language])
    async def figures(request: Request) -> Response | None:
        visit = await lobby.admit(request, language)
        if isinstance(visit, Response):
            return visit
        _dress(visit.say("figures.page_title"), "seat.css", "figures.css")
        view, problem = seen(request.query_params, lobby.gate.clock.now(), lobby.zone)
        page = FiguresPage(visit, desk, turns, view, problem)
        background_tasks.create(page.fill(), name="figures")
        return None


def _dress(title: str, *styles: str) -> None:
    ui.page_title(title)
    for style in styles:
        ui.add_head_html(f'<link rel="stylesheet" href="/ui/static/{style}">')
    ui.query(".nicegui-content").classes("gw-content")
