"""The API over an office, for a person of each role."""

from dataclasses import dataclass

from httpx2 import Response
from starlette.testclient import TestClient

from central.api.problems import TYPE_PREFIX
from central.core.values import Role
from tests.support.office import Office

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


def problem(answer: Response, status: int, name: str) -> dict[str, object]:
    """Check that an answer is this problem; return its members."""
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, object] = answer.json()
    assert (answer.status_code, body["status"], body["type"]) == (status, status, TYPE_PREFIX + name), body
    assert body["title"]
    assert body["detail"]
    return body


REPORT = {"source": "hotline", "reporter": "12319", "place": "人民路 88 号"}
COMMAND = {"name": "snapshot", "camera": "cam-1", "timeout_s": 30}


def step(desk: Desk, path: str, role: Role, action: str, **more: object) -> dict[str, object]:
    """Take an action on a case as it stands now; return the case."""
    seen = desk.ask("GET", path).headers["etag"]
    answer = desk.ask("POST", f"{path}/actions", role, json={"action": action, **more}, headers={"If-Match": seen})
    assert answer.status_code == 200, answer.json()
    body: dict[str, object] = answer.json()
    return body
