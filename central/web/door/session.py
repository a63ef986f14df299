"""Who looks at a page: a cookie that names the person and its end, signed so that nobody can write one.

The person's token is checked once, at sign-in, and kept nowhere. Role and revocation are read anew at each use.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

COOKIE = "gw_session"
SESSION_S = 12 * 3600
SECRET_BYTES = 32
COOKIE_CHARS_MAX = 512


def seal(actor: str, until: datetime, secret: bytes) -> str:
    """Cookie text for an actor's name, valid `until` (aware)."""
    payload = f"{int(until.timestamp())}:{actor}".encode()
    return f"{_text(payload)}.{_text(_mac(payload, secret))}"


def unseal(cookie: str | None, now: datetime, secret: bytes) -> str | None:
    """The actor named by a cookie; None when it is absent, forged, damaged or over."""
    if not cookie or len(cookie) > COOKIE_CHARS_MAX:
        return None
    payload_text, _, mac_text = cookie.partition(".")
    try:
        payload, mac = _bytes(payload_text), _bytes(mac_text)
    except ValueError:
        return None
    if not hmac.compare_digest(mac, _mac(payload, secret)):
        return None
    until, _, actor = payload.decode().partition(":")
    return actor if now.timestamp() < int(until) else None


def session_end(now: datetime) -> datetime:
    """When a session that begins now is over: one working day."""
    return now + timedelta(seconds=SESSION_S)


def _mac(payload: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, b"gridwarden session\0" + payload, hashlib.sha256).digest()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
