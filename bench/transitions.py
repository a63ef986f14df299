"""What a step of a case costs beside bare SQL: `python bench/transitions.py [--cases N] [--rounds N]`.

Beside N cases (100,000) of 24 months, people report cases and accept, register and dispatch them: each step as the API
takes it, with its guards, clocks, sealed line of history and change for partners, in one transaction on the disk. In
turn with it one bare transaction updates a case and inserts two rows of the same size. Milliseconds by the clock and of
this process's CPU. A step must take 20 ms at most (99th percentile).
"""

import argparse
import json
import os
import secrets
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.case_list import fill_postgresql, fill_sqlite, timed
from central.core.case_machine import CaseAction, Wish
from central.core.cases.casefile import CaseView
from central.core.values import Actor, ActorKind, CaseSource, Role
from central.services.cases.casework import Casework
from central.services.desks.actions import CaseRules
from central.services.desks.reports import PersonReport
from central.stores.open_stores import SqlStores, open_stores
from tests.support.postgresql import database, postgresql

STEP_MS_MAX = 20.0
WARM_UP = 5
NOW = datetime(2026, 11, 27, 2, tzinfo=UTC)
PERSON = Actor(ActorKind.PERSON, "bench", Role.OPERATOR)
STEPS = (
    Wish(CaseAction.ACCEPT),
    Wish(CaseAction.REGISTER, condition="bench"),
    Wish(CaseAction.DISPATCH, unit="sanitation"),
)
LINE = "x" * 400


def spread(figures: list[float]) -> dict[str, float]:
    """Median and 99th percentile."""
    return {"p50": round(float(np.median(figures)), 2), "p99": round(float(np.percentile(figures, 99)), 2)}


class Steps:
    """One database with its cases."""

    def __init__(self, stores: SqlStores) -> None:
        self._casework = Casework(stores, CaseRules())
        self._is_postgresql = stores.database.engine.dialect.name == "postgresql"
        self._held = stores.database.engine.raw_connection()
        self._connection = self._held.driver_connection

    def fill(self, cases: int) -> None:
        """Put cases in, and a table for the bare statement."""
        (fill_postgresql if self._is_postgresql else fill_sqlite)(self._connection, cases)
        if self._is_postgresql:
            self._connection.execute("SELECT setval(pg_get_serial_sequence('cases', 'position'), %s)", (cases,))
        self._connection.execute("CREATE TABLE bare_steps (case_id varchar(64), line text)")
        self._connection.commit()

    def measure(self, rounds: int) -> dict[str, Any]:
        """Each step of `rounds` cases, in turn with a bare one."""
        figures: dict[str, list[float]] = {"central": [], "central_cpu": [], "bare": [], "bare_cpu": []}
        for number in range(-WARM_UP, rounds):
            at = NOW + timedelta(seconds=60 * number)
            view = self._reported(number, at)
            for step in STEPS:
                spent_ms, cpu_ms, after = timed(self._step(view, step, at))
                bare_ms, bare_cpu_ms, _ = timed(lambda case=view.case.id: self._bare(case))
                view = cast("CaseView", after)
                if number >= 0:
                    for name, one in zip(figures, (spent_ms, cpu_ms, bare_ms, bare_cpu_ms), strict=True):
                        figures[name].append(one)
        return {"steps": len(figures["central"]), **{f"{name}_ms": spread(one) for name, one in figures.items()}}

    def close(self) -> None:
        """Give the bare connection back."""
        self._held.close()

    def _reported(self, number: int, at: datetime) -> CaseView:
        report = PersonReport(CaseSource.COLLECTOR, "bench", place=f"bench {number}", description=f"number {number}")
        return self._casework.report(report, PERSON, at, secrets.token_bytes)

    def _step(self, view: CaseView, wish: Wish, at: datetime) -> Callable[[], CaseView]:
        return lambda: self._casework.act(view.case.id, wish, PERSON, expected_version=view.case.version, now=at)

    def _bare(self, case: str) -> None:
        mark = "%s" if self._is_postgresql else "?"
        if not self._is_postgresql:
            self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute(f"UPDATE cases SET label = {mark} WHERE id = {mark}", ("bench", case))  # noqa: S608
        for _ in range(2):
            self._connection.execute(f"INSERT INTO bare_steps VALUES ({mark}, {mark})", (case, LINE))  # noqa: S608
        self._connection.commit()


def main() -> int:
    """Print one JSON line a database; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=200)
    options = parser.parse_args()
    missed = False
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        urls = {"sqlite": f"sqlite:///{folder}/central.db"}
        if any(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
            urls["postgresql"] = stack.enter_context(database(stack.enter_context(postgresql()), "transitions"))
        for name, url in urls.items():
            stores = cast("SqlStores", open_stores(database_url=url, evidence_dir=Path(folder) / "evidence"))
            stack.callback(stores.close)
            steps = Steps(stores)
            steps.fill(options.cases)
            found = steps.measure(options.rounds)
            steps.close()
            missed |= found["central_ms"]["p99"] > STEP_MS_MAX
            head = {"database": name, "cases": options.cases, "load": round(os.getloadavg()[0], 1)}
            print(json.dumps({**head, **found, "p99_ms_max": STEP_MS_MAX}))
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
