"""Pages answer to themselves only: requests that another site's page makes are refused."""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

PAGES_PREFIX = "/ui"
SOCKET_PREFIX = "/ui/_nicegui_ws"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY_VIOLATION = 1008


class OriginGuard:
    """ASGI middleware for WebSockets, polling and writes under `/ui`: the Origin must be our host or a public one."""

    def __init__(self, app: ASGIApp, hosts: Collection[str] = ()) -> None:
        """Guard `app`; `hosts` (`name[:port]`) are accepted besides the request's own Host, for a reverse proxy."""
        self.app = app
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with 403 (a WebSocket: closed before it is accepted)."""
        if not _is_guarded(scope) or is_own_origin(Headers(scope=scope), self.hosts):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        else:
            await PlainTextResponse("This page answers to its own site only.", 403)(scope, receive, send)


def is_own_origin(headers: Headers, hosts: Collection[str] = ()) -> bool:
    """Whether the Origin header is absent (no browser sends a foreign request without it) or names our host."""
    origin = headers.get("origin")
    if origin is None:
        return True
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return False
    return bool(host) and (host == headers.get("host") or host in hosts)


def _is_guarded(scope: Scope) -> bool:
    if scope["type"] == "websocket":
        return bool(scope["path"].startswith(PAGES_PREFIX))
    if scope["type"] != "http" or not scope["path"].startswith(PAGES_PREFIX):
        return False
    return scope["method"] not in SAFE_METHODS or scope["path"].startswith(SOCKET_PREFIX)
