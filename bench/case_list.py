"""Case list and search beside bare SQL: `python bench/case_list.py [--cases N] [--rounds N] [--at URL]...`.

N cases (100,000) of 24 months are put in by bare SQL, into SQLite and, where it is installed, into PostgreSQL. Then the
first 100 of a list are asked of central's service, as pages and API ask it, and of one SQL statement without anything
around it that finds the same rows; both in turn, in milliseconds by the clock and of this process's CPU (on a busy
machine the clock tells of others; PostgreSQL works in processes of its own).
`--at` takes databases of one's own instead: one that is empty is filled, one that an earlier run has filled is asked.
Central must list within 100 ms and search within 200 ms (95th percentile), with 1,000,000 cases too.
"""

import argparse
import base64
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np

from central.core.case_machine import CaseState, CaseStatus
from central.core.case_machine.audit import canonical, plain
from central.core.cases.search import query, terms
from central.core.places import Bounds, Position, cell_of, cells_of
from central.services.cases.casework import Casework
from central.services.desks.actions import CaseRules
from central.stores.case_texts import case_texts
from central.stores.database.columns import utc_month
from central.stores.open_stores import SqlStores, open_stores
from central.stores.ports import CaseFilter, PageRequest
from tests.support.postgresql import database, postgresql

LIST_MS_MAX, TEXT_MS_MAX = 100.0, 200.0
PAGE = 100
DAYS = 730
BOX_DEG = 0.02
FIRST = datetime(2024, 11, 1, tzinfo=UTC)
PLATE_EACH, RARE_EACH = 400, 50_000
ROWS_A_STEP = 10_000
SEED = 11
STREETS = [f"{name}{kind}" for name in "东西南北中新和平人民解放建设文化" for kind in ("大街", "路", "巷", "市场")]
THINGS = ["暴露垃圾", "垃圾满溢", "流动摊贩占道", "店外经营", "共享单车淤积", "机动车违停", "乱堆物堆料", "污水外溢"]
SCENES = ["exposed_rubbish", "bin_overflow", "mobile_vendor", "out_of_store", "bike_pileup", "vehicle_parking"]
ENDED = [CaseStatus.CLOSED] * 16 + [CaseStatus.GONE] * 2 + [CaseStatus.REJECTED, CaseStatus.VOIDED]
OPEN = [CaseStatus.CANDIDATE, CaseStatus.ACCEPTED, CaseStatus.DISPATCHED, CaseStatus.IN_PROGRESS]
OPEN_SHARE = 0.01
STATES = {status: canonical(plain(CaseState(status))).decode() for status in CaseStatus}
COLUMNS = (
    "position", "id", "number", "state", "runs", "status", "unit", "merged_into", "parent", "source", "reporter",
    "opened_month", "opened_at", "updated_at", "first_seen_at", "last_seen_at", "version", "box", "camera", "scene",
    "label", "place", "description", "latitude", "longitude", "cell",
)  # fmt: skip
Row = tuple[Any, ...]


def rows(count: int) -> Iterator[tuple[Row, tuple[str, ...]]]:
    """Rows of cases, oldest first, each with its terms."""
    draw = random.Random(SEED)  # noqa: S311 - a made-up city
    for position in range(1, count + 1):
        at = FIRST + timedelta(days=DAYS) * (position / count)
        statuses = OPEN if position > count * (1 - OPEN_SHARE) else ENDED
        status, number = draw.choice(statuses), f"E{at:%Y%m%d}{position % 10_000:04d}"
        place = f"{draw.choice(STREETS)}{draw.randrange(1, 400)}号门前"
        description = f"{draw.choice(THINGS)}，请尽快处理"
        description += f"，车牌{plate(position)}" if position % PLATE_EACH == 0 else ""
        description += "，窨井盖缺失" if position % RARE_EACH == 0 else ""
        scene, camera = draw.choice(SCENES), f"b{draw.randrange(20)}.cam-{draw.randrange(16)}"
        at_place = Position(round(34.6 + draw.random() * 0.3, 6), round(105.2 + draw.random() * 0.3, 6))
        row = (
            position, f"case-{position:032x}", number, STATES[status], "[]", status.value, f"u{draw.randrange(12)}", "",
            "", "detector", "b1", utc_month(at), at, at, at, at, 3, camera.partition(".")[0], camera, scene, "static",
            place, description, at_place.latitude, at_place.longitude, cell_of(at_place),
        )  # fmt: skip
        texts = case_texts(number, place, description, "static", scene)
        yield row, tuple(dict.fromkeys(term for text in texts for term in terms(text)))


def plate(position: int) -> str:
    """The number of a vehicle that few cases name."""
    return f"甘E{position // PLATE_EACH:05d}"


def steps(count: int) -> Iterator[list[tuple[Row, tuple[str, ...]]]]:
    """Rows in portions; says how far it has come."""
    portion: list[tuple[Row, tuple[str, ...]]] = []
    for number, row in enumerate(rows(count), 1):
        portion.append(row)
        if len(portion) == ROWS_A_STEP or number == count:
            yield portion
            portion = []
            print(f"\r{number} of {count} cases", end="\n" if number == count else "", file=sys.stderr, flush=True)


def fill_sqlite(connection: Any, count: int) -> None:  # noqa: ANN401 - the driver's
    """Put cases in by statements of the driver."""
    put = f"INSERT INTO cases ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
    for portion in steps(count):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(put, [tuple(map(_as_text, row)) for row, _ in portion])
        found = [(row[0], " ".join(kept)) for row, kept in portion]
        connection.executemany("INSERT INTO case_terms (rowid, terms) VALUES (?, ?)", found)
        connection.execute("COMMIT")


def fill_postgresql(connection: Any, count: int) -> None:  # noqa: ANN401 - the driver's
    """Put cases in by COPY, and let the planner know what is there, as the server does by itself in time."""
    for portion in steps(count):
        with connection.cursor() as cursor:
            with cursor.copy(f"COPY cases ({', '.join(COLUMNS)}) FROM STDIN") as copy:
                for row, _ in portion:
                    copy.write_row(row)
            with cursor.copy("COPY case_terms (position, terms) FROM STDIN") as copy:
                for row, kept in portion:
                    copy.write_row((row[0], " ".join(f"'{term}'" for term in kept)))
        connection.commit()
    connection.execute("ANALYZE cases, case_terms")
    connection.commit()


def _as_text(value: object) -> object:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a filter, and the condition of the bare statement; `text` says which goal holds."""

    wanted: CaseFilter
    where: str
    values: tuple[object, ...]
    text: bool = False


def questions(count: int, *, is_postgresql: bool) -> dict[str, Callable[[int], Question]]:
    """What is asked of a list in each round."""
    mark = "%s" if is_postgresql else "?"
    matched = (
        f"position IN (SELECT position FROM case_terms WHERE terms @@ {mark}::tsquery ORDER BY position DESC LIMIT 101)"  # noqa: S608
        if is_postgresql
        else f"position IN (SELECT rowid FROM case_terms WHERE case_terms MATCH {mark} ORDER BY rowid DESC LIMIT 101)"  # noqa: S608
    )

    def by_status(number: int) -> Question:
        status = list(dict.fromkeys([*OPEN, *ENDED]))[number % 8]
        return Question(CaseFilter(status=status), f"status = {mark}", (status.value,))

    def by_text(text: str) -> Question:
        asked = query(text)
        wanted = (
            [*(f"'{word}'" for word in asked.words), *(f"'{one}':*" for one in asked.beginnings)]
            if is_postgresql
            else [*(f'"{word}"' for word in asked.words), *(f'"{one}" *' for one in asked.beginnings)]
        )
        return Question(
            CaseFilter(text=text), matched, ((" & " if is_postgresql else " AND ").join(wanted),), text=True
        )

    def by_month(number: int) -> Question:
        after = FIRST + timedelta(days=number * 211 % (DAYS - 30))
        return opened(after, after + timedelta(days=30))

    def opened(after: datetime, before: datetime, **more: str) -> Question:
        wanted = CaseFilter(opened_after=after, opened_before=before, **more)  # type: ignore[arg-type]
        ends = tuple(at.isoformat(timespec="microseconds") for at in (after, before))
        where = "".join(f" AND {name} = {mark}" for name in more)
        return Question(wanted, f"opened_at > {mark} AND opened_at < {mark}{where}", (*ends, *more.values()))

    def by_unit_and_month(number: int) -> Question:
        after = FIRST + timedelta(days=number * 211 % (DAYS - 30))
        return opened(after, after + timedelta(days=30), unit=f"u{number % 12}")

    def by_year(number: int) -> Question:
        after = FIRST + timedelta(days=number * 7 % (DAYS - 365))
        return opened(after, after + timedelta(days=365))

    def by_place(number: int) -> Question:
        south, west = 34.6 + number * 7 % 25 / 100, 105.2 + number * 11 % 25 / 100
        bounds = Bounds(west, south, west + BOX_DEG, south + BOX_DEG)
        where = f"latitude BETWEEN {mark} AND {mark} AND longitude BETWEEN {mark} AND {mark}"
        ends = (bounds.south, bounds.north, bounds.west, bounds.east)
        cells = ", ".join(map(str, cells_of(bounds, 64) or ()))
        return Question(CaseFilter(bounds=bounds), f"cell IN ({cells}) AND {where}", ends)

    def by_plate(number: int) -> Question:
        return by_text(plate(PLATE_EACH * (1 + number * 7919 % (count // PLATE_EACH))))

    return {
        "first page by status": by_status,
        "first page of a month": by_month,
        "first page of a month and a unit": by_unit_and_month,
        "first page of a year": by_year,
        "first page of a place": by_place,
        "text, common word": lambda number: by_text(["垃圾", "占道", "人民", "处理"][number % 4]),
        "text, two common words": lambda number: by_text(["暴露垃圾 人民", "流动摊贩 市场"][number % 2]),
        "text, rare word": lambda _: by_text("窨井盖"),
        "text, one plate": by_plate,
        "text, one character": lambda number: by_text("垃道窨处"[number % 4]),
        "text, nothing": lambda _: by_text("琉璃"),
    }


def bare_page(connection: Any, question: Question, before: int) -> list[int]:  # noqa: ANN401 - the driver's
    """Positions of a page, its rows fetched by one statement."""
    statement = f"SELECT * FROM cases WHERE position < {before} AND {question.where} ORDER BY position DESC LIMIT 101"  # noqa: S608
    found = connection.execute(statement, question.values).fetchall()
    return [row[0] for row in found][:PAGE]


def timed(action: Callable[[], object]) -> tuple[float, float, object]:
    """Milliseconds by the clock and of this process's CPU, and what came of it."""
    began, began_cpu = time.perf_counter(), time.process_time()
    done = action()
    return 1000 * (time.perf_counter() - began), 1000 * (time.process_time() - began_cpu), done


def spread(figures: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {"p50": round(float(np.median(figures)), 2), "p95": round(float(np.percentile(figures, 95)), 2)}


class Listing:
    """One database with its cases."""

    def __init__(self, stores: SqlStores, count: int, rounds: int) -> None:
        self._casework = Casework(stores, CaseRules())
        self._is_postgresql = stores.database.engine.dialect.name == "postgresql"
        self._held = stores.database.engine.raw_connection()
        self._connection = self._held.driver_connection
        self._count = count
        self._rounds = rounds

    def fill(self) -> float:
        """Put the cases in, unless they are there; seconds."""
        there = self._connection.execute("SELECT COUNT(*) FROM cases").fetchone()[0]
        if self._is_postgresql:
            self._connection.rollback()
        if there:
            assert there == self._count, f"the database has {there} cases"
            return 0.0
        fill = fill_postgresql if self._is_postgresql else fill_sqlite
        return timed(lambda: fill(self._connection, self._count))[0] / 1000

    def measure(self) -> dict[str, Any]:
        """Every question, central and bare in turn; then pages behind a cursor, deep in the list."""
        asked = questions(self._count, is_postgresql=self._is_postgresql)
        found = {name: self._compare(ask) for name, ask in asked.items()}

        def ended(number: int) -> Question:
            return asked["first page by status"](len(OPEN) + number % 4)

        found["page deep behind a cursor"] = self._compare(ended, self._count // 2)
        return found

    def close(self) -> None:
        """Give the bare connection back."""
        self._held.close()

    def _compare(self, ask: Callable[[int], Question], before: int | None = None) -> dict[str, Any]:
        ours, bare, ours_cpu, bare_cpu = [], [], [], []
        cursor = None if before is None else _cursor(before)
        goal_ms = LIST_MS_MAX
        for number in range(-2, self._rounds):
            question = ask(number % self._rounds)
            goal_ms = TEXT_MS_MAX if question.text else LIST_MS_MAX
            ours_ms, ours_cpu_ms, page = timed(
                lambda q=question: self._casework.cases(q.wanted, PageRequest(PAGE, cursor))
            )
            bare_ms, bare_cpu_ms, positions = timed(
                lambda q=question: bare_page(self._connection, q, self._count + 1 if before is None else before)
            )
            shown = [int(view.case.id.removeprefix("case-"), 16) for view in cast("Any", page).items]
            assert shown == positions, question
            if number >= 0:
                ours.append(ours_ms)
                bare.append(bare_ms)
                ours_cpu.append(ours_cpu_ms)
                bare_cpu.append(bare_cpu_ms)
        if self._is_postgresql:
            self._connection.rollback()
        clock = {"central_ms": spread(ours), "bare_ms": spread(bare), "p95_ms_max": goal_ms}
        return {**clock, "central_cpu_ms": spread(ours_cpu), "bare_cpu_ms": spread(bare_cpu)}


def _cursor(position: int) -> str:
    return base64.urlsafe_b64encode(str(position).encode()).rstrip(b"=").decode()


def main() -> int:
    """Print one JSON line a database and a question; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--at", action="append", metavar="URL")
    options = parser.parse_args()
    missed = False
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        urls = {url.partition(":")[0].partition("+")[0]: url for url in options.at or ()} or {
            "sqlite": f"sqlite:///{folder}/central.db"
        }
        if not options.at and any(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
            urls["postgresql"] = stack.enter_context(database(stack.enter_context(postgresql()), "case_list"))
        for name, url in urls.items():
            stores = cast("SqlStores", open_stores(database_url=url, evidence_dir=Path(folder) / "evidence"))
            stack.callback(stores.close)
            listing = Listing(stores, options.cases, options.rounds)
            fill_s = listing.fill()
            found = listing.measure()
            listing.close()
            missed |= any(one["central_ms"]["p95"] > one["p95_ms_max"] for one in found.values())
            head = {"database": name, "cases": options.cases, "fill_s": round(fill_s, 1), "load": os.getloadavg()[0]}
            print(json.dumps(head))
            for question, one in found.items():
                print(json.dumps({"question": question, **one}))
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
