"""A case through the API: read, decided, refused."""

import hashlib

from central.core.standards import Draft
from central.core.values import Role
from central.settings.sheet_file import read_sheet
from tests.support.api_desk import REPORT, SHA, Desk, problem, step
from tests.support.office import ADMINISTRATOR, UNIT, jpeg
from tests.support.sources import REPOSITORY


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


def test_actions_say_why_not(desk: Desk) -> None:
    view = desk.office.see()
    path = f"/api/v1/cases/{view.case.id}/actions"
    for role, allowed in ((Role.VIEWER, False), (Role.OPERATOR, True)):
        items = {item["action"]: item for item in desk.ask("GET", path, role).json()["items"]}
        assert items["confirm"]["allowed"] is allowed
        assert bool(items["confirm"]["why_not"]) is not allowed
