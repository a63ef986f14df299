"""Mosquitto as the embedded broker: its configuration, and becoming it."""

import os
import pwd
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from central.gateway.broker.credentials import PASSWORDS, PERMISSIONS
from central.gateway.broker.limits import (
    INFLIGHT_MAX,
    PACKET_BYTES_MAX,
    QUEUED_BYTES_MAX,
    QUEUED_MESSAGES_MAX,
    SESSION_EXPIRY_S,
)

CONFIG = "mosquitto.conf"
STORE = "store"
SERVER_FOLDERS = ("/usr/sbin", "/usr/local/sbin")


def find_mosquitto() -> Path | None:
    """The installed program, also where Debian puts servers and a user's PATH does not look."""
    search = os.pathsep.join([os.environ.get("PATH", os.defpath), *SERVER_FOLDERS])
    found = shutil.which("mosquitto", path=search)
    return None if found is None else Path(found)


def config_text(folder: Path, host: str, port: int, user: str) -> str:
    """`mosquitto.conf` for the broker's `folder`.

    `user` is who runs it: mosquitto started by root becomes another user otherwise, who cannot read our files.
    A user name replaces the client id, so that no box can take over another's session.
    """
    lines: Sequence[str] = (
        f"user {user}",
        "per_listener_settings false",
        f"listener {port} {host}",
        "allow_anonymous false",
        "use_username_as_clientid true",
        f"password_file {folder / PASSWORDS}",
        f"acl_file {folder / PERMISSIONS}",
        f"max_inflight_messages {INFLIGHT_MAX}",
        f"max_queued_messages {QUEUED_MESSAGES_MAX}",
        f"max_queued_bytes {QUEUED_BYTES_MAX}",
        f"max_packet_size {PACKET_BYTES_MAX}",
        f"persistent_client_expiration {SESSION_EXPIRY_S // 86_400}d",
        "persistence true",
        f"persistence_location {folder / STORE}/",
        "autosave_interval 30",
        "set_tcp_nodelay true",
        "log_dest stderr",
        "log_type error",
        "log_type warning",
        "log_type notice",
        "connection_messages false",
    )
    return "\n".join(lines) + "\n"


def become_mosquitto(program: Path, folder: Path, host: str, port: int) -> NoReturn:
    """Write the configuration and replace this process by mosquitto; open descriptors (the lock) stay open."""
    (folder / STORE).mkdir(mode=0o700, exist_ok=True)
    config = folder / CONFIG
    config.write_text(config_text(folder, host, port, pwd.getpwuid(os.geteuid()).pw_name), encoding="utf-8")
    os.execv(program, [str(program), "-c", str(config)])  # noqa: S606 - no shell is wanted
