"""Around the seat in a real browser: signing in and out, cookies, foreign sites, documentation, closed pages."""

import re
import secrets
from collections.abc import Callable

import httpx2
import pytest
from playwright.sync_api import expect

from central.api.hardening import PAGES_POLICY
from central.core.values import Role
from tests.browser.conftest import House, Seat

pytestmark = pytest.mark.browser

OpenSeat = Callable[..., Seat]


def test_a_person_signs_in_and_out(house: House, open_seat: OpenSeat) -> None:
    seat = open_seat(house, None)
    seat.page.goto(f"{house.url}/ui/")
    assert seat.page.url.startswith(f"{house.url}/ui/sign-in")
    seat.sign_in(house.office.tokens[Role.OPERATOR])
    assert "gw_" not in seat.page.url
    expect(seat.page.locator(".gw-person__name")).to_have_text("operator")
    cookie = next(one for one in seat.page.context.cookies() if one["name"] == "gw_session")
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/ui")
    assert house.office.tokens[Role.OPERATOR] not in cookie["value"]
    seat.page.click("text=退出")
    seat.page.wait_for_url("**/ui/sign-in*")
    seat.page.goto(f"{house.url}/ui/")
    assert seat.page.url.startswith(f"{house.url}/ui/sign-in")
    assert seat.complaints == []
    assert seat.outside == []


def test_a_wrong_token_is_told_in_words(house: House, open_seat: OpenSeat) -> None:
    seat = open_seat(house, None)
    seat.page.goto(f"{house.url}/ui/sign-in?lang=en")
    seat.page.fill("#gw-token", "gw_wrong")
    seat.page.press("#gw-token", "Enter")
    expect(seat.page.locator("[role=alert]")).to_contain_text("This token is wrong")
    expect(seat.page.locator("#gw-token")).to_have_value("")


def test_an_open_page_closes_when_its_token_is_revoked(house: House, open_seat: OpenSeat) -> None:
    access, now = house.office.services.access, house.office.now
    token = access.add_actor("leaver", Role.OPERATOR, now(), secrets.token_bytes)
    house.office.see("cam-1", zone="revoked")
    seat = open_seat(house, None)
    seat.sign_in(token)
    expect(seat.page.locator(".gw-row")).to_have_count(1)
    seat.page.wait_for_function("document.images.length && [...document.images].every(one => one.complete)")
    access.revoke("leaver")
    access.add_actor("leaver", Role.OPERATOR, now(), secrets.token_bytes)
    seat.page.wait_for_url("**/ui/sign-in?lang=*")
    seat.page.goto(f"{house.url}/ui/")
    assert seat.page.url.startswith(f"{house.url}/ui/sign-in")
    assert seat.complaints == []


def test_pages_carry_their_policy(house: House) -> None:
    headers = httpx2.get(f"{house.url}/ui/sign-in").headers
    assert headers["content-security-policy"] == PAGES_POLICY
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/ui/_nicegui_ws/socket.io/?EIO=4&transport=polling"), ("POST", "/ui/session")]
)
def test_another_sites_page_gets_nothing(house: House, method: str, path: str) -> None:
    assert httpx2.request(method, house.url + path, headers={"Origin": "http://evil.example"}).status_code == 403


def test_pictures_need_a_session(house: House) -> None:
    digest = house.office.see().evidence[0].sha256
    assert httpx2.get(f"{house.url}/ui/pictures/{digest}").status_code == 401


def test_methods_beside_the_pages_answer_as_the_api(house: House) -> None:
    answer = httpx2.post(f"{house.url}/api/v1/health")
    assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")


def test_the_documentation_works_without_the_internet(house: House, open_seat: OpenSeat) -> None:
    seat = open_seat(house, None)
    seat.page.goto(f"{house.url}/api/v1/docs")
    expect(seat.page.locator(".opblock").first).to_be_visible()
    expect(seat.page.locator(".info .title")).to_contain_text("Gridwarden API")
    health = seat.page.locator(".opblock", has_text=re.compile("/api/v1/health"))
    health.click()
    health.locator("button.execute").click()
    expect(health.locator(".live-responses-table td.response-col_status").nth(1)).to_contain_text("200")
    assert seat.complaints == []
    assert seat.outside == []
