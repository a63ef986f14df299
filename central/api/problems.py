"""Every refusal as an RFC 9457 problem: what was wrong, whose turn it is, never an internal text.

`type` is `urn:gridwarden:problem:<name>`; clients compare it, people read `title` and `detail`.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

import structlog
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.requests import ClientDisconnect

from central.api.languages import language_for
from protocol.texts import Language, Words

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:gridwarden:problem:"
VALIDATION_ERRORS_MAX = 20
NOTHING_HERE = Words(
    zh="这个地址没有内容；文档在 /api/v1/docs。",
    en="There is nothing at this address; the documentation is at /api/v1/docs.",
)
INVALID = Words(
    zh="请求与说明不符；见 errors 和 /api/v1/docs 的文档。",
    en="The request is not as described; see `errors` and the documentation at /api/v1/docs.",
)
INCOMPLETE = Words(
    zh="正文没有收全连接就断了；请重新发送。", en="The connection ended before the whole body was there; send it again."
)
UNFORESEEN = Words(
    zh="中心没能完成；原因在其日志中。稍后重试是安全的。",
    en="Central could not do this; its log says why. Trying again later is safe.",
)

log = structlog.get_logger()


class FieldError(BaseModel):
    """One field that was not as described."""

    at: str = Field(description="Where: query.limit, body.reason, header.If-Match", examples=["body.reason"])
    detail: str = Field(description="What would be right")


class ProblemBody(BaseModel):
    """An RFC 9457 problem as it travels."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Stable name of the problem", examples=[f"{TYPE_PREFIX}not-found"])
    title: str = Field(examples=["Not found"])
    status: int = Field(examples=[404])
    detail: str = Field(description="What happened here and what to do next")
    errors: list[FieldError] | None = Field(default=None, description="The fields that were wrong (422)")


class Problem(HTTPException):
    """A refusal that is answered in the caller's language; `extra` are further members of the problem.

    `detail`: both languages, or a text that is made for this caller already.
    """

    def __init__(
        self,
        status: HTTPStatus,
        name: str,
        detail: Words | str,
        *,
        headers: Mapping[str, str] | None = None,
        **extra: Any,  # noqa: ANN401 - JSON members
    ) -> None:
        """Describe a refusal; `name` is the last part of its type."""
        said = detail if isinstance(detail, str) else detail.say(Language.ENGLISH)
        super().__init__(status_code=status.value, detail=said, headers=dict(headers or {}))
        self.name = name
        self.words = None if isinstance(detail, str) else detail
        self.extra = extra

    def body(self, language: Language) -> dict[str, Any]:
        """The problem's members."""
        detail = str(self.detail) if self.words is None else self.words.say(language)
        return _body(self.status_code, self.name, detail) | self.extra


class ProblemResponse(JSONResponse):
    """A problem as an answer."""

    media_type: ClassVar[str] = MEDIA_TYPE  # type: ignore[misc]  # Starlette declares an instance attribute


def respond(problem: Problem, language: Language) -> ProblemResponse:
    """The answer that a problem is."""
    return ProblemResponse(problem.body(language), status_code=problem.status_code, headers=problem.headers)


def install_problem_handlers(api: FastAPI) -> None:
    """Answer every error of `api` as a problem: ours, the framework's, validation, and the unforeseen."""
    api.add_exception_handler(StarletteHTTPException, _on_http_error)
    api.add_exception_handler(RequestValidationError, _on_invalid_request)
    api.add_exception_handler(ClientDisconnect, _on_disconnect)
    api.add_exception_handler(Exception, _on_unforeseen)


EVERYWHERE = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
"""Refusals of every address that asks who you are."""


def problem_responses(*statuses: HTTPStatus, everywhere: Sequence[HTTPStatus] = EVERYWHERE) -> dict[int | str, Any]:
    """OpenAPI entries of the refusals that a route can answer with."""
    return {
        status.value: {
            "description": status.phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}},
        }
        for status in sorted({*statuses, *everywhere})
    }


def _body(status: int, name: str, detail: str) -> dict[str, Any]:
    title = name.replace("-", " ").capitalize()
    return {"type": TYPE_PREFIX + name, "title": title, "status": status, "detail": detail}


async def _on_http_error(request: Request, error: Exception) -> ProblemResponse:
    if isinstance(error, Problem):
        return respond(error, language_for(request))
    if not isinstance(error, StarletteHTTPException):
        raise error
    status = HTTPStatus(error.status_code)
    name = status.phrase.lower().replace(" ", "-")
    advice = _ADVICE.get(status)
    detail = error.detail if advice is None else advice.say(language_for(request))
    return ProblemResponse(_body(status, name, detail), status, headers=error.headers)


async def _on_invalid_request(request: Request, error: Exception) -> ProblemResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    errors = [field_error(item) for item in error.errors()[:VALIDATION_ERRORS_MAX]]
    detail = INVALID.say(language_for(request))
    body = _body(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-request", detail) | {"errors": errors}
    return ProblemResponse(body, HTTPStatus.UNPROCESSABLE_ENTITY)


async def _on_disconnect(request: Request, _error: Exception) -> ProblemResponse:
    """A line that broke in the middle of a body is everyday life at the edge; nobody reads the answer."""
    detail = INCOMPLETE.say(language_for(request))
    return ProblemResponse(_body(HTTPStatus.BAD_REQUEST, "body-incomplete", detail), HTTPStatus.BAD_REQUEST)


async def _on_unforeseen(request: Request, error: Exception) -> ProblemResponse:
    log.error("request failed", method=request.method, path=request.url.path, error=type(error).__name__)
    detail = UNFORESEEN.say(language_for(request))
    return ProblemResponse(
        _body(HTTPStatus.INTERNAL_SERVER_ERROR, "internal-error", detail), HTTPStatus.INTERNAL_SERVER_ERROR
    )


def field_error(error: Mapping[str, Any]) -> dict[str, str]:
    """One pydantic error without the input, which may hold a secret."""
    at: Sequence[object] = error["loc"]
    return {"at": ".".join(str(part) for part in at), "detail": str(error["msg"])}


_ADVICE = {
    HTTPStatus.NOT_FOUND: NOTHING_HERE,
    HTTPStatus.METHOD_NOT_ALLOWED: Words(
        zh="这个地址不接受这种方法；见 Allow 头。", en="This address does not take this method; see the Allow header."
    ),
    HTTPStatus.BAD_REQUEST: Words(
        zh="无法把请求读作带 JSON 正文的 HTTP。", en="The request could not be read as HTTP with a JSON body."
    ),
}
