"""Figures beside bare SQL: `python bench/kpis.py [--cases N] [--rounds N] [--only sqlite|postgresql] [--at URL]`.

N facts (1,000,000) of 24 months are put in by bare SQL, into SQLite and, where it is installed, PostgreSQL. Then all
figures of one month are asked of central's service, beside three bare statements that count that month's cases by their
moments, and pages of rows behind a figure: the first, and one deep behind a cursor, of cases and of each figure that
rests on registers and reads by key (`_registered_city.py`). Milliseconds by the clock, and of this process's CPU: on a
busy machine the clock tells of others. The proposed targets of a year, from all 24 months, have no limit.
`--at` takes a database of one's own instead: one that is empty is filled, one that an earlier run has filled is asked.
All figures of a month must take 2 s at most, a page of rows 200 ms (95th percentile).
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np
from sqlalchemy import text

from bench._registered_city import COMMUNITIES, PUBLIC_CODES, fill_registers
from central.core.case_machine import CaseStatus
from central.core.case_machine.stages import BUILT_IN_CLOCKWORK
from central.core.kpis import CaseFact, period_of
from central.core.kpis.periods import CalendarUnit
from central.core.values import CaseSource
from central.services.figures.kpis import Kpis
from central.services.figures.planning.proposing import Proposing
from central.stores.open_stores import SqlStores, open_stores
from central.stores.ports import Asked, PageRequest
from tests.support.postgresql import database, postgresql

ALL_MS_MAX, PAGE_MS_MAX = 2_000.0, 200.0
PAGE, DEEP = 100, 100
DAYS = 730
FIRST = datetime(2024, 11, 1, tzinfo=UTC)
ROWS_A_STEP = 10_000
SEED = 11
MONTH = period_of(CalendarUnit.MONTH, date(2026, 3, 15))
NOW = FIRST + timedelta(days=DAYS)
SOURCES = [CaseSource.DETECTOR] * 6 + [CaseSource.COLLECTOR] * 3 + [CaseSource.HOTLINE]
BY_KEY = (
    ("missed_report_rate", "community", COMMUNITIES[2]),
    ("field_recall", "camera", "b7.cam-7"),
    ("seat_usage", "person", "person-7"),
    ("public_participation", "community", COMMUNITIES[2]),
)
"""Figures whose pages are read by key, each with a group."""
COLUMNS = ["case_id" if field.name == "case" else field.name for field in fields(CaseFact)]
BARE = "SELECT count(*), count(closed_at) FROM case_facts WHERE {0} >= :a AND {0} < :b"


def facts(count: int) -> Iterator[CaseFact]:
    """Facts, oldest first."""
    draw = random.Random(SEED)  # noqa: S311 - a made-up city
    for number in range(count):
        at, source = FIRST + timedelta(days=DAYS) * (number / count), draw.choice(SOURCES)
        community = draw.choice(COMMUNITIES)
        fact = CaseFact(
            f"case-{number:032x}", f"E{at:%Y%m%d}{number % 10_000:04d}", source, CaseStatus.CANDIDATE, at, at,
            grid=f"{community}{draw.randrange(20):03d}", community=community, unit=f"u{draw.randrange(12)}",
        )  # fmt: skip
        if source is CaseSource.HOTLINE:
            verified = at + timedelta(minutes=3)
            told = replace(fact, code=draw.choice(PUBLIC_CODES), verified_at=verified, is_genuine=draw.random() < 0.8)
            yield _led(told, draw)
        else:
            camera = f"b{draw.randrange(20)}.cam-{draw.randrange(16)}"
            yield _led(replace(fact, code="04-01", camera=camera, scene="mobile_vendor", zone="z1"), draw)


def _led(fact: CaseFact, draw: random.Random) -> CaseFact:
    if draw.random() < 0.15:
        return replace(fact, status=CaseStatus.REJECTED, rejected_at=fact.opened_at + timedelta(minutes=9))
    told, seconds = fact.opened_at + timedelta(minutes=4), int(draw.expovariate(1 / 9_000)) + 60
    registered, sent = told + timedelta(minutes=6), told + timedelta(minutes=12)
    handled = sent + timedelta(seconds=seconds)
    return replace(
        fact, status=CaseStatus.CLOSED, reported_at=told, accepted_at=told, accept_due_at=told + timedelta(minutes=11),
        registered_at=registered, register_due_at=told + timedelta(minutes=15), dispatched_at=sent,
        dispatch_due_at=registered + timedelta(minutes=15), handled_at=handled, handle_due_at=sent + timedelta(hours=4),
        check_asked_at=handled, checked_at=handled + timedelta(minutes=20),
        check_due_at=handled + timedelta(minutes=30),
        closed_at=handled + timedelta(minutes=30), close_due_at=handled + timedelta(minutes=35),
        found_to_handled_s=seconds + 960, found_to_handled_work_s=seconds // 3, dispatched_to_handled_s=seconds,
        dispatched_to_handled_work_s=seconds // 3, registered_to_closed_s=seconds + 2_160,
        registered_to_closed_work_s=seconds // 3 + 700, is_late=seconds > 4 * 3_600,
        is_misdirected=draw.random() < 0.05,
    )  # fmt: skip


def rows(count: int) -> Iterator[list[list[Any]]]:
    """Rows in portions; says how far it has come."""
    portion: list[list[Any]] = []
    for number, fact in enumerate(facts(count), 1):
        portion.append([getattr(fact, field.name) for field in fields(CaseFact)])
        if len(portion) == ROWS_A_STEP or number == count:
            yield portion
            portion = []
            print(f"\r{number} of {count} cases", end="\n" if number == count else "", file=sys.stderr, flush=True)


def fill(stores: SqlStores, count: int) -> None:
    """Put facts in by the driver's own means, and let the planner know what is there."""
    connection = cast("Any", stores.database.engine.raw_connection())
    driver, names = connection.driver_connection, ", ".join(COLUMNS)
    if stores.database.engine.dialect.name == "postgresql":
        for portion in rows(count):
            with driver.cursor() as cursor, cursor.copy(f"COPY case_facts ({names}) FROM STDIN") as copy:
                for row in portion:
                    copy.write_row(row)
        driver.execute("ANALYZE case_facts")
        driver.commit()
    else:
        put = f"INSERT INTO case_facts ({names}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
        for portion in rows(count):
            driver.execute("BEGIN IMMEDIATE")
            driver.executemany(put, [[_as_kept(value) for value in row] for row in portion])
            driver.execute("COMMIT")
    connection.close()


def _as_kept(value: object) -> object:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value


@dataclass(frozen=True, slots=True)
class Bench:
    """Asks central's service and the database, in turn."""

    stores: SqlStores
    rounds: int

    def measure(self) -> dict[str, dict[str, float]]:
        """Median and 95th percentile of each question, in milliseconds."""
        kpis, asked = Kpis(self.stores, BUILT_IN_CLOCKWORK), Asked(MONTH, NOW)
        deep = None
        for _ in range(DEEP):
            deep = kpis.rows("closing_rate", asked, None, PageRequest(PAGE, deep)).next
        by_key = {name: ask for of in BY_KEY for name, ask in self._pages(kpis, *of).items()}
        questions: dict[str, tuple[Callable[[], object], float]] = {
            "all figures of a month": (lambda: kpis.all(MONTH, NOW), ALL_MS_MAX),
            "bare counting of the month": (self._bare, ALL_MS_MAX),
            "one figure by units": (lambda: kpis.grouped("closing_rate", MONTH, NOW, "unit"), ALL_MS_MAX),
            "first page of rows": (lambda: kpis.rows("closing_rate", asked, None, PageRequest(PAGE)), PAGE_MS_MAX),
            f"page {DEEP}": (lambda: kpis.rows("closing_rate", asked, None, PageRequest(PAGE, deep)), PAGE_MS_MAX),
            "rows of a rare kind": (
                lambda: kpis.rows("verification_in_time_rate", asked, None, PageRequest(PAGE)), PAGE_MS_MAX,
            ),
            **{name: (ask, PAGE_MS_MAX) for name, ask in by_key.items()},
        }  # fmt: skip
        return {name: self._timed(ask, limit) for name, (ask, limit) in questions.items()}

    def _pages(self, kpis: Kpis, figure: str, by: str, group: str) -> dict[str, Callable[[], object]]:
        """The first page of a figure, the last one, and the first of a group."""
        asked, cursors = Asked(MONTH, NOW), [None]
        while (behind := kpis.parts(figure, asked, None, PageRequest(PAGE, cursors[-1])).next) is not None:
            cursors.append(behind)
        return {
            f"{figure}: first page": lambda: kpis.parts(figure, asked, None, PageRequest(PAGE)),
            f"{figure}: page {len(cursors)}": lambda: kpis.parts(figure, asked, None, PageRequest(PAGE, cursors[-1])),
            f"{figure}: {group}": lambda: kpis.parts(figure, replace(asked, group_by=by), group, PageRequest(PAGE)),
        }

    def proposing_s(self) -> float:
        """Seconds that the proposed targets of a year take, from the 24 months before it; once."""
        proposing = Proposing(self.stores, Kpis(self.stores, BUILT_IN_CLOCKWORK).facts, MONTH.zone)
        begin = time.perf_counter()
        proposing.propose(2027, NOW)
        return time.perf_counter() - begin

    def _bare(self) -> None:
        postgres = self.stores.database.engine.dialect.name == "postgresql"
        edges = {name: at if postgres else _as_kept(at) for name, at in (("a", MONTH.begin), ("b", MONTH.end))}
        with self.stores.database.reading() as connection:
            for moment in ("opened_at", "reported_at", "registered_at"):
                connection.execute(text(BARE.format(moment)), edges).all()

    def _timed(self, ask: Callable[[], object], limit_ms: float) -> dict[str, float]:
        taken, cpu = [], []
        for _ in range(self.rounds + 1):
            begin, own = time.perf_counter(), time.process_time()
            ask()
            taken.append((time.perf_counter() - begin) * 1_000)
            cpu.append((time.process_time() - own) * 1_000)
        told = {"p50_ms": np.percentile(taken[1:], 50), "p95_ms": np.percentile(taken[1:], 95)}
        told["cpu_p50_ms"] = np.percentile(cpu[1:], 50)
        return {name: round(float(one), 1) for name, one in told.items()} | {"p95_ms_max": limit_ms}


def _is_filled(stores: SqlStores) -> bool:
    with stores.database.reading() as connection:
        return connection.execute(text("SELECT EXISTS (SELECT 1 FROM case_facts)")).scalar_one() == 1


def main() -> int:
    """Print one JSON line a database and a question; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--at", metavar="URL")
    options = parser.parse_args()
    missed = False
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        urls = {"sqlite": f"sqlite:///{folder}/central.db"} if options.only != "postgresql" else {}
        if options.at is not None:
            urls = {options.at.partition(":")[0].partition("+")[0]: options.at}
        elif options.only != "sqlite" and any(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
            urls["postgresql"] = stack.enter_context(database(stack.enter_context(postgresql()), "kpis"))
        for name, url in urls.items():
            stores = cast("SqlStores", open_stores(database_url=url, evidence_dir=Path(folder) / "evidence"))
            stack.callback(stores.close)
            begin = time.perf_counter()
            if not _is_filled(stores):
                fill(stores, options.cases)
                fill_registers(stores, FIRST, DAYS)
            head = {"database": name, "cases": options.cases, "fill_s": round(time.perf_counter() - begin, 1)}
            print(json.dumps({**head, "load": os.getloadavg()[0]}), flush=True)
            bench = Bench(stores, options.rounds)
            for question, one in bench.measure().items():
                missed |= one["p95_ms"] > one["p95_ms_max"]
                print(json.dumps({"question": question, **one}), flush=True)
            proposed = {"question": "proposed targets of a year", "took_s": round(bench.proposing_s(), 1)}
            print(json.dumps({**proposed, "load": os.getloadavg()[0]}), flush=True)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
