"""The online rate of a month against bare SQL: `python bench/online_rate.py [--cameras N] [--outages N]`.

Each camera has two months of facts in SQLite, and in PostgreSQL where it is installed: short outages of its own, and
two of its box, which nothing resolves. The second month is asked for. The bare one lets the database put each fact
beside the next (LEAD) and add the seconds up, without telling late facts from early ones, maintenance or trial. Both
must agree. 10,000 cameras must take 5 s at most, a page of 100 rows behind a figure of cameras 200 ms (95th percentile:
the first page and those behind it, one group, all that had an outage). The three parts of the figures page, which reads
these two months and the year before beside each other, have no limit. CPU time is that of this process: with PostgreSQL
the server's is not in it.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import TypeVar, cast

import numpy as np
from sqlalchemy import Connection, insert, text

from central.core.availability.spans import Span
from central.core.case_machine.stages import BUILT_IN_CLOCKWORK
from central.core.fleet.devices import Box, Camera, CameraFact
from central.core.kpis import INDICATORS, Measured, Period, groups_of
from central.core.values import PAGE_LIMIT_MAX, BoxCondition, FactSource
from central.services.figures.availability import Availability
from central.services.figures.camera_rows import CameraRow
from central.services.figures.kpis import Kpis
from central.stores.open_stores import SqlStores, open_stores
from central.stores.ports import Asked, PageRequest
from central.stores.tables import camera_states
from protocol.messages import CameraReason, CameraState
from tests.support.postgresql import database, postgresql
from tests.support.speaking_box import later

LIMIT_S, PAGE_MS_MAX = 5.0, 200.0
PAGE, PAGES = 100, 12
ROUNDS = 3
OF_A_BOX = 20
DAY_S = 86_400.0
MONTH_S = 30 * DAY_S
ROWS_A_STEP = 20_000
MONTH = Span(later(MONTH_S), later(2 * MONTH_S))
PERIOD = Period(MONTH.start, MONTH.end)
KNOWN_AT = later(2 * MONTH_S + 3600)
OF_CAMERAS = [one.id for one in INDICATORS.values() if isinstance(one.formula, Measured) and "vendor" in groups_of(one)]
SECONDS = {
    "sqlite": "(julianday({end}) - julianday({start})) * 86400.0",
    "postgresql": "extract(epoch from {end} - {start})",
}
LEAST, MOST = {"sqlite": "min", "postgresql": "least"}, {"sqlite": "max", "postgresql": "greatest"}
BARE = """
SELECT sum(CASE WHEN state IN ('online', 'degraded') THEN seconds ELSE 0 END), sum(seconds) FROM (
  SELECT state, {seconds} AS seconds FROM (
    SELECT state, {most}(since, {start}) AS begun, {least}(coalesce(following, {end}), {end}) AS ended FROM (
      SELECT state, since, lead(since) OVER (PARTITION BY camera ORDER BY since, position) AS following
      FROM camera_states WHERE since < {end} AND recorded_at <= {known}
    ) AS facts
  ) AS parts WHERE begun < ended
) AS clipped
"""
Done = TypeVar("Done")


def facts(camera: int, outages: int) -> Iterator[CameraFact]:
    """What was told of a camera in two months; all cameras of a box lose it together."""
    key = f"box-{camera // OF_A_BOX:04}.cam-{camera % OF_A_BOX:02}"
    mine, of_box = Random(camera), Random(f"box {camera // OF_A_BOX}")  # noqa: S311 - made-up outages
    lost = [(part + of_box.uniform(0.1, 0.4)) * MONTH_S for part in (0, 0.5, 1, 1.5)]
    moments = sorted(mine.uniform(DAY_S, 2 * MONTH_S - DAY_S) for _ in range(2 * outages))
    told = [(0.0, 0.0, CameraState.ONLINE, FactSource.HEARTBEAT, None)]
    for at in moments:
        if all(abs(at - one) > 4 * 3600 for one in lost) and at - told[-1][0] > 1000:
            back = at + mine.uniform(20, 900)
            told += [
                (at, at + 1, CameraState.OFFLINE, FactSource.TRANSITION, CameraState.ONLINE),
                (back, back + 1, CameraState.ONLINE, FactSource.TRANSITION, CameraState.OFFLINE),
            ]
    for at in lost:
        told += [
            (at, at + 45, CameraState.UNKNOWN, FactSource.RULE, None),
            (at + 7200, at + 7201, CameraState.ONLINE, FactSource.HEARTBEAT, None),
        ]
    for since_s, recorded_s, state, source, previous in sorted(told, key=lambda one: one[1]):
        reason = CameraReason.BOX_OFFLINE if source is FactSource.RULE else None
        yield CameraFact(key, state, reason, later(since_s), later(recorded_s), source, previous=previous)


def fill(stores: SqlStores, cameras: int, outages: int) -> int:
    """Put in boxes, cameras and facts; return how many facts."""
    boxes = [f"box-{number:04}" for number in range(-(-cameras // OF_A_BOX))]
    with stores.writing() as unit:
        for box in boxes:
            unit.boxes.add(Box(box, "s1", later(0), BoxCondition.ONLINE, later(0), heard_at=KNOWN_AT))
        unit.cameras.save(
            [
                Camera(f"{box}.cam-{at:02}", box, f"cam-{at:02}", "s1", CameraState.ONLINE, later(0))
                for box in boxes
                for at in range(OF_A_BOX)
            ]
        )
    columns = [column.name for column in camera_states.c if column.name != "position"]
    every = (
        {name: getattr(fact, name) for name in columns} for camera in range(cameras) for fact in facts(camera, outages)
    )
    count = 0
    while rows := list(islice(every, ROWS_A_STEP)):
        with stores.database.writing() as connection:
            connection.execute(insert(camera_states), rows)
        count += len(rows)
    with stores.database.writing() as connection:
        connection.execute(text("ANALYZE"))
    return count


def bare(connection: Connection) -> tuple[float, float]:
    """Online and all seconds by one statement."""
    name = connection.dialect.name

    def moment(at: datetime) -> str:
        return f"'{at.isoformat(timespec='microseconds')}'" + ("::timestamptz" if name == "postgresql" else "")

    statement = BARE.format(
        seconds=SECONDS[name].format(start="begun", end="ended"),
        least=LEAST[name],
        most=MOST[name],
        start=moment(MONTH.start),
        end=moment(MONTH.end),
        known=moment(KNOWN_AT),
    )
    online_s, all_s = connection.execute(text(statement)).one()
    return float(online_s), float(all_s)


def best(action: Callable[[], Done]) -> tuple[float, float, Done]:
    """The shortest of the rounds: by the clock, of the processor, and what came out."""
    took = []
    for _ in range(ROUNDS):
        begun_s, cpu_s = time.perf_counter(), time.process_time()
        found = action()
        took.append((time.perf_counter() - begun_s, time.process_time() - cpu_s, found))
    return min(took, key=lambda one: one[0])


def page_ms(kpis: Kpis, name: str, group_by: str | None = None, group: str | None = None) -> list[float]:
    """Milliseconds of pages of rows behind a figure, one after the other, or of the first again and again."""
    asked, cursor, taken = Asked(PERIOD, KNOWN_AT, group_by), None, []
    for _ in range(PAGES):
        begun_s = time.perf_counter()
        cursor = kpis.parts(name, asked, group, PageRequest(PAGE, cursor)).next
        taken.append((time.perf_counter() - begun_s) * 1_000)
    return taken


def tell_pages(name: str, stores: SqlStores) -> bool:
    """Print what pages of rows and the parts of the figures page take; whether the slowest pages miss their goal."""
    kpis, missed = Kpis(stores, BUILT_IN_CLOCKWORK), False
    wanted = [(one, None, None) for one in OF_CAMERAS]
    for figure, by, group in (*wanted, ("camera_mttr", "box", "box-0007"), ("camera_online_rate", "vendor", "")):
        median, high = np.percentile(page_ms(kpis, figure, by, group), [50, 95])
        missed |= bool(high > PAGE_MS_MAX)
        told = {"database": name, "rows_of": figure, "group_by": by, "p50_ms": round(float(median), 1)}
        print(json.dumps({**told, "p95_ms": round(float(high), 1), "p95_ms_max": PAGE_MS_MAX}), flush=True)
    figures = Availability(stores)
    parts: dict[str, Callable[[], object]] = {
        "figures": lambda: kpis.outlooks(PERIOD, KNOWN_AT),
        "devices": lambda: (figures.online(MONTH, KNOWN_AT), figures.system(MONTH, KNOWN_AT)),
        "cameras": lambda: list(each_row(figures)),
    }
    for part, action in parts.items():
        took_s, cpu_s, _ = best(action)
        told = {"database": name, "page_part": part, "central_s": round(took_s, 2), "central_cpu_s": round(cpu_s, 2)}
        print(json.dumps({**told, "load": os.getloadavg()[0]}), flush=True)
    return missed


def each_row(figures: Availability) -> Iterator[CameraRow]:
    """All cameras as the page reads them."""
    cursor = None
    while True:
        page = figures.rows(MONTH, KNOWN_AT, PageRequest(PAGE_LIMIT_MAX, cursor))
        yield from page.items
        cursor = page.next
        if cursor is None:
            return


def main() -> int:
    """Print one JSON line a database; 1 when the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cameras", type=int, default=10_000)
    parser.add_argument("--outages", type=int, default=8, help="of a camera, a month")
    options = parser.parse_args()
    missed = False
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        urls = {"sqlite": f"sqlite:///{folder}/central.db"}
        if any(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
            urls["postgresql"] = stack.enter_context(database(stack.enter_context(postgresql()), "online_rate"))
        for name, url in urls.items():
            stores = cast("SqlStores", open_stores(database_url=url, evidence_dir=Path(folder) / "evidence"))
            stack.callback(stores.close)
            count = fill(stores, options.cameras, options.outages)
            figures = Availability(stores)
            ours_s, ours_cpu_s, report = best(lambda figures=figures: figures.online(MONTH, KNOWN_AT))
            with stores.database.reading() as connection:
                bare_s, bare_cpu_s, (online_s, all_s) = best(lambda connection=connection: bare(connection))
            required = report.time.required
            mine_s = required.online_s + required.degraded_s
            assert abs(mine_s - online_s) < timedelta(minutes=1).total_seconds(), (mine_s, online_s)
            assert abs(required.total_s - all_s) < 1, (required.total_s, all_s)
            missed |= ours_s > LIMIT_S
            told = {"database": name, "cameras": report.cameras, "facts": count, "lower": round(mine_s / all_s, 6)}
            clock = {"central_s": round(ours_s, 2), "bare_s": round(bare_s, 2), "limit_s": LIMIT_S}
            cpu = {"central_cpu_s": round(ours_cpu_s, 2), "bare_cpu_s": round(bare_cpu_s, 2)}
            print(json.dumps({**told, **clock, **cpu, "load": os.getloadavg()[0]}), flush=True)
            missed |= tell_pages(name, stores)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
