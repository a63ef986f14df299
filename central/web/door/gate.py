"""Who may see a page, and in which language: reads the cookies that `doors` sets."""

import os
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request

from central.core.access import fingerprint
from central.core.clock import Clock
from central.core.values import Actor
from central.services.services import Services
from central.web.door.session import COOKIE, SECRET_BYTES, Session, new_session, seal, unseal
from protocol.texts import Language

LANGUAGE_COOKIE = "gw_language"
SECRET_FILE = "web.secret"  # noqa: S105 - a file's name


@dataclass(frozen=True, slots=True)
class Gate:
    """Checks persons at each use; `secret` signs sessions, `is_secure` keeps cookies to HTTPS."""

    services: Services
    clock: Clock
    secret: bytes
    default_language: Language
    is_secure: bool

    def sign_in(self, token: str) -> str | None:
        """Cookie text for the holder of a token; None when it is nobody's."""
        if not token or self.services.access.authenticate(token) is None:
            return None
        return seal(new_session(fingerprint(token), self.clock.now()), self.secret)

    def session(self, request: Request) -> Session | None:
        """The session that a request carries."""
        return unseal(request.cookies.get(COOKIE), self.clock.now(), self.secret)

    def person(self, session: Session | None) -> Actor | None:
        """Whose session it is, with the role that they have now; None once it is over or its token revoked."""
        if session is None or session.is_over(self.clock.now()):
            return None
        return self.services.access.holder(session.token_hash)

    def visitor(self, request: Request) -> Actor | None:
        """The person behind a request."""
        return self.person(self.session(request))

    def language(self, request: Request, wanted: Language | None) -> Language:
        """The language asked for, else that of the cookie, else the installation's."""
        if wanted is not None:
            return wanted
        kept = request.cookies.get(LANGUAGE_COOKIE)
        return Language(kept) if kept in list(Language) else self.default_language


def session_secret(data_dir: Path) -> bytes:
    """The secret that signs sessions: made at the first start, kept (0600) so that sessions outlive a restart."""
    path = data_dir / SECRET_FILE
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = path.read_bytes()
        if len(kept) == SECRET_BYTES:
            return kept
        path.unlink()
        return session_secret(data_dir)
    with os.fdopen(file, "wb") as stream:
        fresh = os.urandom(SECRET_BYTES)
        stream.write(fresh)
    return fresh
