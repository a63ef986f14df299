"""Who may do what on amqtt: the same two files that mosquitto reads."""

from functools import lru_cache
from pathlib import Path

from central.gateway.broker.credentials import (
    PASSWORDS,
    PERMISSIONS,
    Permissions,
    parse_passwords,
    parse_permissions,
    verify_password,
)

MATCHES_CACHED_MAX = 8192
_NOTHING = Permissions((), ())


@lru_cache(MATCHES_CACHED_MAX)
def matches(topic_filter: str, topic: str) -> bool:
    """Whether a topic falls under an MQTT filter."""
    levels = topic.split("/")
    wanted = topic_filter.split("/")
    for index, level in enumerate(wanted):
        if level == "#":
            return True
        if index >= len(levels) or level not in ("+", levels[index]):
            return False
    return len(levels) == len(wanted)


def covers(allowed: str, asked: str) -> bool:
    """Whether every topic under the filter `asked` also falls under the filter `allowed`."""
    levels = asked.split("/")
    wanted = allowed.split("/")
    for index, level in enumerate(wanted):
        if level == "#":
            return True
        if index >= len(levels) or levels[index] == "#" or (level not in ("+", levels[index])):
            return False
    return len(levels) == len(wanted)


class FileAccess:
    """Answers from the files' last readable content; reads them again when they have changed."""

    def __init__(self, folder: Path) -> None:
        self._paths = (folder / PASSWORDS, folder / PERMISSIONS)
        self._stamps: tuple[tuple[int, int], ...] = ()
        self._hashes: dict[str, str] = {}
        self._permissions: dict[str, Permissions] = {}

    def refresh(self) -> None:
        """Read the files if they have changed; keeps the old content while they cannot be read."""
        try:
            stats = [path.stat() for path in self._paths]
            stamps = tuple((stat.st_mtime_ns, stat.st_ino) for stat in stats)
            if stamps == self._stamps:
                return
            passwords, permissions = (path.read_text(encoding="utf-8") for path in self._paths)
            self._hashes, self._permissions = parse_passwords(passwords), parse_permissions(permissions)
            self._stamps = stamps
        except (OSError, ValueError):
            return

    def password_hash(self, user: str) -> str | None:
        """The hash that the user's password must have now; None for a stranger."""
        return self._hashes.get(user)

    def admits(self, user: str | None, password: str | None) -> bool:
        """Whether this is a known user with the right password."""
        self.refresh()
        known = self._hashes.get(user or "")
        return known is not None and password is not None and verify_password(password, known)

    def may_write(self, user: str, topic: str) -> bool:
        """Whether the user may publish on the topic."""
        return any(matches(allowed, topic) for allowed in self._permissions.get(user, _NOTHING).write)

    def may_read(self, user: str, topic: str) -> bool:
        """Whether the user may be given a message of the topic."""
        return any(matches(allowed, topic) for allowed in self._permissions.get(user, _NOTHING).read)

    def may_subscribe(self, user: str, topic_filter: str) -> bool:
        """Whether all that the filter matches may be read by the user."""
        return any(covers(allowed, topic_filter) for allowed in self._permissions.get(user, _NOTHING).read)
