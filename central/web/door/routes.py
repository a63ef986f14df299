"""What pages need besides the page itself: signing in and out, language, pictures, files. Plain HTTP, no scripts."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from importlib.resources import files
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from central.services.evidence import EvidenceUnknown
from central.settings.texts import load_texts
from central.stores.ports import StoreUnavailable
from central.web.door.gate import LANGUAGE_COOKIE, Gate
from central.web.door.session import COOKIE, SESSION_S
from central.web.door.sign_in import TOKEN_CHARS_MAX, sign_in_page
from protocol.identifiers import Sha256
from protocol.texts import Language

HOME = "/ui/"
SIGN_IN = "/ui/sign-in"
LANGUAGE_S = 365 * 86_400
FILE_CACHE_S = 3600
PICTURE_CACHE_S = 30 * 86_400
FILES: Mapping[str, str] = {
    "seat.css": "text/css",
    "figures.css": "text/css",
    "seat.js": "text/javascript",
    "favicon.svg": "image/svg+xml",
    "favicon.ico": "image/x-icon",
}

ADDRESS_CHARS_MAX = 1_000
OWN_PAGE = re.compile(r"/ui/(?:zh-CN|en)((?:/figures)?(?:\?[A-Za-z0-9_.~%+=&:-]*)?)")

To = Annotated[str, Query(max_length=ADDRESS_CHARS_MAX)]
Lang = Annotated[Language | None, Query()]


def open_doors(api: FastAPI, gate: Gate) -> None:
    """Add the addresses to `api`."""
    routes = APIRouter(include_in_schema=False)
    _add_files(routes)
    _add_sign_in(routes, gate)
    _add_pictures(routes, gate)
    api.include_router(routes)


def sign_in_address(language: Language, path: str, query: str = "") -> str:
    """Where a visitor signs in who asked for a page of ours; from there they come back to it."""
    wanted = own_page(f"{path}?{query}" if query else path, language)
    return f"{SIGN_IN}?{urlencode({'lang': language} | ({'to': wanted} if wanted else {}))}"


def own_page(wanted: str, language: Language) -> str:
    """The address of one of our pages in a language, with nothing in it that leads elsewhere; else nothing."""
    found = OWN_PAGE.fullmatch(wanted) if len(wanted) <= ADDRESS_CHARS_MAX else None
    return f"{HOME}{language}{found[1]}" if found is not None else ""


def static_file(name: str) -> bytes:
    """A file of the pages."""
    return files("central.web.static").joinpath(name).read_bytes()


def _add_files(routes: APIRouter) -> None:
    headers = {"Cache-Control": f"public, max-age={FILE_CACHE_S}"}

    @routes.get("/ui/static/{name}")
    def read_file(name: str) -> Response:
        if name not in FILES:
            return Response(status_code=HTTPStatus.NOT_FOUND)
        return Response(static_file(name), media_type=FILES[name], headers=headers)

    @routes.get("/favicon.ico")
    def read_icon() -> Response:
        return read_file("favicon.ico")

    @routes.get("/favicon.svg")
    def read_drawing() -> Response:
        return read_file("favicon.svg")


def _add_sign_in(routes: APIRouter, gate: Gate) -> None:
    def page(language: Language, to: str, problem: str = "", status: HTTPStatus = HTTPStatus.OK) -> HTMLResponse:
        headers = {"Cache-Control": "no-store"}
        return HTMLResponse(
            sign_in_page(load_texts(language), own_page(to, language), problem=problem), status, headers
        )

    @routes.get(SIGN_IN)
    def show_sign_in(request: Request, lang: Lang = None, to: To = "") -> HTMLResponse:
        return page(gate.language(request, lang), to)

    @routes.post("/ui/session")
    def sign_in(request: Request, token: Annotated[str, Form()] = "", lang: Lang = None, to: To = "") -> Response:
        language = gate.language(request, lang)
        try:
            session = gate.sign_in(token.strip()) if len(token) <= TOKEN_CHARS_MAX else None
        except StoreUnavailable:
            return page(language, to, "sign_in.unavailable", HTTPStatus.SERVICE_UNAVAILABLE)
        if session is None:
            return page(language, to, "sign_in.refused", HTTPStatus.UNAUTHORIZED)
        answer = RedirectResponse(own_page(to, language) or HOME, HTTPStatus.SEE_OTHER)
        return _with_language(_with_session(answer, gate, session), language)

    @routes.post("/ui/sign-out")
    def sign_out() -> Response:
        answer = RedirectResponse(SIGN_IN, HTTPStatus.SEE_OTHER)
        answer.delete_cookie(COOKIE, path="/ui", httponly=True, samesite="strict")
        return answer

    @routes.get("/ui")
    @routes.get(HOME)
    def show_home(request: Request, lang: Lang = None) -> Response:
        language = gate.language(request, lang)
        return RedirectResponse(f"{HOME}{language}", HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})

    @routes.get("/ui/language")
    def change_language(request: Request, lang: Lang = None) -> Response:
        return _with_language(RedirectResponse(HOME, HTTPStatus.SEE_OTHER), gate.language(request, lang))


def _add_pictures(routes: APIRouter, gate: Gate) -> None:
    @routes.get("/ui/pictures/{sha256}")
    def read_picture(request: Request, sha256: Annotated[Sha256, Path()]) -> Response:
        person = gate.visitor(request)
        if person is None:
            followed_a_link = "text/html" in request.headers.get("accept", "")
            return (
                RedirectResponse(HOME, HTTPStatus.SEE_OTHER)
                if followed_a_link
                else Response(status_code=HTTPStatus.UNAUTHORIZED)
            )
        try:
            picture = gate.services.evidence.get(sha256)
        except EvidenceUnknown:
            return Response(status_code=HTTPStatus.NOT_FOUND)
        gate.services.registers.see_picture(person, sha256, gate.clock.now())
        headers = {
            "Cache-Control": f"private, max-age={PICTURE_CACHE_S}, immutable",
            "Content-Length": str(picture.size),
        }
        return StreamingResponse(picture.chunks, media_type=picture.media_type, headers=headers)


def _with_session(answer: Response, gate: Gate, session: str) -> Response:
    answer.set_cookie(
        COOKIE,
        session,
        max_age=SESSION_S,
        path="/ui",
        secure=gate.is_secure,
        httponly=True,
        samesite="strict",
    )
    return answer


def _with_language(answer: Response, language: Language) -> Response:
    answer.set_cookie(LANGUAGE_COOKIE, language, max_age=LANGUAGE_S, path="/ui", httponly=True, samesite="strict")
    return answer
