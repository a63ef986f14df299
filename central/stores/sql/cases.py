"""Cases, their episodes and numbers, in SQL."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, false, func, or_, select, text, union, union_all

from central.core.case_machine import OPEN, CaseStatus
from central.core.cases.casefile import Case, Episode, Report
from central.core.cases.intake import Near
from central.core.cases.search import query
from central.core.places import cell_of, cells_of
from central.core.values import Page
from central.stores.database.columns import utc_month
from central.stores.database.connections import WRITING
from central.stores.database.rows import Order, Rows, dialect_insert
from central.stores.ports import NEAR_MAX, CaseFilter, PageRequest
from central.stores.sql.positions import opened_within
from central.stores.sql.search import SqlSearch
from central.stores.tables import case_episodes, case_numbers, case_reports, cases, leases
from protocol.messages import EndReason

CASES = Rows(
    cases,
    Case,
    derived={
        "status": lambda case: case.state.status,
        "unit": lambda case: case.state.unit,
        "due_at": lambda case: case.state.due_at,
        "suspended_until": lambda case: case.state.suspended_until,
        "merged_into": lambda case: case.state.merged_into,
        "parent": lambda case: case.state.parent,
        "component": lambda case: case.state.component.id if case.state.component is not None else "",
        "cell": lambda case: cell_of(case.position) if case.position is not None else None,
        "opened_month": lambda case: utc_month(case.opened_at),
    },
)
_CHANGING = (
    "state", "runs", "status", "unit", "due_at", "suspended_until", "merged_into", "component", "version", "updated_at",
    "first_seen_at", "last_seen_at",
)  # fmt: skip
_REPORTS = Rows(case_reports, Report, {"case": "case_id"})
_EPISODES = Rows(case_episodes, Episode, {"case": "case_id"})
CELLS_MAX, CHOICES_MAX = 64, 128
"""A larger box is found by reading cases, newest first, until there are enough; SQLite unites 500 choices at most."""
_NEWEST_FIRST = Order(cases.c.position, newest_first=True)
_LOOKING_NEAR = 720_575_941
"""Advisory lock of PostgreSQL, with the hash of a scene."""
_HOLD = text("SELECT pg_advisory_xact_lock(:kind, hashtext(:scene))")
_Limit = Callable[[Order, Select[Any]], Select[Any]]


class SqlCases:
    """`CaseStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._search = SqlSearch(connection)

    def open_at(self, spots: Sequence[str]) -> Sequence[str]:
        """See the port."""
        if not spots:
            return []
        statement = select(cases.c.id).where(cases.c.spot.in_(spots), cases.c.status.in_(sorted(OPEN)))
        return self._connection.execute(statement.order_by(cases.c.position)).scalars().all()

    def last_closed(self, spots: Sequence[str]) -> Sequence[str]:
        """See the port."""
        if not spots:
            return []
        closed = (cases.c.spot.in_(spots), cases.c.status == CaseStatus.CLOSED)
        last = select(func.max(cases.c.position)).where(*closed).group_by(cases.c.spot)
        return self._connection.execute(select(cases.c.id).where(cases.c.position.in_(last))).scalars().all()

    def open_near(self, scenes: Sequence[str], near: Sequence[Near], *, of_people: bool) -> Sequence[str]:
        """See the port."""
        self._one_at_a_time(scenes)
        cameras = sorted({one.camera for one in near if one.camera is not None})
        cells = sorted({cell for one in near for cell in one.cells})
        places = ((cases.c.camera, cameras), (cases.c.cell, cells))
        wanted = [
            cases.c.status.in_(sorted(OPEN)),
            # Not as columns: SQLite would take the index of one of them, under which nearly all cases stand.
            (cases.c.scene + "").in_(scenes),
            func.length(cases.c.parent) == 0,
            *([func.coalesce(cases.c.spot, "") == ""] if of_people else []),
        ]
        parts = [
            select(cases.c.position, cases.c.id).where(column.in_(kept), *wanted) for column, kept in places if kept
        ]
        if not parts or not scenes:
            return []
        found = union(*parts).subquery()
        statement = select(found.c.id).order_by(found.c.position.desc()).limit(NEAR_MAX)
        return self._connection.execute(statement).scalars().all()

    def _one_at_a_time(self, scenes: Sequence[str]) -> None:
        """Wait for units that look for the same scenes: of two that find nothing, each would open a case."""
        is_writing = self._connection.get_execution_options().get(WRITING, False)
        if is_writing and self._connection.dialect.name == "postgresql":
            for scene in sorted(set(scenes)):
                self._connection.execute(_HOLD, {"kind": _LOOKING_NEAR, "scene": scene})

    def add_reports(self, reports: Sequence[Report]) -> None:
        """See the port."""
        _REPORTS.insert(self._connection, reports)

    def reports(self, cases: Sequence[str]) -> Mapping[str, tuple[Report, ...]]:
        """See the port."""
        if not cases:
            return {}
        statement = select(case_reports).where(case_reports.c.case_id.in_(cases)).order_by(case_reports.c.position)
        found: defaultdict[str, list[Report]] = defaultdict(list)
        for row in self._connection.execute(statement).mappings():
            found[row["case_id"]].append(_REPORTS.value(row))
        return {case: tuple(told) for case, told in found.items()}

    def known_episodes(self, ids: Sequence[str]) -> Mapping[str, Episode]:
        """See the port."""
        return {episode.id: episode for episode in _EPISODES.by(self._connection, "id", ids)}

    def staying(self, cases: Sequence[str]) -> Mapping[str, int]:
        """See the port."""
        if not cases:
            return {}
        episode = case_episodes.c
        statement = (
            select(episode.case_id, func.count().label("staying"))
            .where(episode.case_id.in_(cases), or_(episode.end_reason.is_(None), episode.end_reason != EndReason.LEFT))
            .group_by(episode.case_id)
        )
        return {row.case_id: row.staying for row in self._connection.execute(statement)}

    def get(self, ids: Sequence[str]) -> Mapping[str, Case]:
        """See the port."""
        return {case.id: case for case in CASES.by(self._connection, "id", ids, lock=True)}

    def related(self, case: str) -> frozenset[str]:
        """See the port."""
        statement = select(cases.c.parent, cases.c.merged_into).where(cases.c.id == case)
        return frozenset(other for row in self._connection.execute(statement) for other in row if other)

    def merged_into(self, survivors: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """See the port."""
        if not survivors:
            return {}
        statement = select(cases.c.merged_into, cases.c.id).where(cases.c.merged_into.in_(survivors))
        found: defaultdict[str, list[str]] = defaultdict(list)
        for row in self._connection.execute(statement.order_by(cases.c.position)):
            found[row.merged_into].append(row.id)
        return {survivor: tuple(ids) for survivor, ids in found.items()}

    def resumable(self, now: datetime, limit: int) -> Sequence[str]:
        """See the port."""
        held = cases.c.status == CaseStatus.SUSPENDED
        statement = select(cases.c.id).where(held, cases.c.suspended_until <= now).order_by(cases.c.suspended_until)
        return self._connection.execute(statement.limit(limit)).scalars().all()

    def episodes(self, cases: Sequence[str]) -> Mapping[str, tuple[Episode, ...]]:
        """See the port."""
        if not cases:
            return {}
        statement = select(case_episodes).where(case_episodes.c.case_id.in_(cases)).order_by(case_episodes.c.position)
        found: defaultdict[str, list[Episode]] = defaultdict(list)
        for row in self._connection.execute(statement).mappings():
            found[row["case_id"]].append(_EPISODES.value(row))
        return {case: tuple(episodes) for case, episodes in found.items()}

    def save(self, opened: Sequence[Case], changed: Sequence[Case], episodes: Sequence[Episode]) -> None:
        """See the port."""
        CASES.insert(self._connection, opened)
        self._search.add_cases(opened)
        CASES.update(self._connection, changed, "id", _CHANGING)
        _EPISODES.upsert(self._connection, episodes, ("id",))

    def find(self, wanted: CaseFilter, page: PageRequest) -> Page[Case]:
        """See the port."""
        found = self._positions(wanted, lambda order, statement: order.limit(statement, page))
        return CASES.page(self._connection, select(cases).where(cases.c.position.in_(found)), _NEWEST_FIRST, page)

    def count(self, wanted: CaseFilter, limit: int) -> int:
        """See the port."""
        found = self._positions(wanted, lambda _, statement: statement).limit(limit)
        return self._connection.execute(select(func.count()).select_from(found.subquery())).scalar_one()

    def _positions(self, wanted: CaseFilter, limit: _Limit) -> Select[Any]:
        """Which cases; rows are fetched afterwards, so that nothing but numbers is ever sorted."""
        statuses = _statuses(wanted)
        opened = opened_within(self._connection, wanted.opened_after, wanted.opened_before)
        conditions = [*_conditions(wanted), *opened.holds(cases.c.position)]
        if wanted.text is not None:
            asked = query(wanted.text)
            found = self._search.matching(asked) if asked else false()
            further = [*conditions, *([cases.c.status.in_(statuses)] if statuses else [])]
            further += [or_(*_assigned(wanted))] if wanted.assignee is not None else []
            statement = select(self._search.position).where(found, *opened.holds(self._search.position))
            order = Order(self._search.position, newest_first=True)
            return limit(order, statement.where(self._search.of_row(*further)) if further else statement)
        choices = _choices(wanted, statuses)
        if len(choices) == 1:
            return limit(_NEWEST_FIRST, select(cases.c.position).where(*choices[0], *conditions))
        # Each choice by its own index, already in order: databases would sort all rows of all of them.
        parts = [
            select(limit(_NEWEST_FIRST, select(cases.c.position).where(*one, *conditions)).subquery())
            for one in choices
        ]
        joined = union(*parts) if wanted.assignee is not None else union_all(*parts)
        return select(joined.subquery())


def _choices(wanted: CaseFilter, statuses: Sequence[CaseStatus]) -> list[list[ColumnElement[bool]]]:
    """Conditions of which one must hold, each served by an index."""
    by_status = [[cases.c.status == one] for one in statuses] or [[]]
    cells = (cells_of(wanted.bounds, CELLS_MAX) or ()) if wanted.bounds is not None else ()
    by_cell = [[cases.c.cell == one] for one in cells] or [[]]
    if len(by_status) * len(by_cell) > CHOICES_MAX:
        by_status = [[cases.c.status.in_(statuses)]]
    by_assignee = [[one] for one in _assigned(wanted)] or [[]]
    if len(by_status) * len(by_cell) * len(by_assignee) > CHOICES_MAX:
        by_assignee = [[or_(*_assigned(wanted))]]
    return [[*one, *two, *three] for one in by_status for two in by_cell for three in by_assignee]


def _assigned(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    if wanted.assignee is None:
        return []
    name, at = wanted.assignee
    held = select(leases.c.case_id).where(leases.c.holder == name, leases.c.until > at)
    return [cases.c.unit == name, cases.c.id.in_(held)]


def _statuses(wanted: CaseFilter) -> list[CaseStatus]:
    match wanted.status:
        case None:
            return []
        case CaseStatus():
            return [wanted.status]
        case several:
            return sorted(several)


def _conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    """All but status, assignee and text."""
    columns, found = cases.c, []
    for name in ("camera", "source", "unit", "box", "scene", "grid", "component"):
        value = getattr(wanted, name)
        if value is not None:
            found.append(columns[name] == value)
    if wanted.bounds is not None:
        found.append(columns.latitude.between(wanted.bounds.south, wanted.bounds.north))
        found.append(columns.longitude.between(wanted.bounds.west, wanted.bounds.east))
    for column, after, before in (
        (columns.opened_at, wanted.opened_after, wanted.opened_before),
        (columns.updated_at, wanted.updated_after, wanted.updated_before),
        (columns.due_at, None, wanted.due_before),
    ):
        found += [column > after] if after is not None else []
        found += [column < before] if before is not None else []
    return found


class SqlCaseNumbers:
    """`CaseNumbers` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def taken(self) -> Mapping[date, int]:
        """See the port."""
        return {row.day: row.taken for row in self._connection.execute(select(case_numbers))}

    def take(self, day: date, count: int) -> int:
        """See the port."""
        insert = dialect_insert(self._connection, case_numbers).values(day=day, taken=count)
        statement = insert.on_conflict_do_update(
            index_elements=["day"], set_={"taken": case_numbers.c.taken + insert.excluded.taken}
        ).returning(case_numbers.c.taken)
        return int(self._connection.execute(statement).scalar_one()) - count + 1
