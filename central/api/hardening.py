"""What every answer carries and what no request may exceed: security headers and a limit on the body's size."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import TypeVar

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from central.api.bodies import NUL
from central.api.languages import language_for
from central.api.problems import NOTHING_HERE, Problem, respond
from protocol.messages import CLIP_BYTES_MAX, EVIDENCE_BYTES_MAX
from protocol.texts import Words

TOO_LARGE = Words(zh="这里的正文最多 {most} 字节。", en="The body may have {most} bytes at most here.")
Value = TypeVar("Value")

BODY_BYTES_MAX = 64 * 1024
BODY_BYTES_MAX_BY_PREFIX: Mapping[str, int] = {
    "/api/v1/evidence/": EVIDENCE_BYTES_MAX,
    "/edge/v1/evidence/": CLIP_BYTES_MAX,
    "/api/v1/zone-grounds": 1_000_000,
    "/api/v1/registers/": 1_000_000,
    "/ui": 1_000_000,
}

# Vue's template compiler needs eval, Quasar inline styles; everything else stays shut.
PAGES_POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval'; connect-src 'self'; img-src 'self' data: blob:; "
    "frame-ancestors 'none'; object-src 'none'; base-uri 'self'; form-action 'self'"
)
DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
POLICY_BY_PREFIX: Mapping[str, str] = {"/ui": PAGES_POLICY, "/api/v1/docs": DOCS_POLICY}

HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class WholeAddress:
    """ASGI middleware: there is nothing at an address that holds NUL, which no name does and PostgreSQL cannot read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless its path holds NUL."""
        if scope["type"] == "http" and NUL in scope["path"]:
            await respond(Problem(HTTPStatus.NOT_FOUND, "not-found", NOTHING_HERE), language_for(Request(scope)))(
                scope, receive, send
            )
            return
        await self.app(scope, receive, send)


class SecurityHeaders:
    """ASGI middleware: adds `HEADERS` and the content policy of the path to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the answer's headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        policy = _longest_prefix(POLICY_BY_PREFIX, scope["path"], API_POLICY)

        async def send_hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers["Content-Security-Policy"] = policy
                if not scope["path"].startswith("/ui"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_hardened)


class BodyLimit:
    """ASGI middleware: refuses a body above the limit of its path with 413, announced or not."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on while its body stays inside the limit."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        bytes_max = _longest_prefix(BODY_BYTES_MAX_BY_PREFIX, scope["path"], BODY_BYTES_MAX)
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced) > bytes_max:
            await respond(_too_large(bytes_max), language_for(Request(scope)))(scope, receive, send)
            return
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > bytes_max:
                raise _too_large(bytes_max)
            return message

        await self.app(scope, receive_counted, send)


def _longest_prefix(table: Mapping[str, Value], path: str, default: Value) -> Value:
    found = [prefix for prefix in table if path.startswith(prefix)]
    return table[max(found, key=len)] if found else default


def _too_large(bytes_max: int) -> Problem:
    return Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "body-too-large",
        TOO_LARGE.filled(most=bytes_max),
        headers={"Connection": "close"},
        bytes_max=bytes_max,
    )
