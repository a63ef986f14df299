"""What the demo reads of central: its REST interface, with time-outs, page by page."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import urllib3
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout

CONNECT_S = 2.0
ANSWER_S = 10.0
PAGE_ITEMS = 500
PAGES_MAX = 1_000
OK, NOT_FOUND = 200, 404

Item = dict[str, Any]


class ApiUnavailable(Exception):
    """Central does not answer, or not as it should; the text says which."""


class Refused(Exception):
    """Central does not let this person do it now."""


class CentralApi:
    """One person's view of central."""

    def __init__(self, url: str, token: str = "") -> None:
        self.url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._pool = urllib3.PoolManager(timeout=Timeout(connect=CONNECT_S, read=ANSWER_S), retries=False)

    def is_healthy(self) -> bool:
        """Whether central serves."""
        try:
            return self._ask("/api/v1/health").status == OK
        except ApiUnavailable:
            return False

    def items(self, name: str, **query: str) -> Iterator[Item]:
        """Every item of a list, page by page."""
        cursor = None
        for _ in range(PAGES_MAX):
            page = self._page(name, {**query, "limit": str(PAGE_ITEMS), **({"cursor": cursor} if cursor else {})})
            yield from page["items"]
            cursor = page["next"]
            if cursor is None:
                return
        raise ApiUnavailable(f"{name}: no end after {PAGES_MAX} pages")

    def case(self, case: str) -> Item:
        """A case with everything about it."""
        return self._page(f"cases/{case}", {})

    def act(self, case: str, **body: object) -> None:
        """Take an action on a case as it is now. Raises `Refused` where central does not let this person."""
        version = self.case(case)["version"]
        headers = {**self._headers, "Content-Type": "application/json", "If-Match": f'"{version}"'}
        path = f"/api/v1/cases/{case}/actions"
        answer = self._ask(path, "POST", headers, json.dumps(body).encode())
        if answer.status != OK:
            raise Refused(f"{body.get('action')}: HTTP {answer.status}")

    def picture(self, sha256: str) -> bytes | None:
        """The bytes that central serves under this name; None when it has none, or refuses to serve them."""
        answer = self._ask(f"/api/v1/evidence/{sha256}")
        return answer.data if answer.status == OK else None

    def _page(self, name: str, query: dict[str, str]) -> dict[str, Any]:
        answer = self._ask(f"/api/v1/{name}" + (f"?{urlencode(query)}" if query else ""))
        if answer.status != OK:
            raise ApiUnavailable(f"{name}: HTTP {answer.status}")
        try:
            page = json.loads(answer.data)
        except ValueError:
            raise ApiUnavailable(f"{name}: not JSON") from None
        return dict(page)

    def _ask(
        self, path: str, method: str = "GET", headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> urllib3.BaseHTTPResponse:
        try:
            return self._pool.request(method, self.url + path, headers=headers or self._headers, body=body)
        except HTTPError as error:
            raise ApiUnavailable(f"{path.partition('?')[0]}: {type(error).__name__}") from None
