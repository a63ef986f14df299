"""Pages that load after the server answers: NiceGUI takes about a second to import, and nothing else waits for it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus

import structlog
from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

READY_S = 30.0
RETRY_AFTER_S = 2

log = structlog.get_logger()


class LatePages:
    """An ASGI application that is built in a thread once the event loop runs; requests wait for it, `READY_S` long."""

    def __init__(self, build: Callable[[], FastAPI]) -> None:
        self._build = build
        self._settled = asyncio.Event()
        self._stop = asyncio.Event()
        self._app: FastAPI | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from the real application as soon as it is there, 503 if it never comes."""
        try:
            await asyncio.wait_for(self._settled.wait(), READY_S)
        except TimeoutError:
            log.warning("pages are not ready yet")
        if self._app is not None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        else:
            headers = {"Retry-After": str(RETRY_AFTER_S)}
            answer = PlainTextResponse("The pages are not ready.", HTTPStatus.SERVICE_UNAVAILABLE, headers)
            await answer(scope, receive, send)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Load in the background and run the application's own start and end."""
        task = asyncio.create_task(self._serve(), name="pages")
        try:
            yield
        finally:
            self._stop.set()
            await task

    async def _serve(self) -> None:
        try:
            app = await asyncio.to_thread(self._build)
            async with app.router.lifespan_context(app):
                self._app = app
                self._settled.set()
                await self._stop.wait()
        except Exception:
            log.exception("pages cannot be served")
        finally:
            self._settled.set()


def mount_late(api: FastAPI, path: str, pages: LatePages) -> None:
    """Mount `pages` and let them live as long as `api`."""
    api.mount(path, pages)
    before = api.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[object]:
        async with before(app) as state, pages.running():
            yield state

    api.router.lifespan_context = lifespan  # type: ignore[assignment]
