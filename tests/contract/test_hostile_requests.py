"""Requests that no honest client sends are refused with what would be right, alike on every database."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.core.values import Role
from central.stores.ports import Stores
from tests.support.store_contents import rows
from tests.support.window import REPORT, Window, window_on

BEYOND_TIME = ("0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00", "1969-12-31T23:59:59Z", "2200-01-01T00:00:00Z")


@pytest.fixture
def window(stores: Stores, tmp_path: Path) -> Iterator[Window]:
    with window_on(stores, tmp_path) as window:
        yield window


def wrong_fields(answer: object) -> list[str]:
    """Check that an answer says which fields are wrong; return them."""
    assert answer.status_code == 422, answer.text  # type: ignore[attr-defined]
    return [error["at"] for error in answer.json()["errors"]]  # type: ignore[attr-defined]


def test_nothing_is_at_an_address_with_nul(window: Window) -> None:
    for path in ("/cases/%00", "/cases/a%00/history", "/boxes/%00", "/boxes/b/commands/%00", "/cameras/%00.%00/states"):
        assert window.ask("GET", path).status_code == 404, path
    assert window.ask("PUT", "/cases/%00/lease").status_code == 404
    assert window.ask("DELETE", "/cases/%00/lease").status_code == 404
    assert window.act("/cases/%00", 1, {"action": "accept"}).status_code == 404


def test_no_filter_takes_nul(window: Window) -> None:
    for name in ("camera", "box", "scene", "unit", "assignee", "grid"):
        assert wrong_fields(window.ask("GET", f"/cases?{name}=a%00")) == [f"query.{name}"]
    for name in ("box", "camera", "type", "episode"):
        assert wrong_fields(window.ask("GET", f"/events?{name}=%00")) == [f"query.{name}"]
    assert wrong_fields(window.ask("GET", "/series?metric=fps&entity=%00")) == ["query.entity"]
    rows = "/kpis/closing_rate/rows?from=2026-01-01&to=2026-02-01&group_by=unit&group=%00"
    assert wrong_fields(window.ask("GET", rows)) == ["query.group"]


def test_no_text_of_a_body_takes_nul(window: Window) -> None:
    path = window.registered()
    for name in ("reporter", "place", "description", "camera"):
        answer = window.ask("POST", "/cases", json={**REPORT, name: "a\x00b"})
        assert wrong_fields(answer) == [f"body.{name}"]
    for name in ("reason", "note", "condition", "unit", "into", "partner", "external_id"):
        assert wrong_fields(window.act(path, 3, {"action": "dispatch", name: "\x00"})) == [f"body.{name}"]
    assert len(rows(window.office.stores, "cases")) == 1
    assert (
        window.act(path, 3, {"action": "dispatch", "unit": "sanitation", "note": "a\x01\u202e\ufeff😀"}).status_code
        == 200
    )


def test_a_box_whose_name_holds_nul_is_unknown(window: Window) -> None:
    basic = base64.b64encode(b"box-01\x00:secret").decode()
    answer = window.client.head(f"/edge/v1/evidence/{'0' * 64}", headers={"Authorization": f"Basic {basic}"})
    assert answer.status_code == 401


def test_a_time_that_nobody_can_reckon_with_is_refused(window: Window) -> None:
    path = window.registered()
    for time in BEYOND_TIME:
        for name in ("opened_after", "opened_before", "updated_after", "updated_before", "due_before"):
            assert wrong_fields(window.ask("GET", "/cases", params={name: time})) == [f"query.{name}"]
        for where in ("/series?metric=fps&entity=b1", "/boxes/box-01/states?", "/cameras/box-01.cam-1/states?"):
            for name in ("from", "to"):
                answer = window.ask("GET", f"{where}&{name}={time.replace('+', '%2B')}")
                assert wrong_fields(answer) == [f"query.{name}"]
        wish: dict[str, object] = {"action": "ask_suspension", "reason": "road works", "until": time}
        assert wrong_fields(window.act(path, 3, wish)) == ["body.until"]
        look = {"name": "look", "camera": "cam-1", "look": {"zone": "z1", "stood_at": time}}
        answer = window.ask("POST", "/boxes/box-01/commands", Role.TECHNICIAN, json=look)
        assert wrong_fields(answer) == ["body.look.stood_at"]
