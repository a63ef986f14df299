"""Who looks at a page: a cookie that names a token's fingerprint and its end, signed so that nobody can write one.

The person's token is checked once, at sign-in, and kept nowhere. Its holder is read anew at each use, so that a session
ends with its token, also when another person of the same name is added later.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

COOKIE = "gw_session"
SESSION_S = 12 * 3600
SECRET_BYTES = 32
COOKIE_CHARS_MAX = 512


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in by the token of this fingerprint; over at `until_s` (seconds of the epoch)."""

    token_hash: str
    until_s: int

    def is_over(self, now: datetime) -> bool:
        """Whether its time has run out."""
        return now.timestamp() >= self.until_s


def new_session(token_hash: str, now: datetime) -> Session:
    """A session that begins now and lasts one working day."""
    return Session(token_hash, int((now + timedelta(seconds=SESSION_S)).timestamp()))


def seal(session: Session, secret: bytes) -> str:
    """Cookie text for a session."""
    payload = f"{session.until_s}:{session.token_hash}".encode()
    return f"{_text(payload)}.{_text(_mac(payload, secret))}"


def unseal(cookie: str | None, now: datetime, secret: bytes) -> Session | None:
    """The session of a cookie; None when it is absent, forged, damaged or over."""
    if not cookie or len(cookie) > COOKIE_CHARS_MAX:
        return None
    payload_text, _, mac_text = cookie.partition(".")
    try:
        payload, mac = _bytes(payload_text), _bytes(mac_text)
    except ValueError:
        return None
    if not hmac.compare_digest(mac, _mac(payload, secret)):
        return None
    until_s, _, token_hash = payload.decode().partition(":")
    session = Session(token_hash, int(until_s))
    return None if session.is_over(now) else session


def _mac(payload: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, b"gridwarden session\0" + payload, hashlib.sha256).digest()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
