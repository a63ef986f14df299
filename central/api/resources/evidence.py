"""Pictures and clips by their SHA-256: handed out to persons, taken in from persons and boxes."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from central.api.dependencies import Caseworker, JoinedBox, Person, WithClock, WithServices
from central.api.problems import Problem, problem_responses
from central.core.clock import Clock
from central.core.values import Actor
from central.services.services import Services
from protocol.identifiers import Sha256
from protocol.joining import EVIDENCE_PATH
from protocol.messages import MediaType, bytes_max_of
from protocol.texts import Words

UPLOADS_MAX = 16
"""Bodies being received at a time; each is held in memory, `CLIP_BYTES_MAX` at most."""

UPLOADS_PER_SENDER_MAX = 4
"""Of one person or box, so that a slow or hostile one leaves room for the others."""

UPLOAD_S_MAX = 300.0
RETRY_AFTER_S = 5
TOO_MANY = Words(
    zh="中心正在接收的图片已达上限（您的或全部的）；请稍后再试。",
    en="Central is receiving as many pictures as it can, of you or of all; try again shortly.",
)
TOO_SLOW = Words(zh="图片没有在 {most} 秒内到达。", en="The picture did not arrive within {most} s.")
CACHE_S = 365 * 86_400

Hash = Annotated[Sha256, Path(description="SHA-256 of the bytes, 64 lower-case hex digits")]
BYTES = {"type": "string", "format": "binary"}
SERVED = {
    "content": {MediaType.JPEG.value: {"schema": BYTES}, MediaType.MP4.value: {"schema": BYTES}},
    "description": "The picture or clip",
}


def _upload(*media_types: MediaType) -> dict[str, Any]:
    content = {one.value: {"schema": {**BYTES, "maxLength": bytes_max_of(one)}} for one in media_types}
    return {"requestBody": {"required": True, "content": content}}


UPLOAD_PROBLEMS = problem_responses(
    HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.INSUFFICIENT_STORAGE
)
THERE_ALREADY: dict[int | str, Any] = {HTTPStatus.NO_CONTENT.value: {"description": "It was there already"}}

evidence_routes = APIRouter(tags=["evidence"])


class Uploads:
    """The bodies being received now, by sender; used by the event loop's thread alone."""

    def __init__(self) -> None:
        self._senders: Counter[Actor] = Counter()

    @contextmanager
    def place(self, sender: Actor) -> Iterator[None]:
        """Room for one body while the block runs; raises a `Problem` when there is none."""
        if self._senders.total() >= UPLOADS_MAX or self._senders[sender] >= UPLOADS_PER_SENDER_MAX:
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "too-many-uploads",
                TOO_MANY,
                headers={"Retry-After": str(RETRY_AFTER_S)},
            )
        self._senders[sender] += 1
        try:
            yield
        finally:
            self._senders[sender] -= 1
            self._senders += Counter()  # drops senders at zero


@evidence_routes.get(
    "/api/v1/evidence/{sha256}",
    summary="A picture or clip",
    response_class=StreamingResponse,
    responses={
        HTTPStatus.OK.value: SERVED,
        HTTPStatus.NOT_MODIFIED.value: {"description": "You have it"},
        **problem_responses(HTTPStatus.NOT_FOUND),
    },
)
def read_evidence(
    sha256: Hash,
    person: Person,
    services: WithServices,
    clock: WithClock,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """The bytes whose hash is the address: they never change and may be kept.

    Counts as a view of the camera whose case it belongs to, once a day and person.
    """
    headers = {
        "ETag": f'"{sha256}"',
        "Cache-Control": f"private, max-age={CACHE_S}, immutable",
        "Content-Disposition": "inline",
    }
    if if_none_match == headers["ETag"]:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    picture = services.evidence.get(sha256)
    services.registers.see_picture(person, sha256, clock.now())
    headers["Content-Length"] = str(picture.size)
    return StreamingResponse(picture.chunks, media_type=picture.media_type, headers=headers)


@evidence_routes.put(
    "/api/v1/evidence/{sha256}",
    status_code=HTTPStatus.CREATED,
    summary="Upload a picture of a report",
    openapi_extra=_upload(MediaType.JPEG),
    response_class=Response,
    responses={**THERE_ALREADY, **problem_responses(HTTPStatus.FORBIDDEN), **UPLOAD_PROBLEMS},
)
async def upload_evidence(
    sha256: Hash, request: Request, person: Caseworker, services: WithServices, clock: WithClock
) -> Response:
    """For photos of hotline and collectors; name the hash in `POST /api/v1/cases` afterwards. Safe to repeat."""
    return await _take_in((sha256, MediaType.JPEG), request, person, services, clock)


@evidence_routes.head(
    EVIDENCE_PATH,
    summary="Whether central has a picture or clip of a box",
    response_class=Response,
    responses=problem_responses(HTTPStatus.NOT_FOUND),
)
def find_box_evidence(sha256: Hash, _box: JoinedBox, services: WithServices) -> Response:
    """200: no need to send it. 404: send it."""
    return Response(status_code=HTTPStatus.OK if services.evidence.has(sha256) else HTTPStatus.NOT_FOUND)


@evidence_routes.put(
    EVIDENCE_PATH,
    status_code=HTTPStatus.CREATED,
    summary="Upload a picture or clip of a box",
    openapi_extra=_upload(MediaType.JPEG, MediaType.MP4),
    response_class=Response,
    responses={**THERE_ALREADY, **UPLOAD_PROBLEMS},
)
async def upload_box_evidence(
    sha256: Hash, request: Request, box: JoinedBox, services: WithServices, clock: WithClock
) -> Response:
    """For what the box's events refer to; a clip says so in its `Content-Type`. Safe to repeat."""
    is_clip = request.headers.get("Content-Type", "").partition(";")[0].strip().lower() == MediaType.MP4
    sent = sha256, MediaType.MP4 if is_clip else MediaType.JPEG
    return await _take_in(sent, request, box, services, clock)


async def _take_in(
    sent: tuple[str, MediaType], request: Request, by: Actor, services: Services, clock: Clock
) -> Response:
    sha256, media_type = sent
    uploads: Uploads = request.app.state.uploads
    with uploads.place(by):
        body = await _read(request.stream())
        is_new = await run_in_threadpool(services.evidence.put, sha256, [body], by, clock.now(), media_type)
    return Response(status_code=HTTPStatus.CREATED if is_new else HTTPStatus.NO_CONTENT)


async def _read(chunks: AsyncIterator[bytes]) -> bytes:
    """The whole body; `BodyLimit` bounds its size."""
    body = bytearray()
    try:
        async with asyncio.timeout(UPLOAD_S_MAX):
            async for chunk in chunks:
                body += chunk
    except TimeoutError:
        raise Problem(
            HTTPStatus.REQUEST_TIMEOUT, "upload-too-slow", TOO_SLOW.filled(most=f"{UPLOAD_S_MAX:g}")
        ) from None
    return bytes(body)
