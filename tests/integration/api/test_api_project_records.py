"""Records of the project through the API."""

import pytest

from central.core.values import Role
from tests.support.api_desk import Desk, problem

AT = "/api/v1/project-records"
LINE = {"id": "build", "name": "平台建设", "planned_cny": "278900.00", "year": 2026}
CONTRACT = {
    "id": "c1",
    "name": "视频智能分析平台",
    "budget_line": "build",
    "amount_cny": 270000.5,
    "supplier": "Société Générale",
    "signed": "2025-12-31",
    "items": [{"id": "cameras", "name": "摄像机", "quantity": 50}],
}
PAYMENT = {"id": "p1", "contract": "c1", "paid": "2026-01-05", "amount_cny": "135000.25"}
DEVICE = {"id": "d1", "item": "cameras", "device": "b1.cam-1", "on": "2026-01-06"}
OTHERS = {
    "acceptances": {"id": "a1", "item": "cameras", "on": "2026-01-07", "passed": True, "by": "王工"},
    "trainings": {"id": "t1", "on": "2026-01-08", "subject": "操作", "attended": 20},
    "surveys": {
        "id": "s1",
        "asked": "citizen",
        "on": "2026-01-09",
        "question": "满意吗",
        "strata": [{"name": "东街", "population": 900, "answered": 3, "satisfied": 3}],
    },
    "milestones": {"id": "m1", "name": "验收", "due": "2027-06-30"},
    "interviews": {"on": "2026-01-10", "who": "商户", "said": "好"},
}


def enter(desk: Desk, kind: str, record: object, role: Role = Role.SUPERVISOR, status: int = 201) -> dict[str, object]:
    answer = desk.ask("POST", f"{AT}/{kind}", role, json=record)
    assert answer.status_code == status, answer.text
    body: dict[str, object] = answer.json()
    return body


@pytest.fixture
def books(desk: Desk) -> Desk:
    for kind, record in (("budget-lines", LINE), ("contracts", CONTRACT), ("payments", PAYMENT), ("devices", DEVICE)):
        enter(desk, kind, record)
    return desk


def test_each_kind_is_entered_listed_and_kept_with_its_author(books: Desk) -> None:
    for kind, record in OTHERS.items():
        made = enter(books, kind, record)
        assert made == enter(books, kind, record)
        (listed,) = books.ask("GET", f"{AT}/{kind}").json()["items"]
        assert listed == made
        assert (made["revision"], made["source"], made["reason"], made["withdrawn"]) == (1, "api", "", False)
    (paid,) = books.ask("GET", f"{AT}/payments", params={"year": 2026}).json()["items"]
    assert (paid["record"]["amount_cny"], paid["day"]) == ("135000.25", "2026-01-05")
    assert books.ask("GET", f"{AT}/payments", params={"year": 2025}).json() == {"items": [], "next": None}
    (contract,) = books.ask("GET", f"{AT}/contracts", params={"year": 2025}).json()["items"]
    assert contract["record"]["supplier"] == "Société Générale"


def test_lists_are_paged(books: Desk) -> None:
    for number in range(2, 5):
        enter(books, "payments", {**PAYMENT, "id": f"p{number}"})
    first = books.ask("GET", f"{AT}/payments", params={"limit": 3}).json()
    rest = books.ask("GET", f"{AT}/payments", params={"limit": 3, "cursor": first["next"]}).json()
    assert [one["id"] for one in [*first["items"], *rest["items"]]] == ["p4", "p3", "p2", "p1"]
    problem(books.ask("GET", f"{AT}/payments", params={"cursor": "?"}), 422, "bad-cursor")
    for kind, more in (("contracts", {}), ("payments", {"year": 2026}), ("payments", {"withdrawn": True})):
        other = books.ask("GET", f"{AT}/{kind}", params={"cursor": first["next"], **more})
        assert "用于同一列表和同样的筛选" in str(problem(other, 422, "bad-cursor")["detail"])


def test_the_states_of_a_record_are_paged(books: Desk) -> None:
    for number in (1, 2):
        right = {"revision": number, "reason": f"第 {number} 次", "record": {**PAYMENT, "voucher": f"记-{number}"}}
        assert books.ask("PUT", f"{AT}/payments/p1", Role.OPERATOR, json=right).status_code == 200
    path = f"{AT}/payments/p1/revisions"
    first = books.ask("GET", path, params={"limit": 2}).json()
    rest = books.ask("GET", path, params={"limit": 2, "cursor": first["next"]}).json()
    assert [one["revision"] for one in (*first["items"], *rest["items"])] == [1, 2, 3]
    assert rest["next"] is None
    problem(books.ask("GET", path, params={"limit": 1001}), 422, "invalid-request")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.TECHNICIAN, Role.DEPARTMENT])
def test_others_read_and_do_not_enter(books: Desk, role: Role) -> None:
    assert books.ask("GET", f"{AT}/payments", role).status_code == 200
    problem(books.ask("POST", f"{AT}/payments", role, json=PAYMENT), 403, "role-missing")
    problem(books.ask("GET", f"{AT}/payments", None), 401, "not-signed-in")


@pytest.mark.parametrize(
    ("kind", "record", "name", "at"),
    [
        ("payments", {**PAYMENT, "id": "p2", "contract": "c9"}, "record-refused", "record.contract"),
        ("payments", {**PAYMENT, "id": "p2", "paid": "2199-01-01"}, "record-refused", "record.paid"),
        ("payments", {**PAYMENT, "amount_cny": 1}, "record-refused", "record.id"),
        ("payments", {**PAYMENT, "id": "p2", "amount_cny": -1}, "invalid-request", "body.amount_cny"),
        ("payments", {**PAYMENT, "id": "p2", "paid": "2026-02-30"}, "invalid-request", "body.paid"),
        ("payments", {**PAYMENT, "id": "p2", "paid": 1}, "invalid-request", "body.paid"),
        ("payments", {**PAYMENT, "id": "p2", "sum": 1}, "invalid-request", "body.sum"),
        ("devices", {**DEVICE, "id": "d2", "device": None}, "invalid-request", "body"),
        ("budget-lines", {**LINE, "id": "l2", "year": None}, "record-refused", "record.year"),
    ],
)
def test_what_cannot_be_is_a_problem_with_its_key(books: Desk, kind: str, record: object, name: str, at: str) -> None:
    errors = problem(books.ask("POST", f"{AT}/{kind}", Role.OPERATOR, json=record), 422, name)["errors"]
    assert isinstance(errors, list)
    assert [one["at"] for one in errors] == [at]


def test_a_correction_names_what_was_seen_and_why(books: Desk) -> None:
    right = {"revision": 1, "reason": "录入有误", "record": {**PAYMENT, "amount_cny": 1}}
    made = [books.ask("PUT", f"{AT}/payments/p1", Role.SUPERVISOR, json=right) for _ in range(2)]
    assert made[0].json() == made[1].json()
    assert (made[0].json()["revision"], made[0].json()["reason"]) == (2, "录入有误")
    stale = problem(
        books.ask("PUT", f"{AT}/payments/p1", Role.SUPERVISOR, json={**right, "reason": "x"}), 412, "stale-revision"
    )
    assert stale["current_revision"] == 2
    problem(books.ask("PUT", f"{AT}/payments/p9", Role.SUPERVISOR, json=right), 422, "record-refused")
    other = {**right, "record": {**PAYMENT, "id": "p9"}}
    problem(books.ask("PUT", f"{AT}/payments/p9", Role.SUPERVISOR, json=other), 404, "record-unknown")
    problem(
        books.ask("PUT", f"{AT}/payments/p1", Role.SUPERVISOR, json={**right, "reason": " "}), 422, "invalid-request"
    )
    states = books.ask("GET", f"{AT}/payments/p1/revisions").json()["items"]
    assert [one["record"]["amount_cny"] for one in states] == ["135000.25", "1"]


def test_what_is_withdrawn_stays_to_be_read_and_what_is_named_stays(books: Desk) -> None:
    why = {"revision": 1, "reason": "重复"}
    problem(books.ask("POST", f"{AT}/contracts/c1/withdrawal", Role.SUPERVISOR, json=why), 409, "record-needed")
    for _ in range(2):
        gone = books.ask("POST", f"{AT}/payments/p1/withdrawal", Role.SUPERVISOR, json=why).json()
        assert (gone["revision"], gone["withdrawn"], gone["reason"]) == (2, True, "重复")
    assert books.ask("GET", f"{AT}/payments").json()["items"] == []
    assert len(books.ask("GET", f"{AT}/payments", params={"withdrawn": True}).json()["items"]) == 1


def test_the_chain_is_followed_both_ways_and_contradictions_are_flagged(books: Desk) -> None:
    chains = [
        books.ask("GET", f"{AT}/{place}/chain").json()
        for place in ("budget-lines/build", "contracts/c1", "payments/p1", "devices/d1")
    ]
    assert all(one == chains[0] for one in chains)
    assert {kind: [one["id"] for one in found] for kind, found in chains[0].items() if found} == {
        "budget_lines": ["build"], "contracts": ["c1"], "payments": ["p1"], "devices": ["d1"],
    }  # fmt: skip
    problem(books.ask("GET", f"{AT}/devices/d9/chain"), 404, "record-unknown")
    enter(books, "payments", {**PAYMENT, "id": "p2", "amount_cny": 270000})
    flags = books.ask("GET", f"{AT}/flags", headers={"Accept-Language": "en"}).json()["items"]
    assert [one["id"] for one in flags] == ["payments_over_contract", "device_unknown"]
