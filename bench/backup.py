"""Backup of many cases beside bare copies: `python bench/backup.py [--cases N] [--only sqlite|postgresql]`.

N cases (100,000) with their terms, two lines of history and a report of 1,000 bytes each, and a picture of 20 kB for
every hundredth, are put in by bare SQL. Central makes a backup (copied, looked through, counted, hashed, on the disk),
checks it and restores it onto an empty place. Beside it stand copies that nobody hashes or counts: for SQLite
`VACUUM INTO`, and a plain copy of the file that waits for the disk; for PostgreSQL `pg_dump` in its own format,
uncompressed. Seconds by the clock, and of CPU where this process does the work. A backup of 1,000,000 cases must take
60 s at most, of fewer so much less, but never under 6 s, for a disk that others use takes its time.
"""

import argparse
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from bench.case_list import COLUMNS, fill_postgresql, fill_sqlite
from central.stores.backup.folder import verify
from central.stores.backup.make import Source, make_backup
from central.stores.backup.restore import restore_backup
from central.stores.database.columns import UtcTime
from central.stores.file_blobs import blob_place
from central.stores.open_stores import SqlStores, open_database_copy, open_stores
from tests.support.postgresql import database, postgresql

LIMIT_S_A_MILLION = 60.0
MILLION = 1_000_000
LIMIT_S_MIN = 6.0
PICTURE_BYTES = 20_000
PICTURE_EACH = 100
PAYLOAD_BYTES = 1_000
NOW = datetime(2026, 11, 27, tzinfo=UTC)
BASE = 50_000
"""So many cases are written one by one; further ones repeat their texts under other numbers."""
_REPEATED = ", ".join(COLUMNS[3:])
MORE_CASES = (
    f"INSERT INTO cases (position, id, number, {_REPEATED}) SELECT position + {{first}}, id || '-{{first}}', "  # noqa: S608
    f"number || '-{{first}}', {_REPEATED} FROM cases WHERE position <= {{last}}"
)
MORE_TERMS_FTS5 = (
    "INSERT INTO case_terms (rowid, terms) SELECT rowid + {first}, terms FROM case_terms WHERE rowid <= {last}"
)
MORE_TERMS_GIN = (
    "INSERT INTO case_terms (position, terms) SELECT position + {first}, terms FROM case_terms WHERE position <= {last}"
)
BOX = (
    "INSERT INTO boxes (id, site, added_at, state, since, version, config_errors, commands, clock_skewed) "
    "VALUES ('b1', 's1', {now}, 'online', {now}, '1', '[]', '[]', {false})"
)
LINES = (
    "INSERT INTO case_steps (case_id, number, at, kind, actor_kind, actor, actor_unit, to_status, reason, note, "
    "details, state, seal) SELECT id, {number}, opened_at, 'detect', 'box', 'b1', '', 'candidate', '', '', '{{}}', "
    "substr(id || id, 1, 64), substr(id || id, 1, 64) FROM cases"
)
REPORTS = (
    "INSERT INTO events (id, box, epoch, seq, type, time, corrected_time, received_at, camera, case_id, payload) "
    "SELECT 'e' || position, 'b1', '0123456789abcdef', position, 'gw.event.scene', opened_at, opened_at, opened_at, "
    "camera, id, {payload} FROM cases"
)
PICTURE = (
    "INSERT INTO evidence (sha256, bytes, media_type, box, first_seen_at, stored_at) "
    "VALUES ({mark}, {size}, 'image/jpeg', 'b1', {now}, {now})"
)
Done = TypeVar("Done")


@contextmanager
def bare(stores: SqlStores) -> Iterator[Any]:
    """The driver's connection."""
    held = stores.database.engine.raw_connection()
    yield held.driver_connection
    held.close()


def fill(stores: SqlStores, cases: int, evidence_dir: Path) -> None:
    """Put everything in."""
    dialect = stores.database.engine.dialect
    is_postgresql = dialect.name == "postgresql"
    bind = UtcTime().bind_processor(dialect)
    now = f"'{bind(NOW)}'" if bind is not None else "''"
    payload = f"decode(repeat('7b', {PAYLOAD_BYTES}), 'hex')" if is_postgresql else f"zeroblob({PAYLOAD_BYTES})"
    mark = "%s" if is_postgresql else "?"
    with bare(stores) as connection:
        base = min(cases, BASE)
        (fill_postgresql if is_postgresql else fill_sqlite)(connection, base)
        connection.execute("BEGIN")
        for first in range(base, cases, base):
            last = min(base, cases - first)
            connection.execute(MORE_CASES.format(first=first, last=last))
            connection.execute((MORE_TERMS_GIN if is_postgresql else MORE_TERMS_FTS5).format(first=first, last=last))
        connection.execute(BOX.format(now=now, false="false" if is_postgresql else "0"))
        for number in (1, 2):
            connection.execute(LINES.format(number=number))
        connection.execute(REPORTS.format(payload=payload))
        put = PICTURE.format(mark=mark, size=PICTURE_BYTES, now=now)
        for number in range(cases // PICTURE_EACH):
            connection.execute(put, (picture(evidence_dir, number),))
        connection.commit()


def picture(evidence_dir: Path, number: int) -> str:
    """Write a picture; its name."""
    content = number.to_bytes(8, "big") * (PICTURE_BYTES // 8)
    sha256 = hashlib.sha256(content).hexdigest()
    path = evidence_dir / blob_place(sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return sha256


def timed(action: Callable[[], Done]) -> tuple[dict[str, float], Done]:
    """Seconds by the clock and of this process's CPU; what it returned."""
    os.sync()
    began_s, cpu_s = time.perf_counter(), time.process_time()
    done = action()
    return {"s": round(time.perf_counter() - began_s, 2), "cpu_s": round(time.process_time() - cpu_s, 2)}, done


def quiet(*_: object) -> None:
    """Show no progress."""


def vacuum(file: Path, target: Path) -> None:
    """SQLite's own compact copy."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def plain_copy(file: Path, target: Path) -> None:
    """The bytes of a file, on the disk."""
    shutil.copyfile(file, target)
    os.sync()


def dump(url: str, target: Path) -> None:
    """PostgreSQL's own copy."""
    program = max(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))
    address = url.replace("postgresql+psycopg://", "postgresql://")
    subprocess.run([program, "-Fc", "-Z0", "-f", target, address], check=True)
    os.sync()


def measure(url: str, empty_url: str, cases: int, folder: Path) -> dict[str, Any]:
    """One database: filled, backed up, checked, restored, and copied barely."""
    evidence = folder / "evidence"
    stores = cast("SqlStores", open_stores(database_url=url, evidence_dir=evidence))
    fill(stores, cases, evidence)
    source = Source(open_database_copy(url), evidence, "bench")
    found: dict[str, Any] = {"cases": cases, "load": os.getloadavg()[0]}
    found["backup"], backup = timed(lambda: make_backup(source, folder / "backup", NOW, quiet))
    found["mb"] = round(backup.facts.bytes / 1e6)
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        found["vacuum_into"], _ = timed(lambda: vacuum(file, folder / "vacuumed.db"))
        (folder / "vacuumed.db").unlink()
        found["file_copy"], _ = timed(lambda: plain_copy(file, folder / "copy.db"))
        (folder / "copy.db").unlink()
    else:
        found["pg_dump"], _ = timed(lambda: dump(url, folder / "dump"))
        (folder / "dump").unlink()
    stores.close()
    found["verify"], _ = timed(lambda: verify(folder / "backup", quiet))
    place = open_database_copy(empty_url)
    found["restore"], _ = timed(lambda: restore_backup(folder / "backup", place, folder / "restored", quiet))
    return found | {"s_max": max(LIMIT_S_MIN, LIMIT_S_A_MILLION * cases / MILLION)}


def main() -> int:
    """Print one JSON line a database; 1 when a backup takes too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    missed = False
    for name in ("sqlite", "postgresql"):
        has_it = name == "sqlite" or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if options.only not in {None, name} or not has_it:
            continue
        with tempfile.TemporaryDirectory() as work, ExitStack() as stack:
            folder = Path(work)
            if name == "sqlite":
                urls = [f"sqlite:///{folder / place}.db" for place in ("full", "empty")]
            else:
                server = stack.enter_context(postgresql())
                urls = [stack.enter_context(database(server, place)) for place in ("full", "empty")]
            found = measure(*urls, options.cases, folder)
        print(json.dumps({"database": name, **found}))
        missed |= found["backup"]["s"] > found["s_max"]
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
