"""One embedded broker for one data folder: a file lock that lives exactly as long as the broker's process."""

import fcntl
import os
import threading
from contextlib import suppress
from pathlib import Path

LOCK = "lock"
TRIES = 20
TRY_S = 0.05
PID_UNKNOWN = 0


class BrokerRunsAlready(Exception):
    """Another process holds the lock."""


def take_lock(folder: Path) -> int:
    """Take the lock and write our process id into it; the descriptor stays open and survives `exec`.

    Tries for a second, because `holder` touches the lock for a moment. Raises `BrokerRunsAlready`.
    """
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    pause = threading.Event()
    for _ in range(TRIES):
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.set_inheritable(descriptor, True)  # noqa: FBT003 - takes no name
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
            return descriptor
        pause.wait(TRY_S)
    os.close(descriptor)
    raise BrokerRunsAlready


def holder(folder: Path) -> int | None:
    """Process id of the running broker (`PID_UNKNOWN` while it starts); None when nobody holds the lock."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        text = os.read(descriptor, 32).strip()
        return int(text) if text.isdigit() else PID_UNKNOWN
    finally:
        os.close(descriptor)
    return None


def send_signal(folder: Path, number: int) -> bool:
    """Signal the holder of the lock, and nobody else; whether there was one."""
    pid = holder(folder)
    if not pid:
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, number)
        return True
    return False
