"""Who may connect to the embedded broker and say what: the files that mosquitto and our amqtt read alike."""

import base64
import hashlib
import hmac
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from central.core.access import BrokerCredential
from protocol import topics
from protocol.identifiers import CENTRAL_BOX_ID, is_id

PASSWORDS = "passwords"
PERMISSIONS = "acl"
SECRET = "central.secret"  # noqa: S105 - a file's name
SECRET_BYTES = 32
SALT_BYTES = 12
HASH_BYTES = 64
ITERATIONS = 101
ITERATIONS_MAX = 1_000_000
CENTRAL_USER = CENTRAL_BOX_ID


@dataclass(frozen=True, slots=True)
class Permissions:
    """Topic filters that one user may read and write."""

    read: tuple[str, ...]
    write: tuple[str, ...]


CENTRAL_PERMISSIONS = Permissions(read=(topics.up_all(),), write=(topics.down_any(), topics.central_state_all()))


def box_permissions(site: str, box: str) -> Permissions:
    """A box says what is its own, and hears what is meant for it."""
    return Permissions(read=(topics.down_all(site, box), topics.central_state(site)), write=(topics.up_own(site, box),))


def hash_password(password: str, salt: bytes) -> str:
    """Mosquitto's PBKDF2-SHA512 form. Secrets here are 256 random bits, so the iteration count protects nothing."""
    derived = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS, HASH_BYTES)
    return f"$7${ITERATIONS}${base64.b64encode(salt).decode()}${base64.b64encode(derived).decode()}"


def verify_password(password: str, password_hash: str) -> bool:
    """Whether the password belongs to a `$7$` hash; False for any other form."""
    match password_hash.split("$"):
        case ["", "7", iterations, salt, derived] if iterations.isdecimal() and 0 < int(iterations) <= ITERATIONS_MAX:
            try:
                expected = base64.b64decode(derived, validate=True)
                raw_salt = base64.b64decode(salt, validate=True)
            except ValueError:
                return False
            actual = hashlib.pbkdf2_hmac("sha512", password.encode(), raw_salt, int(iterations), len(expected) or 1)
            return hmac.compare_digest(actual, expected)
        case _:
            return False


def passwords_text(central_secret: str, accounts: Iterable[BrokerCredential]) -> str:
    """The password file: one `user:hash` a line; the same for the same arguments."""
    salt = hashlib.sha256(b"gridwarden broker salt" + central_secret.encode()).digest()[:SALT_BYTES]
    lines = {CENTRAL_USER: hash_password(central_secret, salt)}
    lines |= {account.box: account.password_hash for account in _sane(accounts)}
    return "".join(f"{user}:{password_hash}\n" for user, password_hash in lines.items())


def permissions_text(accounts: Iterable[BrokerCredential]) -> str:
    """The permission file, in mosquitto's form."""
    users = {CENTRAL_USER: CENTRAL_PERMISSIONS}
    users |= {account.box: box_permissions(account.site, account.box) for account in _sane(accounts)}
    return "\n".join(_permission_lines(user, permissions) for user, permissions in users.items())


def _sane(accounts: Iterable[BrokerCredential]) -> list[BrokerCredential]:
    """Leave out what would break the files' lines or act as central."""
    return [
        account
        for account in sorted(accounts, key=lambda account: account.box)
        if is_id(account.site) and is_id(account.box) and account.box != CENTRAL_USER
        if account.password_hash.startswith("$7$") and account.password_hash.isprintable()
    ]


def _permission_lines(user: str, permissions: Permissions) -> str:
    reads = [f"topic read {topic}" for topic in permissions.read]
    writes = [f"topic write {topic}" for topic in permissions.write]
    return "\n".join([f"user {user}", *reads, *writes, ""])


def parse_passwords(text: str) -> dict[str, str]:
    """User to hash."""
    return dict(line.split(":", 1) for line in text.splitlines() if ":" in line)


def parse_permissions(text: str) -> dict[str, Permissions]:
    """User to permissions; raises `ValueError` for a line that `permissions_text` does not write."""
    users: dict[str, Permissions] = {}
    user = ""
    for line in filter(None, text.splitlines()):
        match line.split(" "):
            case ["user", user]:
                users[user] = Permissions((), ())
            case ["topic", "read", topic] if user:
                users[user] = Permissions((*users[user].read, topic), users[user].write)
            case ["topic", "write", topic] if user:
                users[user] = Permissions(users[user].read, (*users[user].write, topic))
            case _:
                raise ValueError("not a line of our permission file")
    return users


def central_secret(folder: Path, random_bytes: bytes) -> str:
    """Central's own password: the one in `folder`, else made of `random_bytes` and kept there (0600)."""
    path = folder / SECRET
    if not path.exists():
        fresh = _temporary(folder, base64.urlsafe_b64encode(random_bytes).decode().rstrip("="))
        with suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text(encoding="ascii")


def write_credentials(folder: Path, secret: str, accounts: Iterable[BrokerCredential]) -> bool:
    """Bring both files up to date; whether anything changed, so that the broker must read them again."""
    known = tuple(accounts)
    changed = [
        _replace(folder / PERMISSIONS, permissions_text(known)),
        _replace(folder / PASSWORDS, passwords_text(secret, known)),
    ]
    return any(changed)


def ensure_credentials(folder: Path, random_bytes: bytes) -> None:
    """Make the folder and, where they are missing, files that let only central in."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret = central_secret(folder, random_bytes)
    if not ((folder / PASSWORDS).exists() and (folder / PERMISSIONS).exists()):
        write_credentials(folder, secret, ())


def _replace(path: Path, text: str) -> bool:
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    _temporary(path.parent, text).replace(path)
    return True


def _temporary(folder: Path, text: str) -> Path:
    """A new file (0600) in `folder`, written to the disk."""
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".new-")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)
