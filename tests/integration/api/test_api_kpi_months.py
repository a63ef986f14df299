"""Published months over HTTP: made by those who may, read by everybody, refusals that say what would be right."""

from datetime import timedelta

import pytest

from central.core.values import Role
from tests.support.api_desk import REPORT, Desk, problem
from tests.support.store_contents import change

PATH = "/api/v1/kpi-months"


@pytest.fixture
def month(desk: Desk) -> str:
    """Return the month of some reports, which is over by some days."""
    for _ in range(3):
        assert desk.ask("POST", "/api/v1/cases", Role.OPERATOR, json=REPORT).status_code == 201
    month = f"{desk.office.at + timedelta(hours=8):%Y-%m}"
    desk.office.at += timedelta(days=40)
    return month


def test_a_month_is_made_once_and_stays_readable(desk: Desk, month: str) -> None:
    made = desk.ask("POST", f"{PATH}/{month}", Role.SUPERVISOR)
    assert (made.status_code, made.json()["is_new"]) == (201, True)
    again = desk.ask("POST", f"{PATH}/{month}", Role.OPERATOR)
    assert (again.status_code, again.json()["is_new"]) == (200, False)
    assert again.json()["month"] == made.json()["month"]
    shown = desk.ask("GET", f"{PATH}/{month}/revisions/1").json()
    assert shown == desk.ask("GET", f"{PATH}/{month}").json() == made.json()["month"]
    assert (shown["revision"], shown["intact"], shown["difference"]) == (1, True, [])
    reported = next(one for one in shown["figures"] if one["id"] == "registration_rate_with_candidates")
    assert reported["total"] == 3
    listed = desk.ask("GET", PATH).json()["items"]
    assert listed == desk.ask("GET", f"{PATH}/{month}/revisions").json()["items"]
    assert [(one["month"], one["revision"]) for one in listed] == [(month, 1)]


def test_a_late_fact_makes_the_next_revision_with_its_difference(desk: Desk, month: str) -> None:
    desk.ask("POST", f"{PATH}/{month}", Role.SUPERVISOR)
    change(desk.office.stores, "UPDATE case_facts SET scene = scene, registered_at = reported_at")
    made = desk.ask("POST", f"{PATH}/{month}", Role.SUPERVISOR, headers={"Accept-Language": "en"})
    assert made.status_code == 201, made.json()
    assert made.json()["month"]["revision"] == 2
    assert made.json()["month"]["difference"][0].startswith(f"{month}, revision 2")
    assert desk.ask("GET", f"{PATH}/{month}/revisions/1").json()["difference"] == []


def test_a_changed_row_is_told(desk: Desk, month: str) -> None:
    desk.ask("POST", f"{PATH}/{month}", Role.SUPERVISOR)
    change(desk.office.stores, "UPDATE kpi_months SET figures = '['")
    assert desk.ask("GET", f"{PATH}/{month}").json()["intact"] is False
    problem(desk.ask("POST", f"{PATH}/{month}", Role.SUPERVISOR), 409, "month-refused")


@pytest.mark.parametrize(
    ("method", "path", "status", "name"),
    [
        ("GET", "2025-01", 404, "month-unknown"),
        ("GET", "2025-01/revisions/2", 404, "month-unknown"),
        ("GET", "2025-13", 422, "period-refused"),
        ("GET", "nope/revisions", 422, "period-refused"),
        ("GET", "2025-01/revisions/0", 422, "invalid-request"),
        ("POST", "2999-01", 422, "period-refused"),
        ("POST", "2190-01", 409, "month-refused"),
    ],
)
def test_refusals_name_what_is_wrong(desk: Desk, method: str, path: str, status: int, name: str) -> None:
    problem(desk.ask(method, f"{PATH}/{path}", Role.SUPERVISOR), status, name)
