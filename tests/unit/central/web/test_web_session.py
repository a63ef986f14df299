"""The session cookie: names a token's fingerprint for a while, and nobody can write one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.web.door.session import COOKIE_CHARS_MAX, SESSION_S, Session, new_session, seal, unseal

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
SECRET = b"s" * 32
SESSION = new_session("ab" * 32, NOW)


@given(st.text("0123456789abcdef", min_size=1, max_size=64))
def test_a_sealed_session_comes_back(token_hash: str) -> None:
    session = new_session(token_hash, NOW)
    assert unseal(seal(session, SECRET), NOW, SECRET) == session


def test_a_session_ends() -> None:
    cookie = seal(SESSION, SECRET)
    assert unseal(cookie, NOW + timedelta(seconds=SESSION_S - 1), SECRET) == SESSION
    assert unseal(cookie, NOW + timedelta(seconds=SESSION_S), SECRET) is None


def test_another_secret_opens_nothing() -> None:
    assert unseal(seal(SESSION, SECRET), NOW, b"t" * 32) is None


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_what_it_names_is_signed(token_hash: str, other: str) -> None:
    session = Session(token_hash, SESSION.until_s)
    signature = seal(session, SECRET).partition(".")[2]
    payload = seal(Session(other, SESSION.until_s), SECRET).partition(".")[0]
    assert unseal(f"{payload}.{signature}", NOW, SECRET) == (session if token_hash == other else None)


@given(st.integers(0, 60))
def test_a_cut_cookie_is_refused(length: int) -> None:
    assert unseal(seal(SESSION, SECRET)[:length], NOW, SECRET) is None


@pytest.mark.parametrize("cookie", [None, "", ".", "a.b", "é.é", "a" * (COOKIE_CHARS_MAX + 1), "MTIzOldhbmc."])
def test_rubbish_is_nobody(cookie: str | None) -> None:
    assert unseal(cookie, NOW, SECRET) is None
