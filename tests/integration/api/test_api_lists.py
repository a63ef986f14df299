"""Lists of the API: cases, boxes, cameras, events, commands, figures, changes."""

import secrets
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from central.api import build_api
from central.core.exchange import Party, Wants
from central.core.fleet.series import SeriesHour
from central.core.retention import RetentionPolicy
from central.core.values import Role
from central.services.retention import Retention
from protocol import messages as m
from tests.support.api_desk import COMMAND, REPORT, SHA, Desk, problem
from tests.support.office import ADMINISTRATOR, BOX, Office, office, settings_in
from tests.support.ports import LOOPBACK, free_port


def test_what_is_not_there_is_not_found(desk: Desk) -> None:
    for path, name in (
        ("/api/v1/cases/none", "case-unknown"),
        ("/api/v1/cases/none/history", "case-unknown"),
        ("/api/v1/cameras/box-01.cam-99", "camera-unknown"),
        ("/api/v1/cameras/x/states", "camera-unknown"),
        ("/api/v1/boxes/box-99", "box-unknown"),
        ("/api/v1/boxes/box-99/states", "box-unknown"),
        (f"/api/v1/evidence/{SHA}", "evidence-unknown"),
    ):
        problem(desk.ask("GET", path), 404, name)


def test_a_case_that_retention_has_deleted_is_gone_and_says_its_number(desk: Desk) -> None:
    case = desk.ask("POST", "/api/v1/cases", Role.OPERATOR, json=REPORT).json()
    path = f"/api/v1/cases/{case['id']}"
    refused = {"action": "reject", "reason": "duplicate", "note": "n"}
    assert desk.ask("POST", f"{path}/actions", Role.OPERATOR, json=refused, headers={"If-Match": '"1"'}).is_success
    desk.office.wait(86_400 * 2)
    assert sum(one.cases for one in Retention(desk.office.stores, RetentionPolicy(cases_days=1)).run(desk.office.at))
    for address in (path, f"{path}/history", f"{path}/actions"):
        told = problem(desk.ask("GET", address), 410, "case-gone")
        assert (told["number"], told["rule"]) == (case["number"], "cases_days=1")
        assert case["number"] in str(told["detail"])


def test_lists_come_in_parts(desk: Desk) -> None:
    for number in range(5):
        desk.office.at += timedelta(seconds=1)
        desk.office.see(zone=f"z{number}")
    seen, cursor, parts = [], "", 0
    while cursor is not None:
        part = desk.ask("GET", "/api/v1/cases", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        seen += [item["zone"] for item in part["items"]]
        cursor, parts = part["next"], parts + 1
    assert seen == ["z4", "z3", "z2", "z1", "z0"]
    assert parts == 3


def test_a_made_up_cursor_is_refused(desk: Desk) -> None:
    for path in ("/api/v1/cases", "/api/v1/events", "/api/v1/boxes", "/api/v1/cameras", "/api/v1/alerts"):
        problem(desk.ask("GET", path, params={"cursor": "rubbish"}), 422, "bad-cursor")


def test_a_cursor_belongs_to_its_list_and_filters(desk: Desk) -> None:
    for number in range(3):
        desk.office.at += timedelta(seconds=1)
        desk.office.see(zone=f"z{number}")
    following = desk.ask("GET", "/api/v1/cases", params={"limit": 1, "status": "candidate"}).json()["next"]
    same = desk.ask("GET", "/api/v1/cases", params={"cursor": following, "status": "candidate", "limit": 9})
    assert [one["zone"] for one in same.json()["items"]] == ["z1", "z0"]
    for path, filters in (("cases", {}), ("cases", {"status": "rejected"}), ("events", {}), ("kpi-months", {})):
        other = desk.ask("GET", f"/api/v1/{path}", params={"cursor": following, **filters})
        problem(other, 422, "bad-cursor")


def test_boxes_and_cameras_are_listed(desk: Desk) -> None:
    desk.office.camera_goes("cam-2", m.CameraState.OFFLINE, m.CameraReason.AUTH_FAILED)
    box = desk.ask("GET", "/api/v1/boxes").json()["items"][0]
    assert (box["id"], box["state"], box["watermark"]["upto"], box["dead_letters"]) == (BOX, "online", 1, 0)
    assert set(box["clock"]) == {"offset_ms", "skewed"}
    states = desk.ask("GET", "/api/v1/boxes/box-01/states").json()["items"]
    assert [(state["state"], state["reason"]) for state in states] == [("online", None), ("waiting", None)]
    assert states[1]["cause"] == "registration:administrator"
    cameras = {camera["id"]: camera for camera in desk.ask("GET", "/api/v1/cameras").json()["items"]}
    assert (cameras["box-01.cam-2"]["state"], cameras["box-01.cam-2"]["reason"]) == ("offline", "auth_failed")
    assert cameras["box-01.cam-1"]["state"] == "online"
    facts = desk.ask("GET", "/api/v1/cameras/box-01.cam-2/states").json()["items"]
    assert facts[0]["reason"] == "auth_failed"
    assert (facts[0]["value"], facts[0]["threshold"]) == (None, None)
    desk.office.camera_goes("cam-1", m.CameraState.DEGRADED, m.CameraReason.COVERED, (0.9, 0.75))
    covered = desk.ask("GET", "/api/v1/cameras/box-01.cam-1").json()
    assert (covered["reason"], covered["value"], covered["threshold"]) == ("covered", 0.9, 0.75)
    fact = desk.ask("GET", "/api/v1/cameras/box-01.cam-1/states").json()["items"][0]
    assert (fact["reason"], fact["value"], fact["threshold"]) == ("covered", 0.9, 0.75)
    later = (desk.office.at + timedelta(days=1)).isoformat()
    assert desk.ask("GET", "/api/v1/cameras/box-01.cam-2/states", params={"from": later}).json()["items"] == []
    alert = desk.ask("GET", "/api/v1/alerts", params={"state": "open"}).json()["items"][0]
    assert (alert["kind"], alert["subject"], alert["reason"]) == ("camera_offline", "box-01.cam-2", "auth_failed")
    assert [notice["kind"] for notice in alert["notices"]] == ["problem"]
    assert desk.ask("GET", "/api/v1/alerts", params={"state": "cleared"}).json()["items"] == []


def test_events_lead_to_their_case(desk: Desk) -> None:
    view = desk.office.see()
    event = desk.ask("GET", "/api/v1/events", params={"type": "gw.event.scene"}).json()["items"][0]
    assert (event["case"], event["box"], event["camera"]) == (view.case.id, BOX, "box-01.cam-1")
    assert event["data"]["label"] == "stall"


def test_a_command_is_taken_and_followed(desk: Desk) -> None:
    answer = desk.ask("POST", "/api/v1/boxes/box-01/commands", Role.TECHNICIAN, json=COMMAND)
    followed = desk.ask("GET", answer.headers["location"]).json()
    assert (followed["state"], followed["name"], followed["camera"]) == ("requested", "snapshot", "cam-1")
    assert followed["requested_by"]
    wrong = COMMAND | {"camera": "cam-99"}
    problem(desk.ask("POST", "/api/v1/boxes/box-01/commands", Role.OPERATOR, json=wrong), 422, "command-refused")
    problem(desk.ask("POST", "/api/v1/boxes/box-99/commands", Role.OPERATOR, json=COMMAND), 404, "box-unknown")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "look", "look": {"zone": "z1", "scene": "road_occupation", "seconds": 5, "box": [0, 0, 1, 1]}}, 202),
        ({"name": "look"}, 422),
        ({"name": "snapshot", "look": {"zone": "z1"}}, 422),
        ({"name": "judged"}, 422),
        ({"name": "look", "look": {"zone": "z1", "seconds": 30}}, 422),
        ({"name": "look", "look": {"zone": "z/1"}}, 422),
        ({"name": "look", "look": {"zone": "z1", "box": [0, 0, 2, 1]}}, 422),
    ],
)
def test_a_look_names_its_zone_and_fits_its_time(desk: Desk, body: dict[str, object], status: int) -> None:
    asked = {"camera": "cam-1", "timeout_s": 30} | body
    assert desk.ask("POST", "/api/v1/boxes/box-01/commands", Role.OPERATOR, json=asked).status_code == status


def test_series_answer_oldest_first(desk: Desk) -> None:
    desk.office.at += timedelta(seconds=15)
    desk.office.beat()
    points = desk.ask("GET", "/api/v1/series", params={"metric": "cpu_share", "entity": BOX}).json()["points"]
    assert [point["value"] for point in points] == [0.2, 0.2]
    assert points[0]["at"] < points[1]["at"]


def test_a_store_of_series_that_is_away_is_named(staffed: Office, tmp_path: Path) -> None:
    settings = settings_in(tmp_path, series_url=f"influxdb+http://{LOOPBACK}:{free_port()}/gw")
    shutil.copytree(staffed.settings.data_dir, tmp_path, dirs_exist_ok=True)
    with office(settings) as opened:
        opened.tokens, opened.secret = staffed.tokens, staffed.secret
        desk = Desk(opened, TestClient(build_api(opened.services, opened.clock, settings, secrets.token_bytes)))
        told = desk.ask("GET", "/api/v1/series", params={"metric": "fps", "entity": BOX})
        assert "series_url" in str(problem(told, 503, "series-unavailable")["detail"])
        assert desk.ask("GET", "/api/v1/cameras").status_code == 200


def test_hours_of_a_series_answer_oldest_first(desk: Desk) -> None:
    begin = datetime(2026, 1, 5, 8, tzinfo=UTC)
    hours = [SeriesHour("fps", BOX, begin + timedelta(hours=n), 240, 9.5, 1.0, 12.0) for n in range(3)]
    desk.office.stores.series.write_hours(hours)
    answer = desk.ask("GET", "/api/v1/series/hours", params={"metric": "fps", "entity": BOX, "limit": 2}).json()
    shown = {"count": 240, "mean": 9.5, "minimum": 1.0, "maximum": 12.0}
    assert answer["hours"] == [shown | {"at": f"2026-01-05T{hour:02}:00:00Z"} for hour in (9, 10)]


def test_changes_are_read_by_number_and_a_partner_shows_no_secret(desk: Desk) -> None:
    exchange = desk.office.services.exchange
    url = "https://police.example/hook?token=s3cret"
    secret = exchange.add_partner(
        "police", Party.POLICE, url, Wants.CASES, actor=ADMINISTRATOR, now=desk.office.now(), random=secrets.token_bytes
    ).get_secret_value()
    case = desk.office.see().case.id
    first = desk.ask("GET", "/api/v1/changes?limit=1").json()
    rest = desk.ask("GET", f"/api/v1/changes?after={first['next']}").json()
    told = [*first["items"], *rest["items"]]
    assert [one["seq"] for one in told] == list(range(1, rest["last"] + 1))
    assert {one["kind"] for one in told} == {"camera", "case"}
    assert (told[-1]["subject"], told[-1]["data"]["action"]) == (case, "opened")
    answer = desk.ask("GET", "/api/v1/partners", Role.TECHNICIAN)
    (shown,) = answer.json()["items"]
    assert (shown["origin"], shown["waiting"], shown["dead"]) == ("https://police.example:443", 1, 0)
    assert not any(hidden in answer.text for hidden in (secret, "s3cret"))
    desk.office.at += timedelta(seconds=90)
    health = desk.ask("GET", "/api/v1/health", None).json()
    assert (health["undelivered"], health["undelivered_age_s"], health["undelivered_dead"]) == (1, 90.0, 0)
