"""Mounts the pages into the API's application: doors, NiceGUI, and the guard against foreign sites."""

import asyncio
import os
from http import HTTPStatus
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from central.core.clock import Clock
from central.services.services import Services
from central.settings import CentralSettings
from central.settings.texts import Language, load_texts
from central.stores.ports import StoreUnavailable
from central.web.door.gate import Gate, session_secret
from central.web.door.origin import PAGES_PREFIX, OriginGuard
from central.web.door.routes import SIGN_IN, open_doors, static_file
from central.web.late import LatePages, mount_late

RECONNECT_S = 20.0
FRAME_S = 10.0


def mount(api: FastAPI, services: Services, clock: Clock, settings: CentralSettings) -> None:
    """Add doors and pages; raises nothing at start but what a missing package or folder would."""
    # NiceGUI writes to the working directory unless told otherwise, and reads this when it is imported.
    os.environ["NICEGUI_STORAGE_PATH"] = str(settings.data_dir / "pages")
    gate = Gate(
        services=services,
        clock=clock,
        secret=session_secret(settings.data_dir),
        default_language=Language(settings.language),
        is_secure=settings.url.startswith("https:"),
    )
    open_doors(api, gate)
    mount_late(api, PAGES_PREFIX, LatePages(lambda: _build_pages(gate, settings)))
    api.add_middleware(OriginGuard, hosts=[urlsplit(settings.url).netloc])


def _build_pages(gate: Gate, settings: CentralSettings) -> FastAPI:
    from nicegui import app, ui  # noqa: PLC0415 - reads NICEGUI_STORAGE_PATH when imported

    from central.web.feed import Feed, start_feed  # noqa: PLC0415 - import NiceGUI
    from central.web.seat.desk import Desk  # noqa: PLC0415
    from central.web.seat.page import SeatPage  # noqa: PLC0415
    from central.web.seat.visit import Visit  # noqa: PLC0415

    desk = Desk(gate.services, gate.clock)
    feed = Feed(desk.overview)
    zone = ZoneInfo(settings.timezone)

    @ui.page("/", response_timeout=FRAME_S)
    async def seat(request: Request, lang: str | None = None) -> Response | None:
        try:
            person = await asyncio.to_thread(gate.visitor, request)
        except StoreUnavailable:
            return Response("The database cannot be read now; try again shortly.", HTTPStatus.SERVICE_UNAVAILABLE)
        if person is None:
            return RedirectResponse(SIGN_IN)
        if feed.is_full:
            return Response("Too many pages are open.", HTTPStatus.SERVICE_UNAVAILABLE)
        language = gate.language(request, Language(lang) if lang in list(Language) else None)
        texts = load_texts(language)
        ui.page_title(texts.say("page.title"))
        ui.add_head_html('<link rel="stylesheet" href="/ui/static/seat.css">')
        ui.add_body_html('<script src="/ui/static/seat.js" defer></script>')
        ui.add_head_html(f'<script>document.documentElement.lang = "{language}"</script>')
        ui.query(".nicegui-content").classes("gw-content")
        page = SeatPage(Visit(person, texts, zone, gate.clock), desk, feed.step)
        ui.context.client.on_delete(feed.join(page.show))
        return None

    app.on_startup(lambda: start_feed(feed))
    pages = FastAPI(openapi_url=None)
    ui.run_with(
        pages,
        title="Gridwarden",
        favicon=static_file("favicon.svg").decode(),
        language=settings.language if settings.language == "zh-CN" else "en-US",
        reconnect_timeout=RECONNECT_S,
        tailwind=False,
        show_welcome_message=False,
    )
    return pages
