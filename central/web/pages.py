"""The NiceGUI application: one seat page for each language. Imported late, because NiceGUI is slow to import."""

import asyncio
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from nicegui import app, background_tasks, ui
from nicegui.language import Language as QuasarLanguage

from central.core.values import Actor
from central.settings import CentralSettings
from central.settings.texts import load_texts
from central.stores.ports import StoreUnavailable
from central.web.door.gate import Gate
from central.web.door.routes import SIGN_IN, static_file
from central.web.door.session import Session
from central.web.feed import Feed
from central.web.seat.desk import Desk
from central.web.seat.page import SeatPage
from central.web.seat.visit import Visit
from protocol.texts import Language

RECONNECT_S = 20.0
FRAME_S = 10.0
QUASAR_LANGUAGES: Mapping[Language, QuasarLanguage] = {Language.CHINESE: "zh-CN", Language.ENGLISH: "en-US"}


def build_pages(gate: Gate, settings: CentralSettings) -> FastAPI:
    """The application with its own start and end; its feed runs while it does."""
    desk = Desk(gate.services, gate.clock)
    feed = Feed(desk.overview)
    zone = ZoneInfo(settings.timezone)

    def draw(person: Actor, session: Session | None, language: Language) -> None:
        texts = load_texts(language)
        ui.page_title(texts.say("page.title"))
        ui.add_head_html('<link rel="stylesheet" href="/ui/static/seat.css">')
        ui.add_body_html('<script src="/ui/static/seat.js" defer></script>')
        ui.query(".nicegui-content").classes("gw-content")
        page = SeatPage(Visit(person, partial(gate.person, session), texts, zone, gate.clock), desk, feed.step)
        ui.context.client.on_delete(feed.join(page.show))

    def add_seat(language: Language) -> None:
        @ui.page(f"/{language}", response_timeout=FRAME_S, language=QUASAR_LANGUAGES[language])
        async def seat(request: Request) -> Response | None:
            session = gate.session(request)
            try:
                person = await asyncio.to_thread(gate.person, session)
            except StoreUnavailable:
                return Response("The database cannot be read now; try again.", HTTPStatus.SERVICE_UNAVAILABLE)
            if person is None:
                return RedirectResponse(f"{SIGN_IN}?lang={language}")
            if feed.is_full:
                return Response("Too many pages are open.", HTTPStatus.SERVICE_UNAVAILABLE)
            draw(person, session, language)
            return None

    for language in Language:
        add_seat(language)
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
