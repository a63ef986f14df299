"""Whatever is refused is told in the language of the caller, else in that of the installation."""

import re

import pytest

from central.api import refusal_words
from central.core.values import Role
from protocol.texts import Words
from tests.support.api_desk import SHA, Desk, problem

HANZI = re.compile(r"[\u4e00-\u9fff]")
REFUSED = [
    ("GET", "/api/v1/nothing", Role.VIEWER, 404, "not-found", "There is nothing at this address"),
    ("GET", "/api/v1/nothing%00", Role.VIEWER, 404, "not-found", "There is nothing at this address"),
    ("DELETE", "/api/v1/boxes", Role.VIEWER, 405, "method-not-allowed", "This address does not take this method"),
    ("GET", "/api/v1/cases", None, 401, "not-signed-in", "Send `Authorization: Bearer gw_...`"),
    ("GET", "/api/v1/cases/none", Role.VIEWER, 404, "case-unknown", "There is no such case."),
    ("GET", "/api/v1/boxes/none", Role.VIEWER, 404, "box-unknown", "There is no such box."),
    ("GET", "/api/v1/cameras/none", Role.VIEWER, 404, "camera-unknown", "There is no such camera"),
    ("GET", f"/api/v1/evidence/{SHA}", Role.VIEWER, 404, "evidence-unknown", "There is no such picture"),
    ("GET", "/api/v1/cases?cursor=x", Role.VIEWER, 422, "bad-cursor", "Give `next` of the answer before"),
    ("GET", "/api/v1/cases?limit=x", Role.VIEWER, 422, "invalid-request", "The request is not as described"),
    ("PUT", f"/api/v1/evidence/{SHA}", Role.VIEWER, 403, "role-missing", "This needs the role "),
]


@pytest.mark.parametrize(("method", "path", "role", "status", "name", "english"), REFUSED)
def test_a_fixed_refusal_is_told_in_the_language_of_the_caller(  # noqa: PLR0913, PLR0917 - a row of the table
    desk: Desk, method: str, path: str, role: Role | None, status: int, name: str, english: str
) -> None:
    told = {
        language: str(problem(desk.ask(method, path, role, headers=headers), status, name)["detail"])
        for language, headers in (
            ("en", {"Accept-Language": "en"}),
            ("zh", {"Accept-Language": "zh-CN,en;q=0.5"}),
            ("", {}),
        )
    }
    assert told["en"].startswith(english)
    assert not HANZI.search(told["en"])
    assert HANZI.search(told["zh"])
    assert told["zh"].endswith("。")
    assert told[""] == told["zh"]


def test_every_text_for_errors_of_services_is_there_in_both_languages() -> None:
    texts = [one for one in vars(refusal_words).values() if isinstance(one, Words)]
    assert len(texts) > 10
    assert [one for one in texts if not HANZI.search(one.zh) or HANZI.search(one.en) or not one.en.endswith(".")] == []
