"""The session cookie: names a person for a while, and nobody can write one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.web.door.session import COOKIE_CHARS_MAX, SESSION_S, seal, session_end, unseal

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
SECRET = b"s" * 32


@given(st.text(min_size=1, max_size=60))
def test_a_sealed_name_comes_back(name: str) -> None:
    assert unseal(seal(name, session_end(NOW), SECRET), NOW, SECRET) == name


def test_a_session_ends() -> None:
    cookie = seal("Wang", session_end(NOW), SECRET)
    assert unseal(cookie, NOW + timedelta(seconds=SESSION_S - 1), SECRET) == "Wang"
    assert unseal(cookie, NOW + timedelta(seconds=SESSION_S), SECRET) is None


def test_another_secret_opens_nothing() -> None:
    assert unseal(seal("Wang", session_end(NOW), SECRET), NOW, b"t" * 32) is None


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_the_name_is_signed(name: str, other: str) -> None:
    signature = seal(name, session_end(NOW), SECRET).partition(".")[2]
    payload = seal(other, session_end(NOW), SECRET).partition(".")[0]
    assert unseal(f"{payload}.{signature}", NOW, SECRET) == (name if name == other else None)


@given(st.integers(0, 60))
def test_a_cut_cookie_is_refused(length: int) -> None:
    assert unseal(seal("Wang", session_end(NOW), SECRET)[:length], NOW, SECRET) is None


@pytest.mark.parametrize("cookie", [None, "", ".", "a.b", "é.é", "a" * (COOKIE_CHARS_MAX + 1), "MTIzOldhbmc."])
def test_rubbish_is_nobody(cookie: str | None) -> None:
    assert unseal(cookie, NOW, SECRET) is None
