"""Targets over HTTP: who may say them, where they appear, what is refused."""

import secrets
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from central.api import build_api
from central.core.values import Role
from tests.support.api_desk import Desk, problem, step
from tests.support.office import office, settings_in

PATH = "/api/v1/kpi-targets"
SPAN = "from=2026-03-01&to=2026-04-01"
TARGET = {"indicator": "closing_rate", "value": 0.95, "owner": "局长", "since": "2026-01-01", "reason": "年度目标"}


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.LEADER, Role.SUPERVISOR])
def test_a_target_stands_with_who_said_it_and_why(desk: Desk, role: Role) -> None:
    made = desk.ask("POST", PATH, role, json=TARGET)
    assert made.status_code == 201
    kept = made.json()
    assert {name: kept[name] for name in TARGET} == TARGET
    assert kept["said_by"] == role.value
    assert desk.ask("POST", PATH, role, json=TARGET).json() == kept
    assert desk.ask("GET", PATH).json() == {"items": [kept], "next": None}
    assert desk.ask("GET", f"{PATH}?indicator=handling_time").json()["items"] == []
    found = desk.ask("GET", f"/api/v1/kpis/closing_rate?{SPAN}", headers={"Accept-Language": "en"}).json()
    assert found["kpi"]["target"] == kept
    (plan,) = [one for one in found["beside"] if one["beside"] == "plan"]
    assert (plan["value"], plan["basis"]) == (0.95, "局长, since 2026-01-01: 年度目标")
    for query in ("", f"?{SPAN}"):
        listed = desk.ask("GET", f"/api/v1/kpis{query}").json()
        assert [one["id"] for one in listed if one["target"]] == ["closing_rate"]
    before = desk.ask("GET", "/api/v1/kpis/closing_rate?from=2025-12-01&to=2026-01-01").json()
    assert before["kpi"]["target"] is None


def test_a_correction_is_added(desk: Desk) -> None:
    for value in (0.95, 0.9):
        assert desk.ask("POST", PATH, Role.LEADER, json={**TARGET, "value": value}).status_code == 201
    assert [one["value"] for one in desk.ask("GET", PATH).json()["items"]] == [0.95, 0.9]
    assert desk.ask("GET", f"/api/v1/kpis/closing_rate?{SPAN}").json()["kpi"]["target"]["value"] == 0.9


def test_a_target_of_a_group_stands_beside_the_group_alone(desk: Desk) -> None:
    case = desk.office.see().case.id
    step(desk, f"/api/v1/cases/{case}", Role.ACCEPTOR, "confirm")
    of_all = {**TARGET, "indicator": "registration_rate", "since": "2020-01-01"}
    of_group = {**of_all, "value": 0.8, "group": "source=detector"}
    of_other = {**of_all, "value": 0.7, "group": "source=hotline"}
    for target in (of_all, of_group, of_other):
        assert desk.ask("POST", PATH, Role.LEADER, json=target).status_code == 201
    span = "from=2020-01-01&to=2100-01-01"
    grouped = desk.ask("GET", f"/api/v1/kpis/registration_rate?{span}&group_by=source").json()
    assert [one["group"] for one in grouped["figures"]] == ["detector"]
    assert [(one["group"], one["value"]) for one in grouped["targets"]] == [("source=detector", 0.8)]
    whole = desk.ask("GET", f"/api/v1/kpis/registration_rate?{span}").json()
    assert (whole["kpi"]["target"]["value"], whole["kpi"]["subject"]) == (0.95, "registration")


def test_they_come_in_parts(desk: Desk) -> None:
    for value in (0.95, 0.9, 0.85):
        assert desk.ask("POST", PATH, Role.LEADER, json={**TARGET, "value": value}).status_code == 201
    first = desk.ask("GET", PATH, params={"limit": 2}).json()
    rest = desk.ask("GET", PATH, params={"limit": 2, "cursor": first["next"]}).json()
    assert [one["value"] for one in (*first["items"], *rest["items"])] == [0.95, 0.9, 0.85]
    assert rest["next"] is None
    other = desk.ask("GET", PATH, params={"indicator": "closing_rate", "cursor": first["next"]})
    problem(other, 422, "bad-cursor")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.TECHNICIAN, Role.COLLECTOR, Role.DISPATCHER])
def test_others_may_not(desk: Desk, role: Role) -> None:
    problem(desk.ask("POST", PATH, role, json=TARGET), 403, "role-missing")


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"indicator": "nope"}, "target-refused"),
        ({"value": 95}, "target-refused"),
        ({"value": -0.1}, "target-refused"),
        ({"value": True}, "invalid-request"),
        ({"value": "0.9"}, "invalid-request"),
        ({"value": 1e308}, "target-refused"),
        ({"owner": " "}, "target-refused"),
        ({"reason": ""}, "target-refused"),
        ({"reason": "a\nb"}, "target-refused"),
        ({"group": "unit=a\nb"}, "target-refused"),
        ({"group": "number=1"}, "target-refused"),
        ({"since": "1800-01-01"}, "target-refused"),
    ],
)
def test_what_nobody_can_stand_for(desk: Desk, changed: dict[str, object], name: str) -> None:
    problem(desk.ask("POST", PATH, Role.LEADER, json={**TARGET, **changed}), 422, name)
    assert desk.ask("GET", PATH).json()["items"] == []


def test_a_refusal_is_told_in_the_language_of_the_reader(desk: Desk) -> None:
    said = {
        "zh-CN": "是比例，例如 0.95 或 95%，在 0 至 1 之间；不是 95。",
        "en": "is a share, such as 0.95 or 95%, between 0 and 1",
    }
    for language, words in said.items():
        told = desk.ask("POST", PATH, Role.LEADER, json={**TARGET, "value": 95}, headers={"Accept-Language": language})
        assert words in str(problem(told, 422, "target-refused")["detail"])


def test_no_number_is_no_target(desk: Desk) -> None:
    for value in ("NaN", "Infinity"):
        body = f'{{"indicator": "closing_rate", "value": {value}, "owner": "a", "since": "2026-01-01", "reason": "b"}}'
        answer = desk.ask("POST", PATH, Role.LEADER, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in {400, 422}
    problem(desk.ask("GET", f"{PATH}?indicator=nope"), 404, "kpi-unknown")


def test_a_change_is_split_and_says_why_it_cannot_be(desk: Desk) -> None:
    found = desk.ask("GET", f"/api/v1/kpis/handling_time/factors?{SPAN}").json()
    assert (found["before_s"], found["change_s"], found["effects"], found["beside"]) == (None, None, [], "last_period")
    assert found["reason"]
    for path in (f"closing_rate/factors?{SPAN}", f"nope/factors?{SPAN}", f"handling_time/factors?{SPAN}&beside=plan"):
        problem(desk.ask("GET", f"/api/v1/kpis/{path}"), 404, "kpi-unknown")
    empty = "/api/v1/kpis/handling_time/factors?from=2026-03-01&to=2026-03-01"
    problem(desk.ask("GET", empty), 422, "period-refused")


def test_scores_open_to_their_parts_and_these_to_their_figures(desk: Desk) -> None:
    found = desk.ask("GET", f"/api/v1/kpi-scores?table=shift_leader&{SPAN}", headers={"Accept-Language": "en"}).json()
    assert (found["subject"], found["group_by"], found["total"]) == ("post", "", 1)
    assert [grade["colour"] for grade in found["grades"]] == ["green", "blue", "yellow", "red", "black"]
    (score,) = found["scores"]
    assert (score["points"], score["grade"]) == (None, None)
    assert "registration in time" in score["reason"]
    assert [part["figure"]["id"] for part in score["parts"]] == [part["id"] for part in score["parts"]]
    assert sum(part["weight"] for part in score["parts"]) == 1
    assert desk.ask("GET", f"/api/v1/kpi-scores?table=department&{SPAN}").json()["scores"] == []
    problem(desk.ask("GET", f"/api/v1/kpi-scores?table=nope&{SPAN}"), 404, "scores-unknown")
    problem(desk.ask("GET", f"/api/v1/kpi-scores?table=department&by=grid&{SPAN}"), 404, "scores-unknown")


def test_persons_are_named_to_those_who_plan_and_a_post_is_a_whole_to_others(desk: Desk) -> None:
    case = desk.office.see().case.id
    for action, role, more in (
        ("confirm", Role.ACCEPTOR, {}),
        ("register", Role.LEADER, {"condition": "乱扔垃圾"}),
        ("force_close", Role.OPERATOR, {"reason": "重大活动"}),
    ):
        step(desk, f"/api/v1/cases/{case}", role, action, **more)
    begin, end = "2020-01-01", "2100-01-01"
    span, english = f"from={begin}&to={end}", {"Accept-Language": "en"}
    path = f"/api/v1/kpi-scores?table=shift_leader&{span}"
    found = desk.ask("GET", path, Role.SUPERVISOR, headers=english).json()
    assert (found["group_by"], [one["group"] for one in found["scores"]]) == ("person", ["leader", "operator"])
    assert [part["group_by"] for part in found["whole"]["parts"]] == ["registered_by", "registered_by", "closed_by"]
    for score in found["scores"]:
        assert score["points"] is None
        assert "nothing to divide" in score["reason"]
    for group_by, person in (("registered_by", "leader"), ("closed_by", "operator")):
        (part, *_) = [part for part in found["whole"]["parts"] if part["group_by"] == group_by]
        rows = f"/api/v1/kpis/{part['id']}/rows?{span}&group_by={group_by}&group={person}"
        assert [row["case"] for row in desk.ask("GET", rows, Role.SUPERVISOR).json()["items"]] == [case]
    for role, by in ((Role.VIEWER, ""), (Role.COLLECTOR, ""), (Role.SUPERVISOR, "&by=post")):
        whole = desk.ask("GET", path + by, role, headers=english).json()
        assert (whole["group_by"], whole["whole"], whole["scores"]) == ("", None, [found["whole"]])
        assert "operator" not in str(whole)
    problem(desk.ask("GET", f"{path}&by=person", Role.DISPATCHER), 403, "role-missing")
    problem(desk.ask("GET", f"{path}&by=unit", Role.SUPERVISOR), 404, "scores-unknown")
    wrong = f"/api/v1/kpis/closing_rate?{SPAN}&group_by=dispatched_by"
    problem(desk.ask("GET", wrong, Role.SUPERVISOR), 404, "kpi-unknown")
    problem(desk.ask("GET", wrong), 403, "role-missing")


def test_no_target_is_said_of_a_person(desk: Desk) -> None:
    target = {**TARGET, "indicator": "dispatch_accuracy", "group": "dispatched_by=wang"}
    problem(desk.ask("POST", PATH, Role.LEADER, json=target), 422, "target-refused")


def test_days_begin_at_midnight_of_the_city(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, timezone="Asia/Urumqi")
    with office(settings) as opened:
        opened.staff()
        api = build_api(opened.services, opened.clock, settings, secrets.token_bytes)
        found = Desk(opened, TestClient(api)).ask("GET", f"/api/v1/kpis/closing_rate?{SPAN}").json()
    assert (found["begin"], found["end"]) == ("2026-02-28T18:00:00Z", "2026-03-31T18:00:00Z")
