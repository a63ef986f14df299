"""Pages that load late: requests wait for them, and an application that never comes answers 503."""

import threading

from fastapi import FastAPI
from starlette.testclient import TestClient

from central.web.late import LatePages, mount_late


def served(pages: LatePages) -> FastAPI:
    """Return an application with pages under /ui and an address of its own."""
    api = FastAPI()
    api.add_api_route("/health", lambda: {"status": "ok"})
    mount_late(api, "/ui", pages)
    return api


def test_a_request_waits_while_the_rest_answers() -> None:
    may_load = threading.Event()

    def build() -> FastAPI:
        assert may_load.wait(10)
        app = FastAPI()
        app.add_api_route("/hello", lambda: {"page": "hello"})
        return app

    with TestClient(served(LatePages(build))) as client:
        assert client.get("/health").status_code == 200
        may_load.set()
        assert client.get("/ui/hello").json() == {"page": "hello"}


def test_pages_that_cannot_be_built_do_not_stop_the_rest() -> None:
    def build() -> FastAPI:
        raise ModuleNotFoundError("nicegui")

    with TestClient(served(LatePages(build))) as client:
        answer = client.get("/ui/hello")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert client.get("/health").status_code == 200


def test_the_applications_own_start_and_end_are_run() -> None:
    seen = []

    def build() -> FastAPI:
        return FastAPI(on_startup=[lambda: seen.append("start")], on_shutdown=[lambda: seen.append("end")])

    with TestClient(served(LatePages(build))) as client:
        client.get("/ui/nothing")
        assert seen == ["start"]
    assert seen == ["start", "end"]
