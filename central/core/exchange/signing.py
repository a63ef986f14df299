"""How a partner knows that a delivery is from central and of now."""

import hashlib
import hmac

SECRET_PREFIX = "gwh_"  # noqa: S105 - what every secret starts with, not a secret
SIGNATURE_HEADER, TIMESTAMP_HEADER = "Gridwarden-Signature", "Gridwarden-Timestamp"


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over `TIMESTAMP.BODY`, with the version of this form before it."""
    return "v1=" + hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()


def headers_of(secret: str, timestamp: int, body: bytes) -> dict[str, str]:
    """What a delivery carries beside its body."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        TIMESTAMP_HEADER: str(timestamp),
        SIGNATURE_HEADER: signature(secret, timestamp, body),
    }
