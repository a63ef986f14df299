"""Device figures and maintenance through the API."""

from datetime import datetime, timedelta

import pytest

from central.core.values import Role
from central.services.figures.witnesses import Ticker
from tests.support.api_desk import Desk, problem

PERIOD = {"from": "2026-03-01T01:00:00Z", "to": "2026-03-01T03:00:00Z"}
WINDOW = {
    "scope": "platform",
    "start": "2026-03-01T01:10:00Z",
    "end": "2026-03-01T01:20:00Z",
    "reason": "升级",
}


def test_every_figure_of_a_period(desk: Desk) -> None:
    desk.office.at += timedelta(minutes=30)
    answer = desk.ask("GET", "/api/v1/devices/online-rate", params=PERIOD).json()
    assert answer["required"]["total_s"] == 4 * 1800
    assert answer["online"]["total_s"] == answer["required"]["total_s"]
    rows = desk.ask("GET", "/api/v1/devices/online-rate/rows", params=PERIOD).json()["items"]
    assert len(rows) == answer["cameras"]
    assert sum(row["required"]["total_s"] for row in rows) == pytest.approx(answer["required"]["total_s"])
    assert desk.ask("GET", "/api/v1/devices/snapshot").json()["target"] == 0.95
    assert desk.ask("GET", "/api/v1/devices/snapshot", params={"counted": "intact_rate"}).status_code == 200
    for by in ("camera", "box", "vendor"):
        assert desk.ask("GET", "/api/v1/devices/reliability", params={**PERIOD, "by": by}).status_code == 200


def test_availability_counts_from_the_first_word(desk: Desk) -> None:
    silent = desk.ask("GET", "/api/v1/devices/availability", params=PERIOD, headers={"Accept-Language": "en"}).json()
    assert (silent["worst"]["lower"], silent["met"], silent["counted_from"], silent["witnesses"]) == (None,) * 3 + ([],)
    assert "no witness" in silent["reason"]
    Ticker(desk.office.stores, "a").tick(desk.office.at, 0.0)
    first = desk.office.at
    desk.office.at += timedelta(minutes=30)
    spoken = desk.ask("GET", "/api/v1/devices/availability", params=PERIOD).json()
    assert (spoken["worst"]["unknown_s"], spoken["worst"]["lower"], spoken["reason"]) == (1800, 0.0, None)
    assert datetime.fromisoformat(spoken["counted_from"]) == first


def test_what_is_no_period(desk: Desk) -> None:
    for path in ("online-rate", "online-rate/rows", "reliability", "availability"):
        backwards = {"from": PERIOD["to"], "to": PERIOD["from"]}
        problem(desk.ask("GET", f"/api/v1/devices/{path}", params=backwards), 422, "period-refused")
        assert desk.ask("GET", f"/api/v1/devices/{path}", params={"from": PERIOD["from"]}).status_code == 422
        days = {"from": "2026-02-28", "to": "2026-03-01"}
        assert desk.ask("GET", f"/api/v1/devices/{path}", params=days).status_code == 200


def test_refusals_are_told_in_the_language_of_the_reader(desk: Desk) -> None:
    refused = {
        "devices/availability?from=2026-03-02&to=2026-03-01": (
            "period-refused",
            "终点早于起点",
            "ends before it begins",
        ),
        "devices/availability?from=2020-03-02&to=2026-03-01": ("period-refused", "最长 400 天", "400 days at most"),
        "kpis/closing_rate?from=x&to=2026-03-01": ("period-refused", "既不是日期", "neither a day"),
        "kpis/nothing?from=2026-03-01&to=2026-03-02": ("kpi-unknown", "没有指标", "There is no figure"),
        "kpi-months/2026-01/revisions/1": ("month-unknown", "没有发布", "was not published"),
        "project-records/payments/p9/revisions": ("record-unknown", "中没有 p9", "There is no p9"),
    }
    for path, (name, *said) in refused.items():
        for language, words in zip(("zh-CN", "en"), said, strict=True):
            answer = desk.ask("GET", f"/api/v1/{path}", headers={"Accept-Language": language})
            body = problem(answer, answer.status_code, name)
            assert words in str(body["detail"])
            assert str(body["detail"]).endswith("。" if language == "zh-CN" else ".")


def test_maintenance_is_announced_by_who_keeps_the_fleet(desk: Desk) -> None:
    assert desk.ask("POST", "/api/v1/maintenance", Role.VIEWER, json=WINDOW).status_code == 403
    made = [desk.ask("POST", "/api/v1/maintenance", Role.TECHNICIAN, json=WINDOW) for _ in range(2)]
    assert [one.status_code for one in made] == [201, 201]
    window = made[0].json()
    assert made[1].json() == window
    began = datetime.fromisoformat(PERIOD["from"])
    Ticker(desk.office.stores, "a").tick(began, 0.0)
    assert [one["id"] for one in desk.ask("GET", "/api/v1/maintenance").json()["items"]] == [window["id"]]
    excused = desk.ask("GET", "/api/v1/devices/availability", params=PERIOD).json()["worst"]
    assert excused["unknown_s"] == 50 * 60
    assert desk.ask("DELETE", f"/api/v1/maintenance/{window['id']}", Role.TECHNICIAN).json()["cancelled_at"]
    problem(desk.ask("DELETE", "/api/v1/maintenance/mw-none", Role.TECHNICIAN), 404, "window-unknown")
    wrong = {**WINDOW, "subject": "b1"}
    problem(desk.ask("POST", "/api/v1/maintenance", Role.TECHNICIAN, json=wrong), 422, "window-refused")
    unkept = {**WINDOW, "reason": "a\0b"}
    assert desk.ask("POST", "/api/v1/maintenance", Role.TECHNICIAN, json=unkept).status_code == 422
