"""Pictures through the API: served, uploaded, refused, bounded."""

import asyncio
import base64
import hashlib
from collections.abc import Sequence
from contextlib import ExitStack

import pytest
from starlette.types import Message

from central.api.problems import Problem
from central.api.resources.evidence import UPLOADS_MAX, UPLOADS_PER_SENDER_MAX, Uploads
from central.core.values import Actor, ActorKind
from protocol import messages as m
from tests.support.api_desk import SHA, Desk, problem
from tests.support.office import BOX, jpeg


def test_a_picture_is_served_privately_and_once(desk: Desk) -> None:
    digest = desk.office.see().evidence[0].sha256
    answer = desk.ask("GET", f"/api/v1/evidence/{digest}")
    assert hashlib.sha256(answer.content).hexdigest() == digest
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"].startswith("private")
    assert answer.headers["etag"] == f'"{digest}"'
    assert answer.headers["content-disposition"] == "inline"
    kept = desk.ask("GET", f"/api/v1/evidence/{digest}", headers={"If-None-Match": f'"{digest}"'})
    assert (kept.status_code, kept.content) == (304, b"")


def test_a_box_brings_pictures(desk: Desk) -> None:
    picture = jpeg("from the box")
    path = f"/edge/v1/evidence/{hashlib.sha256(picture).hexdigest()}"
    box = (BOX, desk.office.secret)
    assert desk.client.head(path, auth=box).status_code == 404
    assert desk.client.put(path, auth=box, content=picture).status_code == 201
    assert desk.client.head(path, auth=box).status_code == 200
    assert desk.client.put(path, auth=box, content=picture).status_code == 204
    problem(desk.client.put(path, auth=(BOX, "wrong"), content=picture), 401, "box-not-known")
    problem(desk.client.put(path, auth=("box-99", desk.office.secret), content=picture), 401, "box-not-known")


def test_bytes_that_are_not_what_they_promise_are_refused(desk: Desk) -> None:
    box = (BOX, desk.office.secret)
    problem(desk.client.put(f"/edge/v1/evidence/{SHA}", auth=box, content=b"else"), 422, "evidence-wrong")
    assert desk.client.head(f"/edge/v1/evidence/{SHA}", auth=box).status_code == 404
    large = b"x" * (m.CLIP_BYTES_MAX + 1)
    for content in (large, iter([large[: 1 << 20]] * 9)):
        answer = desk.client.put(f"/edge/v1/evidence/{SHA}", auth=box, content=content)
        problem(answer, 413, "body-too-large")
    picture = large[: m.EVIDENCE_BYTES_MAX + 1]
    path = f"/edge/v1/evidence/{hashlib.sha256(picture).hexdigest()}"
    problem(desk.client.put(path, auth=box, content=picture), 413, "evidence-too-large")
    clip = {"Content-Type": "Video/MP4; codecs=avc1"}
    assert desk.client.put(path, auth=box, content=picture, headers=clip).status_code == 201
    served = desk.ask("GET", path.replace("/edge/v1", "/api/v1"))
    assert (served.headers["content-type"], len(served.content)) == ("video/mp4", len(picture))


def start_upload(desk: Desk, secret: str, messages: Sequence[Message]) -> list[Message]:
    """Talk ASGI to the upload of a box; what is answered."""
    basic = base64.b64encode(f"{BOX}:{secret}".encode())
    path = f"/edge/v1/evidence/{SHA}"
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "PUT",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"authorization", b"Basic " + basic)],
    }
    coming, answers = iter(messages), list[Message]()

    async def receive() -> Message:
        return next(coming)

    async def send(message: Message) -> None:
        answers.append(message)

    async def talk() -> None:
        await desk.client.app(scope, receive, send)

    asyncio.run(talk())
    return answers


def test_a_line_that_breaks_during_an_upload_is_no_error_of_central(desk: Desk) -> None:
    part = {"type": "http.request", "body": b"half a pict", "more_body": True}
    answers = start_upload(desk, desk.office.secret, [part, {"type": "http.disconnect"}])
    assert answers[0]["status"] == 400
    assert desk.client.head(f"/edge/v1/evidence/{SHA}", auth=(BOX, desk.office.secret)).status_code == 404


def test_one_sender_leaves_room_for_the_uploads_of_others() -> None:
    uploads, slow, other = Uploads(), Actor(ActorKind.BOX, "slow"), Actor(ActorKind.BOX, "other")
    with ExitStack() as held:
        for _ in range(UPLOADS_PER_SENDER_MAX):
            held.enter_context(uploads.place(slow))
        with pytest.raises(Problem, match="as many pictures"), uploads.place(slow):
            pass
        with uploads.place(other):
            pass
    with uploads.place(slow):
        pass


def test_all_uploads_together_are_bounded() -> None:
    uploads = Uploads()
    with ExitStack() as held:
        for number in range(UPLOADS_MAX):
            held.enter_context(uploads.place(Actor(ActorKind.BOX, f"box-{number}")))
        with pytest.raises(Problem), uploads.place(Actor(ActorKind.BOX, "one-more")):
            pass
