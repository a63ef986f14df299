"""A PostgreSQL cluster of one's own, in a temporary folder, on a Unix socket."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.support.need import find_program, missing
from tests.support.processes import processes_in
from tests.support.until import until

USER = "gridwarden"
START_S = 30.0


@contextmanager
def postgresql() -> Iterator[str]:
    """Start a cluster and hand out the URL of its database `postgres`; skips when PostgreSQL is not installed."""
    programs = _programs()
    with tempfile.TemporaryDirectory(prefix="gw-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        as_user = _as_unprivileged(folder)
        data = folder / "data"
        command = [*as_user, programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync"]
        made = subprocess.run([str(word) for word in command], check=False, capture_output=True, text=True, cwd=folder)
        assert made.returncode == 0, f"initdb: {made.stdout}{made.stderr}"
        with processes_in(folder / "logs") as start:
            options = ("-c", "fsync=off", "-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}")
            server = start(*as_user, programs / "postgres", "-D", data, *options, name="postgres")
            address = f"host={folder} user={USER} dbname=postgres"
            until(lambda: _answers(address), within_s=START_S, what=server.report)
            yield f"postgresql+psycopg://{USER}@/postgres?host={folder}"


@contextmanager
def database(server_url: str, name: str, template: str = "template1") -> Iterator[str]:
    """Make a database, empty or as `template` is, and hand out its URL."""
    address = server_url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')  # type: ignore[arg-type]
        yield server_url.replace("/postgres?", f"/{name}?")
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]


def _programs() -> Path:
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if newest:
        return newest[-1].parent
    found = find_program("initdb")
    return found.parent if found else missing("PostgreSQL is not installed: apt install postgresql")


def _as_unprivileged(folder: Path) -> tuple[str, ...]:
    """PostgreSQL refuses root: give the folder to nobody and become nobody."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        missing("setpriv is not installed (PostgreSQL refuses to run as root): apt install util-linux")
    shutil.chown(folder, "nobody", "nogroup")
    folder.chmod(0o755)
    return ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")


def _answers(address: str) -> bool:
    try:
        psycopg.connect(address, connect_timeout=1).close()
    except psycopg.OperationalError:
        return False
    return True
