"""Which requests under /ui are refused because another site's page made them."""

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from central.web.door.origin import OriginGuard

OWN, FOREIGN, PUBLIC = "http://city.example:8080", "http://evil.example", "https://grid.city.example"


@pytest.mark.parametrize(
    ("kind", "method", "path", "origin", "passes"),
    [
        ("websocket", "GET", "/ui/_nicegui_ws/socket.io/", OWN, True),
        ("websocket", "GET", "/ui/_nicegui_ws/socket.io/", PUBLIC, True),
        ("websocket", "GET", "/ui/_nicegui_ws/socket.io/", FOREIGN, False),
        ("websocket", "GET", "/ui/_nicegui_ws/socket.io/", "null", False),
        ("http", "GET", "/ui/_nicegui_ws/socket.io/", FOREIGN, False),
        ("http", "GET", "/ui/_nicegui_ws/socket.io/", None, True),
        ("http", "GET", "/ui/", FOREIGN, True),
        ("http", "POST", "/ui/session", FOREIGN, False),
        ("http", "POST", "/ui/session", "null", False),
        ("http", "POST", "/ui/session", "http://[", False),
        ("http", "POST", "/ui/session", OWN, True),
        ("http", "POST", "/api/v1/cases", FOREIGN, True),
        ("lifespan", "", "", None, True),
    ],
)
def test_guard(kind: str, method: str, path: str, origin: str | None, *, passes: bool) -> None:
    headers = [(b"host", b"city.example:8080")] + ([(b"origin", origin.encode())] if origin else [])
    scope: Scope = {"type": kind, "method": method, "path": path, "headers": headers}
    reached, sent = [], []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        reached.append(scope["path"])

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(OriginGuard(app, hosts=["grid.city.example"])(scope, receive, send))
    assert bool(reached) is passes
    assert bool(sent) is not passes
