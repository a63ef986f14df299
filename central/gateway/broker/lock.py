"""One process for one folder: a file lock that lives exactly as long as the process; brokers have it, and central."""

import fcntl
import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LOCK = "lock"
TRIES = 20
TRY_S = 0.05
OURS, OTHERS = "started-by-central", "started-by-hand"


class RunsAlready(Exception):
    """Another process holds the lock."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock: `pid` is None while it starts; `is_ours` when a central started it, and it ends with that."""

    pid: int | None
    is_ours: bool


def take_lock(folder: Path, *, is_ours: bool) -> int:
    """Take the lock and write into it who we are; the descriptor stays open and survives `exec`.

    Tries for a second, because `holder` touches the lock for a moment. Raises `RunsAlready`.
    """
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    pause = threading.Event()
    for _ in range(TRIES):
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.set_inheritable(descriptor, True)  # noqa: FBT003 - takes no name
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()} {OURS if is_ours else OTHERS}\n".encode())
            return descriptor
        pause.wait(TRY_S)
    os.close(descriptor)
    raise RunsAlready


def holder(folder: Path) -> Holder | None:
    """The running broker; None when nobody holds the lock."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _parse(os.read(descriptor, 64).decode(errors="replace"))
    finally:
        os.close(descriptor)
    return None


def send_signal(folder: Path, number: int) -> bool:
    """Signal the holder of the lock, and nobody else; whether there was one."""
    held = holder(folder)
    if held is None or held.pid is None:
        return False
    with suppress(ProcessLookupError):
        os.kill(held.pid, number)
        return True
    return False


def _parse(text: str) -> Holder:
    match text.split():
        case [pid, kind] if pid.isdigit():
            return Holder(int(pid), is_ours=kind == OURS)
        case _:
            return Holder(None, is_ours=False)
