"""Where tests write: in memory where there is room, or a slow disk sets the pace of every test with a database."""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - the folder below it is checked to be this user's
ROOM_BYTES = 4 * 1024**3


def write_in_memory() -> None:
    """Let this process and all that it starts keep temporary files in memory; a `TMPDIR` that is set stands."""
    if "TMPDIR" in os.environ or not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM_BYTES:
        return
    folder = MEMORY / f"gw-{os.getuid()}"
    # A short name, for sockets below it; PostgreSQL, which refuses root, must find its way through as nobody.
    folder.mkdir(mode=0o755, exist_ok=True)
    if folder.lstat().st_uid != os.getuid():
        return
    os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None
