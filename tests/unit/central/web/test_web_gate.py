"""Who may see a page: sessions end with their token and with their time."""

import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.requests import Request

from central.core.access import fingerprint
from central.core.values import Role
from central.web.door.gate import Gate
from central.web.door.session import COOKIE, SESSION_S
from protocol.texts import Language
from tests.support.office import Office, office, settings_in


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Office]:
    """Return an office without persons."""
    with office(settings_in(tmp_path)) as one:
        yield one


def gate_of(office: Office) -> Gate:
    return Gate(office.services, office.clock, b"s" * 32, Language.CHINESE, is_secure=False)


def add(office: Office, name: str = "wang") -> str:
    return office.services.access.add_actor(name, Role.OPERATOR, office.now(), secrets.token_bytes)


def carrying(cookie: str | None) -> Request:
    assert cookie is not None
    return Request({"type": "http", "headers": [(b"cookie", f"{COOKIE}={cookie}".encode())]})


def test_a_session_shows_its_person(opened: Office) -> None:
    gate, token = gate_of(opened), add(opened)
    visitor = gate.visitor(carrying(gate.sign_in(token)))
    assert visitor is not None
    assert (visitor.name, visitor.role) == ("wang", Role.OPERATOR)


@pytest.mark.parametrize("token", ["", "gw_wrong"])
def test_a_wrong_token_opens_no_session(token: str, opened: Office) -> None:
    assert gate_of(opened).sign_in(token) is None


def test_a_session_is_not_the_token(opened: Office) -> None:
    gate, token = gate_of(opened), add(opened)
    session = gate.session(carrying(gate.sign_in(token)))
    assert session is not None
    assert session.token_hash == fingerprint(token) != token


def test_a_session_of_a_revoked_token_stays_closed_for_a_new_person_of_the_name(opened: Office) -> None:
    gate = gate_of(opened)
    request = carrying(gate.sign_in(add(opened)))
    opened.services.access.revoke("wang")
    assert gate.visitor(request) is None
    renewed = carrying(gate.sign_in(add(opened)))
    assert gate.visitor(request) is None
    assert gate.visitor(renewed) is not None


def test_a_session_that_a_page_holds_ends_in_time(opened: Office) -> None:
    gate = gate_of(opened)
    session = gate.session(carrying(gate.sign_in(add(opened))))
    opened.at += timedelta(seconds=SESSION_S - 1)
    assert gate.person(session) is not None
    opened.at += timedelta(seconds=1)
    assert gate.person(session) is None
