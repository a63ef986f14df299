"""The door of outside parties: a partner's own token, and what it opens."""

import secrets

from httpx2 import Response

from central.core.exchange import Party, Wants
from central.core.values import Role
from tests.support.api_desk import REPORT, Desk, problem
from tests.support.office import ADMINISTRATOR


def test_a_partners_token_opens_its_own_transfers_and_nothing_else(desk: Desk) -> None:
    services, now = desk.office.services, desk.office.now()
    for name in ("police", "traffic"):
        services.exchange.add_partner(
            name, Party.POLICE, "", Wants.CASES, actor=ADMINISTRATOR, now=now, random=secrets.token_bytes
        )
    token = services.receipts.new_token("police", secrets.token_bytes)
    for partner in ("police", "traffic"):
        case = desk.ask("POST", "/api/v1/cases", Role.OPERATOR, json=REPORT).json()
        steps = ({"action": "accept"}, {"action": "transfer", "partner": partner, "reason": "持械"})
        for version, step in enumerate(steps, 1):
            headers = {"If-Match": f'"{version}"'}
            address = f"/api/v1/cases/{case['id']}/actions"
            assert desk.ask("POST", address, Role.OPERATOR, json=step, headers=headers).status_code == 200

    def ask(method: str, path: str, **more: object) -> Response:
        return desk.ask(method, path, None, headers={"Authorization": f"Bearer {token}"}, **more)

    (own,) = ask("GET", "/partner/v1/transfers", params={"unanswered": True}).json()["items"]
    assert (own["place"], own["status"], own["answer"]) == (REPORT["place"], "accepted", None)
    assert not {"reporter", "reason", "sent_by", "answered_by", "description", "partner"} & set(own)
    listed = desk.ask("GET", "/api/v1/transfers").json()["items"]
    (foreign,) = [one["id"] for one in listed if one["partner"] == "traffic"]
    receipt = {"answer": "accepted", "external_id": "110-2026-7"}
    problem(ask("PUT", f"/partner/v1/transfers/{foreign}/receipt", json=receipt), 404, "transfer-unknown")
    address = f"/partner/v1/transfers/{own['id']}/receipt"
    problem(ask("PUT", address, json=receipt | {"colour": "red"}), 422, "invalid-request")
    for _ in range(2):
        assert ask("PUT", address, json=receipt).json()["external_id"] == "110-2026-7"
    problem(ask("PUT", address, json={"answer": "refused"}), 409, "receipt-given")
    for method, path in (("GET", "/api/v1/cases"), ("GET", "/api/v1/changes"), ("POST", "/api/v1/cases")):
        problem(ask(method, path, json=REPORT if method == "POST" else None), 401, "not-signed-in")
    history = desk.ask("GET", f"/api/v1/cases/{own['case']}/history").json()["items"]
    assert [(one["actor_kind"], one["actor"]) for one in history if one["kind"] == "receipt"] == [("partner", "police")]
