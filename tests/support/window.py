"""The API over any stores, with a person of each role."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from httpx2 import Response
from starlette.testclient import TestClient

from central.api import build_api
from central.app import build_services
from central.core.values import Role
from central.stores.ports import Stores
from tests.support.office import Office, settings_in

REPORT = {"source": "hotline", "reporter": "12319", "place": "人民路 88 号"}


class Window:
    """The API over these stores."""

    def __init__(self, office: Office) -> None:
        self.office = office
        api = build_api(office.services, office.clock, office.settings, secrets.token_bytes)
        self.client = TestClient(api, raise_server_exceptions=False)
        self.client.__enter__()

    def ask(self, method: str, path: str, role: Role = Role.OPERATOR, **options: object) -> Response:
        """Send a request as a person of a role."""
        headers = {"Authorization": f"Bearer {self.office.tokens[role]}", **options.pop("headers", {})}  # type: ignore[dict-item]
        return self.client.request(method, f"/api/v1{path}", headers=headers, **options)  # type: ignore[arg-type]

    def registered(self) -> str:
        """Return the path of a case at version 3 that waits to be dispatched."""
        path = self.ask("POST", "/cases", json=REPORT).headers["location"].removeprefix("/api/v1")
        steps: tuple[dict[str, object], ...] = ({"action": "accept"}, {"action": "register", "condition": "占道"})
        for version, body in enumerate(steps, 1):
            assert self.act(path, version, body).status_code == 200
        return path

    def act(
        self, path: str, version: int, body: dict[str, object], role: Role = Role.OPERATOR, key: str = ""
    ) -> Response:
        """Act on a case as it was seen."""
        headers = {"If-Match": f'"{version}"'} | ({"Idempotency-Key": key} if key else {})
        return self.ask("POST", f"{path}/actions", role, json=body, headers=headers)


@contextmanager
def window_on(stores: Stores, folder: Path) -> Iterator[Window]:
    """Open one over stores that are empty."""
    settings = settings_in(folder)
    office = Office(settings, build_services(settings, stores, lambda: True), stores)
    office.staff()
    window = Window(office)
    yield window
    window.client.__exit__(None, None, None)
