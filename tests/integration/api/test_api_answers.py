"""What holds for every answer of the API."""

import pytest

from protocol.messages import PROTOCOL_MAJOR, PROTOCOL_MINOR
from tests.support.api_desk import SHA, Desk, problem


def test_health_is_open_and_says_which_parts_answer(desk: Desk) -> None:
    answer = desk.ask("GET", "/api/v1/health", None)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["status"], body["database"], body["broker"], body["protocol"]) == (
        "ok",
        "ok",
        "ok",
        f"{PROTOCOL_MAJOR}.{PROTOCOL_MINOR}",
    )
    assert (body["dead_letters"], body["shed"], body["defects"]) == (0, 0, 0)
    desk.office.is_connected = False
    assert desk.ask("GET", "/api/v1/health", None).json()["broker"] == "unavailable"


def test_every_answer_is_hardened(desk: Desk) -> None:
    for path in ("/api/v1/health", "/api/v1/docs", "/nothing", "/api/v1/cases"):
        headers = desk.ask("GET", path, None).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe-eval" not in headers["content-security-policy"]
        assert "no-store" in headers["cache-control"]


def test_the_root_leads_to_the_pages(desk: Desk) -> None:
    answer = desk.ask("GET", "/", None)
    assert (answer.status_code, answer.headers["location"]) == (307, "/ui/")


def test_unknown_addresses_and_methods_are_problems(desk: Desk) -> None:
    problem(desk.ask("GET", "/api/v1/nothing"), 404, "not-found")
    answer = desk.ask("DELETE", "/api/v1/cases")
    problem(answer, 405, "method-not-allowed")
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    ("path", "at"),
    [
        ("/api/v1/cases?limit=0", "query.limit"),
        ("/api/v1/cases?limit=501", "query.limit"),
        ("/api/v1/cases?status=lost", "query.status.0"),
        ("/api/v1/series?metric=fps", "query.entity"),
        ("/api/v1/cameras/box-01.cam-1/states?from=yesterday", "query.from"),
        ("/api/v1/cameras/box-01.cam-1/states?from=2026-03-01T00:00:00", "query.from"),
        (f"/api/v1/evidence/{SHA}x", "path.sha256"),
    ],
)
def test_a_wrong_request_names_the_field(desk: Desk, path: str, at: str) -> None:
    errors = problem(desk.ask("GET", path), 422, "invalid-request")["errors"]
    assert [error["at"] for error in errors] == [at]  # type: ignore[index, union-attr]


def test_a_wrong_request_is_not_repeated_in_the_answer(desk: Desk) -> None:
    answer = desk.ask("POST", "/join/v1", None, json={"code": "SECRET-LOOKING-VALUE"})
    problem(answer, 422, "invalid-request")
    assert "SECRET" not in answer.text


def test_too_large_a_body_is_refused_announced_or_not(desk: Desk) -> None:
    large = b" " * 70_000
    problem(desk.ask("POST", "/join/v1", None, content=large), 413, "body-too-large")
    chunked = desk.ask("POST", "/join/v1", None, content=iter([large]), headers={"Content-Type": "application/json"})
    problem(chunked, 413, "body-too-large")


def test_nothing_internal_leaves_with_an_unforeseen_error(desk: Desk) -> None:
    desk.client.app.state.services = None  # type: ignore[attr-defined]
    answer = desk.ask("GET", "/api/v1/health", None)
    problem(answer, 500, "internal-error")
    assert "NoneType" not in answer.text


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer wrong", "Bearer gw_" + "x" * 43, "Basic YTpi", "Bearer " + "x" * 9999]
)
def test_nobody_comes_in_without_a_valid_token(desk: Desk, header: str) -> None:
    answer = desk.client.get("/api/v1/cases", headers={"Authorization": header} if header else {})
    problem(answer, 401, "not-signed-in")
    assert answer.headers["www-authenticate"].startswith("Bearer")
