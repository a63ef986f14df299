"""The API over real services: answers, refusals, roles."""

import asyncio
import base64
import hashlib
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient
from starlette.types import Message

from central.api import build_api
from central.api.problems import TYPE_PREFIX, Problem
from central.api.resources.evidence import UPLOADS_MAX, UPLOADS_PER_SENDER_MAX, Uploads
from central.core.exchange import Party, Wants
from central.core.retention import RetentionPolicy
from central.core.standards import Draft
from central.core.values import Actor, ActorKind, Role
from central.services.retention import Retention
from central.settings.sheet_file import read_sheet
from protocol import messages as m
from protocol.messages import PROTOCOL_MAJOR, PROTOCOL_MINOR
from tests.support.office import ADMINISTRATOR, BOX, UNIT, Office, jpeg, office, settings_in
from tests.support.sources import REPOSITORY

SHA = "ab" * 32


@dataclass
class Desk:
    """The office and its API."""

    office: Office
    client: TestClient

    def ask(self, method: str, path: str, role: Role | None = Role.VIEWER, **options: object) -> Response:
        """Send a request as a person of a role."""
        headers = {"Authorization": f"Bearer {self.office.tokens[role]}"} if role else {}
        headers |= options.pop("headers", {})  # type: ignore[arg-type]
        return self.client.request(method, path, headers=headers, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Return an office that is closed again: its folder is copied for each test, migrations run once."""
    with office(settings_in(tmp_path_factory.mktemp("staffed"))) as opened:
        opened.staff()
    return opened


@pytest.fixture
def desk(staffed: Office, tmp_path: Path) -> Iterator[Desk]:
    settings = settings_in(tmp_path)
    shutil.copytree(staffed.settings.data_dir, tmp_path, dirs_exist_ok=True)
    with office(settings) as opened:
        opened.tokens, opened.secret = staffed.tokens, staffed.secret
        opened.born()
        api = build_api(opened.services, opened.clock, settings, secrets.token_bytes)
        yield Desk(opened, TestClient(api, raise_server_exceptions=False, follow_redirects=False))


def problem(answer: Response, status: int, name: str) -> dict[str, object]:
    """Check that an answer is this problem; return its members."""
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, object] = answer.json()
    assert (answer.status_code, body["status"], body["type"]) == (status, status, TYPE_PREFIX + name), body
    assert body["title"]
    assert body["detail"]
    return body


# ---------- everything ----------


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


# ---------- roles ----------

EVERYBODY: dict[Role | None, int] = {None: 401, **dict.fromkeys(Role, 200)}
CASEWORKERS = set(Role) - {Role.VIEWER, Role.TECHNICIAN}


def only(status: int, *roles: Role, others: int = 403) -> dict[Role | None, int]:
    """Return what each role is answered when these get `status`."""
    return {None: 401, **{role: status if role in roles else others for role in Role}}


REPORT = {"source": "hotline", "reporter": "12319", "place": "人民路 88 号"}
COMMAND = {"name": "snapshot", "camera": "cam-1", "timeout_s": 30}

ROLE_TABLE = [
    *[
        ("GET", path, None, EVERYBODY)
        for path in (
            "/api/v1/cases",
            "/api/v1/cases/export.csv",
            "/api/v1/cases/map.geojson",
            "/api/v1/cases/{case}",
            "/api/v1/cases/{case}/history",
            "/api/v1/cases/{case}/actions",
            "/api/v1/standards",
            "/api/v1/evidence/{picture}",
            "/api/v1/cameras",
            "/api/v1/cameras/box-01.cam-1",
            "/api/v1/cameras/box-01.cam-1/states",
            "/api/v1/boxes",
            "/api/v1/boxes/box-01",
            "/api/v1/boxes/box-01/states",
            "/api/v1/events",
            "/api/v1/alerts",
            "/api/v1/changes",
            "/api/v1/transfers",
            "/api/v1/series?metric=fps&entity=box-01.cam-1",
        )
    ],
    ("GET", "/api/v1/health", None, dict.fromkeys(EVERYBODY, 200)),
    ("POST", "/join/v1", {"code": "AAAA-AAAA-AAAA-AAAA-AAAA"}, dict.fromkeys(EVERYBODY, 403)),
    ("HEAD", f"/edge/v1/evidence/{SHA}", None, dict.fromkeys(EVERYBODY, 401)),
    ("PUT", f"/edge/v1/evidence/{SHA}", None, dict.fromkeys(EVERYBODY, 401)),
    ("POST", "/api/v1/cases", REPORT, only(201, Role.OPERATOR, Role.ACCEPTOR, Role.COLLECTOR, Role.SUPERVISOR)),
    ("POST", "/api/v1/cases/{case}/actions", {"action": "confirm"}, only(200, Role.OPERATOR, Role.ACCEPTOR)),
    ("GET", "/api/v1/partners", None, only(200, Role.OPERATOR, Role.TECHNICIAN)),
    ("PUT", "/api/v1/cases/{case}/lease", {}, only(200, *CASEWORKERS)),
    ("DELETE", "/api/v1/cases/{case}/lease", None, only(204, *CASEWORKERS)),
    ("PUT", f"/api/v1/evidence/{SHA}", None, only(422, *CASEWORKERS)),
    (
        "POST",
        "/api/v1/boxes/box-01/commands",
        COMMAND,
        only(202, Role.OPERATOR, Role.TECHNICIAN),
    ),
    (
        "GET",
        "/api/v1/boxes/box-01/commands/00000000-0000-0000-0000-000000000000",
        None,
        only(404, *Role),
    ),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"), ROLE_TABLE, ids=[f"{row[0]} {row[1]}" for row in ROLE_TABLE]
)
def test_roles(
    desk: Desk, method: str, path: str, body: dict[str, object] | None, expected: dict[Role | None, int]
) -> None:
    seen = {}
    for role in expected:
        view = desk.office.see(zone=f"z-{role or 'nobody'}")
        address = path.format(case=view.case.id, picture=view.evidence[0].sha256)
        seen[role] = desk.ask(method, address, role, json=body, headers={"If-Match": '"1"'}).status_code
    assert seen == expected


def test_the_role_table_holds_every_address(desk: Desk) -> None:
    known = {(method, path.partition("?")[0]) for method, path, _, _ in ROLE_TABLE}
    described = desk.ask("GET", "/api/v1/openapi.json", None).json()["paths"]
    count = sum(len(operations) for operations in described.values())
    assert count == len(known)


# ---------- cases ----------


def test_a_case_tells_everything(desk: Desk) -> None:
    view = desk.office.see("cam-2", pictures=2)
    answer = desk.ask("GET", f"/api/v1/cases/{view.case.id}")
    body = answer.json()
    assert answer.headers["etag"] == '"1"'
    assert body["status"] == "candidate"
    assert (body["camera"], body["zone"], body["scene"], body["label"]) == ("box-01.cam-2", "z1", "stay", "stall")
    assert body["place"] == "大像山镇北关东路 12 号门前"
    assert body["ended"] is False
    assert [picture["kind"] for picture in body["evidence"]] == ["raised", "started"]
    assert {picture["episode"] for picture in body["evidence"]} == {body["episodes"][0]["id"]}
    assert body["opened_at"].endswith("Z")


def test_a_decision_needs_the_version_that_was_seen(desk: Desk) -> None:
    view = desk.office.see()
    path, body = f"/api/v1/cases/{view.case.id}/actions", {"action": "confirm"}
    problem(desk.ask("POST", path, Role.OPERATOR, json=body), 428, "version-missing")
    problem(desk.ask("POST", path, Role.OPERATOR, json=body, headers={"If-Match": "*"}), 428, "version-missing")
    for stale in ('"7"', "rubbish", 'W/"1"'):
        answer = desk.ask("POST", path, Role.OPERATOR, json=body, headers={"If-Match": stale})
        problem(answer, 412, "stale-version")
    taken = desk.ask("POST", path, Role.OPERATOR, json=body, headers={"If-Match": '"1"'})
    assert (taken.status_code, taken.json()["status"], taken.headers["etag"]) == (200, "accepted", '"2"')
    again = desk.ask("POST", path, Role.OPERATOR, json=body, headers={"If-Match": '"2"'})
    assert problem(again, 409, "illegal-transition")["allowed"] == [
        "reject",
        "gone",
        "register",
        "merge",
        "force_close",
        "transfer",
    ]


def test_a_rejection_needs_a_typed_reason_and_is_in_the_history(desk: Desk) -> None:
    view = desk.office.see()
    path, head = f"/api/v1/cases/{view.case.id}", {"If-Match": '"1"'}
    problem(
        desk.ask("POST", f"{path}/actions", Role.OPERATOR, json={"action": "reject"}, headers=head),
        422,
        "guard-refused",
    )
    wrong = {"action": "reject", "reason": "bad mood"}
    refused = problem(
        desk.ask("POST", f"{path}/actions", Role.OPERATOR, json=wrong, headers=head), 422, "guard-refused"
    )
    assert refused["guards"] == ["typed_reason"]
    body = {"action": "reject", "reason": "false_alarm", "note": "送货临时停靠"}
    assert desk.ask("POST", f"{path}/actions", Role.OPERATOR, json=body, headers=head).json()["status"] == "rejected"
    last = desk.ask("GET", f"{path}/history").json()["items"][-1]
    assert (last["kind"], last["actor_kind"], last["actor"]) == ("reject", "person", "operator")
    assert (last["reason"], last["note"]) == ("false_alarm", "送货临时停靠")


def step(desk: Desk, path: str, role: Role, action: str, **more: object) -> dict[str, object]:
    """Take an action on a case as it stands now; return the case."""
    seen = desk.ask("GET", path).headers["etag"]
    answer = desk.ask("POST", f"{path}/actions", role, json={"action": action, **more}, headers={"If-Match": seen})
    assert answer.status_code == 200, answer.json()
    body: dict[str, object] = answer.json()
    return body


def test_a_case_goes_through_the_hands_of_every_post(desk: Desk) -> None:
    photo = jpeg("after")
    evidence = [hashlib.sha256(photo).hexdigest()]
    assert desk.ask("PUT", f"/api/v1/evidence/{evidence[0]}", Role.DEPARTMENT, content=photo).status_code == 201
    path = desk.ask("POST", "/api/v1/cases", Role.ACCEPTOR, json=REPORT).headers["location"]
    assert step(desk, path, Role.ACCEPTOR, "accept")["status"] == "accepted"
    assert step(desk, path, Role.LEADER, "register", condition="占道")["status"] == "registered"
    dispatched = step(desk, path, Role.DISPATCHER, "dispatch", unit=UNIT)
    assert (dispatched["status"], dispatched["unit"]) == ("dispatched", UNIT)
    shown = desk.ask("GET", path, headers={"Accept-Language": "en"}).json()
    assert shown["due_at"] == shown["stages"][-1]["due_at"]
    assert shown["stages"][-1] | {"stage": "handling", "paused": False, "overtime": False} == shown["stages"][-1]
    assert shown["deadline"][0].startswith("limit 1 working_days, time system")
    assert desk.ask("GET", path, headers={"Accept-Language": "zh"}).json()["deadline"][0].startswith("时限 1工作日")
    step(desk, path, Role.DEPARTMENT, "take")
    step(desk, path, Role.DEPARTMENT, "submit", evidence=evidence)
    step(desk, path, Role.COLLECTOR, "pass", evidence=evidence)
    assert step(desk, path, Role.LEADER, "close", condition="已清理")["status"] == "closed"
    closed = desk.ask("GET", path).json()
    assert (closed["state"]["closing"], closed["state"]["overtime"], closed["deadline"]) == ("normal", False, [])
    assert all(stage["ended_at"] for stage in closed["stages"])
    lines = desk.ask("GET", f"{path}/history").json()["items"]
    assert [line["details"].get("unit") for line in lines if line["kind"] == "dispatch"] == [UNIT]


def test_a_refusal_names_what_is_missing(desk: Desk) -> None:
    view = desk.office.see()
    path = f"/api/v1/cases/{view.case.id}"

    def refused(role: Role, status: int, name: str, **body: object) -> dict[str, object]:
        seen = {"If-Match": desk.ask("GET", path).headers["etag"]}
        return problem(desk.ask("POST", f"{path}/actions", role, json=body, headers=seen), status, name)

    assert refused(Role.DISPATCHER, 403, "post-missing", action="confirm")["posts"] == ["acceptor", "clock"]
    assert refused(Role.OPERATOR, 409, "illegal-transition", action="close")["allowed"] == [
        "confirm", "reject", "gone", "merge", "force_close",
    ]  # fmt: skip
    step(desk, path, Role.OPERATOR, "confirm")
    assert refused(Role.LEADER, 422, "guard-refused", action="register")["guards"] == ["condition"]
    assert refused(Role.OPERATOR, 422, "guard-refused", action="merge", into="none")["guards"] == ["survivor_open"]
    refused(Role.OPERATOR, 422, "picture-missing", action="force_close", reason="x", evidence=[SHA])
    refused(Role.OPERATOR, 422, "invalid-request", action="force_close", reason="x" * 65)
    refused(Role.OPERATOR, 422, "invalid-request", action="ask_suspension", until="2026-03-09T00:00:00")


def test_actions_are_told_in_the_callers_language(desk: Desk) -> None:
    view = desk.office.see()
    path = f"/api/v1/cases/{view.case.id}/actions"

    def offered(role: Role, *language: str) -> dict[str, dict[str, object]]:
        headers = {"Accept-Language": language[0]} if language else {}
        return {item["action"]: item for item in desk.ask("GET", path, role, headers=headers).json()["items"]}

    reject = offered(Role.OPERATOR, "en-GB,en;q=0.9")["reject"]
    assert (reject["word"], reject["asks"], reject["why_not"]) == ("Reject", ["typed_reason"], "")
    assert "false_alarm" in reject["reasons"]  # type: ignore[operator]
    assert offered(Role.VIEWER, "en")["reject"]["why_not"] == "This needs the post acceptor"
    assert offered(Role.VIEWER, "fr, zh-CN")["reject"]["why_not"] == "需要岗位：受理员"
    assert offered(Role.VIEWER)["reject"]["posts"] == ["acceptor"]
    assert set(offered(Role.VIEWER)) == {"confirm", "reject", "gone", "merge", "force_close"}


def test_cases_are_registered_under_the_citys_standards(desk: Desk) -> None:
    assert desk.ask("GET", "/api/v1/standards").json() == {"items": [], "next": None}
    draft = desk.office.services.standards.read(read_sheet(REPOSITORY / "docs" / "examples" / "standards.csv"))
    assert isinstance(draft, Draft)
    desk.office.services.standards.adopt(draft, "standards.csv", ADMINISTRATOR, desk.office.now())
    page = desk.ask("GET", "/api/v1/standards?code=04-05&limit=1").json()
    (shop,) = page["items"]
    assert (shop["version"], shop["limit"], shop["recurrence"]) == (1, "2紧急工作时", "new_case")
    problem(desk.ask("GET", "/api/v1/standards?code=4"), 422, "invalid-request")

    opened = desk.ask("POST", "/api/v1/cases", Role.OPERATOR, json=REPORT | {"scene": "out_of_store"})
    path = opened.headers["location"]
    desk.ask("POST", f"{path}/actions", Role.OPERATOR, json={"action": "accept"}, headers={"If-Match": '"1"'})
    offered = desk.ask("GET", f"{path}/actions", Role.OPERATOR).json()["items"]
    assert {item["action"]: [one["id"] for one in item["conditions"]] for item in offered if item["conditions"]} == {
        "register": [shop["id"]]
    }
    wrong = {"action": "register", "condition": "x"}
    answer = desk.ask("POST", f"{path}/actions", Role.OPERATOR, json=wrong, headers={"If-Match": '"2"'})
    known = problem(answer, 422, "condition-unknown")["known"]
    assert known == [{"id": shop["id"], "code": "04-05", "condition": shop["condition"]}]
    right = {"action": "register", "condition": shop["id"]}
    answer = desk.ask("POST", f"{path}/actions", Role.OPERATOR, json=right, headers={"If-Match": '"2"'})
    assert answer.status_code == 200
    state = desk.ask("GET", path).json()["state"]
    assert (state["standard"], state["standards_version"], state["registered_under"]) == (
        shop["id"],
        1,
        shop["condition"],
    )
    assert (state["units"], state["closing_condition"]) == (shop["units"], shop["closing"])


def test_a_collector_handles_on_the_spot(desk: Desk) -> None:
    photos = [jpeg("before"), jpeg("after")]
    hashes = [hashlib.sha256(photo).hexdigest() for photo in photos]
    for digest, photo in zip(hashes, photos, strict=True):
        desk.ask("PUT", f"/api/v1/evidence/{digest}", Role.COLLECTOR, content=photo)
    body = REPORT | {"source": "collector", "self_handled": True}
    one = desk.ask("POST", "/api/v1/cases", Role.COLLECTOR, json=body | {"evidence": hashes[:1]})
    assert problem(one, 422, "guard-refused")["guards"] == ["two_pictures"]
    two = desk.ask("POST", "/api/v1/cases", Role.COLLECTOR, json=body | {"evidence": hashes})
    assert (two.status_code, two.json()["status"]) == (201, "awaiting_close")
    assert desk.ask("GET", two.headers["location"]).json()["state"]["self_handled"] is True


def test_actions_say_why_not(desk: Desk) -> None:
    view = desk.office.see()
    path = f"/api/v1/cases/{view.case.id}/actions"
    for role, allowed in ((Role.VIEWER, False), (Role.OPERATOR, True)):
        items = {item["action"]: item for item in desk.ask("GET", path, role).json()["items"]}
        assert items["confirm"]["allowed"] is allowed
        assert bool(items["confirm"]["why_not"]) is not allowed


def test_a_person_reports_a_case_with_a_photo(desk: Desk) -> None:
    photo = jpeg("photo")
    digest = hashlib.sha256(photo).hexdigest()
    assert desk.ask("PUT", f"/api/v1/evidence/{digest}", Role.OPERATOR, content=photo).status_code == 201
    assert desk.ask("PUT", f"/api/v1/evidence/{digest}", Role.OPERATOR, content=photo).status_code == 204
    answer = desk.ask("POST", "/api/v1/cases", Role.OPERATOR, json=REPORT | {"evidence": [digest]})
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/cases/{answer.json()['id']}"
    assert [picture["sha256"] for picture in answer.json()["evidence"]] == [digest]
    assert desk.ask("GET", answer.headers["location"]).json()["source"] == "hotline"


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"source": "detector"}, "report-refused"),
        ({"place": ""}, "report-refused"),
        ({"camera": "box-01.cam-99"}, "report-refused"),
        ({"evidence": [SHA]}, "report-refused"),
        ({"source": "rumour"}, "invalid-request"),
        ({"colour": "red"}, "invalid-request"),
        ({"latitude": 34.7}, "invalid-request"),
        ({"latitude": 91, "longitude": 105}, "invalid-request"),
        ({"description": "x" * 1001}, "invalid-request"),
    ],
)
def test_a_wrong_report_is_refused(desk: Desk, change: dict[str, object], name: str) -> None:
    problem(desk.ask("POST", "/api/v1/cases", Role.OPERATOR, json=REPORT | change), 422, name)


def test_a_second_caller_joins_the_case_of_the_first(desk: Desk) -> None:
    told = REPORT | {"scene": "bin_overflow", "latitude": 34.7368, "longitude": 105.3382}
    first = desk.ask("POST", "/api/v1/cases", Role.OPERATOR, json=told)
    second = desk.ask("POST", "/api/v1/cases", Role.OPERATOR, json=told | {"source": "web", "reporter": "李四"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.headers["location"] == first.headers["location"] == f"/api/v1/cases/{second.json()['id']}"
    case = desk.ask("GET", second.headers["location"]).json()
    assert (case["source"], case["reporter"], case["recurrence_of"], case["recurrence"]) == ("hotline", "12319", "", 0)
    assert [(one["source"], one["reporter"]) for one in case["reports"]] == [("hotline", "12319"), ("web", "李四")]
    assert desk.ask("POST", "/api/v1/cases", Role.OPERATOR, json=told | {"join": False}).status_code == 201


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


# ---------- lists ----------


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


# ---------- pictures ----------


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


# ---------- joining ----------


def test_a_code_opens_the_door_once(desk: Desk) -> None:
    code = desk.office.new_join_code("box-02")
    answer = desk.client.post("/join/v1", json={"code": code, "hostname": "cabinet-7"})
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    connection = answer.json()["connection"]
    assert (connection["box"], len(connection["secret"])) == ("box-02", 43)
    used = problem(desk.client.post("/join/v1", json={"code": code}), 403, "join-refused")
    guessed = problem(desk.client.post("/join/v1", json={"code": "AAAA-BBBB-CCCC-DDDD-2222"}), 403, "join-refused")
    expired_code = desk.office.new_join_code("box-03")
    desk.office.at += timedelta(hours=73)
    expired = problem(desk.client.post("/join/v1", json={"code": expired_code}), 403, "join-refused")
    assert used == guessed == expired


def test_guessing_is_stopped(desk: Desk) -> None:
    answers = [desk.client.post("/join/v1", json={"code": "AAAA-BBBB-CCCC-DDDD-2222"}) for _ in range(12)]
    problem(answers[0], 403, "join-refused")
    problem(answers[-1], 429, "too-many-guesses")
    assert int(answers[-1].headers["retry-after"]) > 0


# ---------- exchange ----------


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
