"""Mounts the pages into the API's application: doors, the late NiceGUI application, the guard against foreign sites."""

import os
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from fastapi import FastAPI

from central.core.clock import Clock
from central.services.services import Services
from central.settings import CentralSettings
from central.web.door.gate import Gate, session_secret
from central.web.door.origin import PAGES_PREFIX, OriginGuard
from central.web.door.routes import open_doors
from central.web.figures.sheet import open_table
from central.web.late import LatePages, mount_late
from protocol.texts import Language


def mount(api: FastAPI, services: Services, clock: Clock, settings: CentralSettings) -> None:
    """Add doors and pages; raises `OSError` where the data folder cannot be written."""
    gate = Gate(
        services=services,
        clock=clock,
        secret=session_secret(settings.data_dir),
        default_language=Language(settings.language),
        is_secure=settings.url.startswith("https:"),
    )

    def build() -> FastAPI:
        # NiceGUI keeps files in the working directory unless told otherwise, and reads this when it is imported.
        os.environ["NICEGUI_STORAGE_PATH"] = str(settings.data_dir / "pages")
        from central.web.pages import build_pages  # noqa: PLC0415 - imports NiceGUI, which takes about a second

        return build_pages(gate, settings)

    open_doors(api, gate)
    open_table(api, gate, ZoneInfo(settings.timezone))
    mount_late(api, PAGES_PREFIX, LatePages(build))
    api.add_middleware(OriginGuard, hosts=[urlsplit(settings.url).netloc])
