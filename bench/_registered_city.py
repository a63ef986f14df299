"""What figures of registers rest on, beside a million facts: grounds, duties, people, a roster, acts and reports."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from random import Random
from typing import TypeVar

from sqlalchemy import Table, insert, select
from sqlalchemy import text as sql

from central.core.case_machine import CaseAction, CaseState, CaseStatus
from central.core.cases.casefile import Case
from central.core.places.zone_grounds import ZoneGround
from central.core.registers import Entry, Register, Written
from central.core.values import ActorKind, CaseSource
from central.stores.database.rows import Row
from central.stores.open_stores import SqlStores
from central.stores.sql.cases import CASES
from central.stores.tables import case_facts, case_reports, case_steps, cases

SEATS, SHIFTS_A_DAY, SHIFT_HOURS = 20, 3, 8
ACTING = 0.8
"""Of a shift's hours."""
BOXES, CAMERAS_OF_A_BOX, ZONES = 20, 16, 2
CELL_DEG, SIDE_DEG = 0.002, 0.0015
"""A camera's ground lies in a cell of its own; somewhat more than half of all places are watched."""
COMMUNITIES = tuple(f"62052300{street:02d}{number:02d}" for street in range(10) for number in range(40))
PUBLIC_CODES = ("04-01", "04-06", "01-15", "02-01")
JOINED_OF = 20
"""Each so many-th candidate was told by somebody too."""
POPULATION_FROM = 2016
ROWS_A_STEP = 10_000
SEED = 12
Item = TypeVar("Item")


def fill_registers(stores: SqlStores, first: datetime, days: int) -> None:
    """Put them in for `days` from `first` on; facts are there already."""
    draw = Random(SEED)  # noqa: S311 - a made-up city
    noted_at = first - timedelta(days=1)
    entries = (Entry(one, "li", noted_at) for one in (*_duties(first, days), *_people(), *_roster(first, days)))
    for some in _portions(entries):
        with stores.writing() as unit:
            unit.registers.add(some)
    with stores.writing() as unit:
        unit.registers.draw(list(_grounds()), "li", noted_at)
    told = _told(stores)
    _put(stores, cases, (CASES.row(_case(*one[:4], draw)) for one in told))
    _put(stores, case_reports, (_report(*one, draw) for one in told))
    _put(stores, case_steps, _acts(first, days, [case for case, *_ in told], draw))
    with stores.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sql("ANALYZE"))


def _told(stores: SqlStores) -> list[tuple[str, str, CaseSource, datetime, str]]:
    """Cases of the public, and candidates that somebody told of too."""
    fact = case_facts.c
    wanted = (fact.source == CaseSource.HOTLINE) | (
        (fact.source == CaseSource.DETECTOR) & (fact.position % JOINED_OF == 0)
    )
    with stores.database.reading() as connection:
        found = connection.execute(
            select(fact.case_id, fact.number, fact.source, fact.opened_at, fact.camera).where(wanted)
        )
        return [(row[0], row[1], row[2], row[3], row[4]) for row in found]


def _put(stores: SqlStores, table: Table, rows: Iterable[Row]) -> None:
    for some in _portions(rows):
        with stores.database.writing() as connection:
            connection.execute(insert(table), some)


def _portions(rows: Iterable[Item]) -> Iterator[list[Item]]:
    rest = iter(rows)
    while some := list(islice(rest, ROWS_A_STEP)):
        yield some


def _grounds() -> Iterator[ZoneGround]:
    for number in range(BOXES * CAMERAS_OF_A_BOX):
        west, south = 105 + CELL_DEG * (number % BOXES), 34 + CELL_DEG * (number // BOXES)
        for zone, side in enumerate((SIDE_DEG, SIDE_DEG / 2), 1):
            ring = (
                (west, south),
                (west + side, south),
                (west + side, south + side),
                (west, south + side),
                (west, south),
            )
            yield ZoneGround(f"b{number % BOXES}.cam-{number // BOXES}", f"z{zone}", (ring,))


def _duties(first: datetime, days: int) -> Iterator[Written]:
    for community in COMMUNITIES[::2]:
        for code in ("04-01", "04-06", "02"):
            yield Written(Register.INSPECTION_DUTY, code, community, first, first + timedelta(days=days))


def _people() -> Iterator[Written]:
    for year in range(POPULATION_FROM, POPULATION_FROM + 11):
        begin, end = (datetime(one, 1, 1, tzinfo=UTC) for one in (year, year + 1))
        for number, community in enumerate(COMMUNITIES):
            yield Written(Register.POPULATION, community, "", begin, end, 3_000 + number, "bulletin")


def _roster(first: datetime, days: int) -> Iterator[Written]:
    for begin, seat, person in _shifts(first, days):
        yield Written(Register.ROSTER, seat, person, begin, begin + timedelta(hours=SHIFT_HOURS))


def _shifts(first: datetime, days: int) -> Iterator[tuple[datetime, str, str]]:
    for turn in range(days * SHIFTS_A_DAY):
        for seat in range(SEATS):
            person = f"person-{(seat + SEATS * turn) % (SEATS * (SHIFTS_A_DAY + 1))}"
            yield first + timedelta(hours=SHIFT_HOURS * turn), f"seat-{seat:02d}", person


def _place(draw: Random) -> tuple[float, float]:
    return 34 + draw.random() * CELL_DEG * CAMERAS_OF_A_BOX, 105 + draw.random() * CELL_DEG * BOXES


def _case(case: str, number: str, source: CaseSource, at: datetime, draw: Random) -> Case:
    latitude, longitude = _place(draw)
    return Case(
        case, number, CaseState(CaseStatus.CLOSED), source, "li", at, at, at, at, latitude=latitude, longitude=longitude
    )


def _report(case: str, _number: str, _source: CaseSource, at: datetime, camera: str, draw: Random) -> Row:
    """Told half an hour later, from the camera's ground where there is one."""
    latitude, longitude = _place(draw)
    if camera:
        column, row = (int(word[1:] if word[0] == "b" else word.removeprefix("cam-")) for word in camera.split("."))
        latitude, longitude = 34 + CELL_DEG * row + SIDE_DEG / 3, 105 + CELL_DEG * column + SIDE_DEG / 3
    return {
        "case_id": case, "at": at + timedelta(minutes=30), "source": CaseSource.HOTLINE, "reporter": "li", "place": "",
        "description": "", "latitude": latitude, "longitude": longitude, "taken_by": "",
    }  # fmt: skip


def _acts(first: datetime, days: int, known: list[str], draw: Random) -> Iterator[Row]:
    """At most one an hour, each a line of one of the cases."""
    lines = enumerate(cycle(known))
    for begin, _, person in _shifts(first, days):
        for hour in range(SHIFT_HOURS):
            if draw.random() < ACTING:
                number, case = next(lines)
                yield {
                    "case_id": case, "number": number // len(known) + 1, "at": begin + timedelta(hours=hour, minutes=7),
                    "kind": CaseAction.ACCEPT, "actor_kind": ActorKind.PERSON, "actor": person, "actor_unit": "",
                    "to_status": CaseStatus.ACCEPTED, "reason": "", "note": "", "details": {}, "state": "0" * 64,
                    "seal": "0" * 64,
                }  # fmt: skip
