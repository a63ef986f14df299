"""What a client of a simulated camera must know, and the digest that proves it."""

import hashlib
import hmac
import re
from dataclasses import dataclass, field

REALM = "gridwarden-simulator"

_DIGEST_FIELD = re.compile(r'(\w+)="?([^",]*)"?')


@dataclass(frozen=True, slots=True)
class Login:
    """What a client must know to see pictures; neither part is ever shown."""

    user: str = field(repr=False)
    password: str = field(repr=False)

    def allows(self, method: str, authorization: str, nonce: str) -> bool:
        """Tell whether an Authorization header (digest without qop, as cameras do) answers our `nonce`."""
        scheme, _, rest = authorization.partition(" ")
        said = dict(_DIGEST_FIELD.findall(rest))
        if scheme.lower() != "digest" or said.get("nonce") != nonce or said.get("username") != self.user:
            return False
        known = _md5(f"{self.user}:{REALM}:{self.password}")
        asked = _md5(f"{method}:{said.get('uri', '')}")
        expected = _md5(f"{known}:{nonce}:{asked}")
        return hmac.compare_digest(expected, said.get("response", ""))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()  # RTSP digest knows nothing else
