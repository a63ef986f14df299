"""People who press at once, through the API, on every database."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from central.core.values import Role
from central.stores.ports import Stores
from tests.support.window import REPORT, Window, window_on


@pytest.fixture
def window(stores: Stores, tmp_path: Path) -> Iterator[Window]:
    with window_on(stores, tmp_path) as window:
        yield window


DISPATCH: dict[str, object] = {"action": "dispatch", "unit": "sanitation"}


def test_of_twenty_dispatches_at_once_one_wins_and_all_others_are_stale(window: Window) -> None:
    path = window.registered()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda number: window.act(path, 3, DISPATCH, key=f"k{number}"), range(20)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 19}
    refused = [answer.json() for answer in answers if answer.status_code == 412]
    assert {(body["type"], body["current_version"]) for body in refused} == {
        ("urn:gridwarden:problem:stale-version", 4)
    }
    history = window.ask("GET", f"{path}/history").json()["items"]
    assert [line["kind"] for line in history].count("dispatch") == 1


def test_twenty_of_one_key_at_once_get_one_answer(window: Window) -> None:
    path = window.registered()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: window.act(path, 3, DISPATCH, key="k"), range(20)))
    assert {(answer.status_code, answer.headers["etag"], answer.content) for answer in answers} == {
        (200, '"4"', answers[0].content)
    }


def test_of_ten_callers_at_once_one_opens_the_case_and_all_others_join_it(window: Window) -> None:
    told = {**REPORT, "scene": "bin_overflow", "latitude": 34.7368, "longitude": 105.3382}
    with ThreadPoolExecutor(10) as pool:
        answers = list(
            pool.map(lambda number: window.ask("POST", "/cases", json={**told, "reporter": f"{number}"}), range(10))
        )
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 9}
    (case,) = window.ask("GET", "/cases").json()["items"]
    assert sorted(one["reporter"] for one in case["reports"]) == [str(number) for number in range(10)]


def test_a_report_that_comes_twice_opens_one_case(window: Window) -> None:
    first, again = (window.ask("POST", "/cases", json=REPORT, headers={"Idempotency-Key": "r1"}) for _ in range(2))
    assert (first.status_code, first.content) == (201, again.content)
    assert first.headers["location"] == again.headers["location"]
    other = window.ask("POST", "/cases", json={**REPORT, "place": "东大街"}, headers={"Idempotency-Key": "r1"})
    assert (other.status_code, other.json()["type"]) == (422, "urn:gridwarden:problem:idempotency-key-reused")
    assert len(window.ask("GET", "/cases").json()["items"]) == 1
    assert window.ask("POST", "/cases", json=REPORT, headers={"Idempotency-Key": "two words"}).status_code == 422


def test_who_works_on_a_case_is_seen_and_keeps_others_out(window: Window) -> None:
    path = window.registered()
    lease = window.ask("PUT", f"{path}/lease", Role.DISPATCHER).json()
    assert (lease["holder"], lease["taken_from"]) == ("dispatcher", "")
    assert window.ask("GET", path).json()["lease"] == lease
    held = window.act(path, 3, DISPATCH)
    assert (held.status_code, held.json()["type"]) == (409, "urn:gridwarden:problem:lease-held")
    assert held.json()["holder"] == "dispatcher"
    offers = window.ask("GET", f"{path}/actions", headers={"Accept-Language": "en"}).json()["items"]
    told = {offer["action"]: offer for offer in offers}
    assert not any(offer["allowed"] for offer in offers)
    assert (told["dispatch"]["held_by"], told["dispatch"]["why_not"]) == ("dispatcher", "dispatcher is working on it")
    assert window.ask("PUT", f"{path}/lease").status_code == 409
    taken = window.ask("PUT", f"{path}/lease", json={"take_over": True})
    assert (taken.status_code, taken.json()["taken_from"]) == (200, "dispatcher")
    told_off = window.ask("PUT", f"{path}/lease", Role.DISPATCHER).json()
    assert (told_off["holder"], told_off["taken_from"]) == ("operator", "dispatcher")
    assert window.act(path, 3, DISPATCH).status_code == 200
    assert window.ask("DELETE", f"{path}/lease").status_code == 204
    assert window.ask("GET", path).json()["lease"] is None


@pytest.mark.parametrize("path", ["/cases/{case}/actions"])
def test_every_route_that_changes_a_case_asks_for_its_version(window: Window, path: str) -> None:
    case = window.registered().rpartition("/")[2]
    described = window.client.get("/api/v1/openapi.json").json()["paths"]
    changing = {
        route.removeprefix("/api/v1")
        for route, operations in described.items()
        if route.startswith("/api/v1/cases/{case}") and "post" in operations
    }
    assert changing == {path}
    answer = window.ask("POST", path.format(case=case), json=DISPATCH)
    assert (answer.status_code, answer.json()["type"]) == (428, "urn:gridwarden:problem:version-missing")
