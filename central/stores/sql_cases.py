"""Cases, their episodes and numbers, in SQL."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, func, or_, select

from central.core.case_machine import OPEN, CaseStatus
from central.core.casefile import Case, Episode
from central.core.values import Page
from central.stores.database.rows import Order, Rows, dialect_insert
from central.stores.ports import CaseFilter, PageRequest
from central.stores.tables import case_episodes, case_numbers, cases
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
    },
)
_CHANGING = (
    "state", "runs", "status", "unit", "due_at", "suspended_until", "merged_into", "version", "updated_at",
    "first_seen_at", "last_seen_at",
)  # fmt: skip
_EPISODES = Rows(case_episodes, Episode, {"case": "case_id"})
_NEWEST_FIRST = Order(cases.c.position, newest_first=True)


class SqlCases:
    """`CaseStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_at(self, spots: Sequence[str]) -> Sequence[str]:
        """See the port."""
        if not spots:
            return []
        statement = select(cases.c.id).where(cases.c.spot.in_(spots), cases.c.status.in_(sorted(OPEN)))
        return self._connection.execute(statement.order_by(cases.c.position)).scalars().all()

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
        CASES.update(self._connection, changed, "id", _CHANGING)
        _EPISODES.upsert(self._connection, episodes, ("id",))

    def find(self, wanted: CaseFilter, page: PageRequest) -> Page[Case]:
        """See the port."""
        statement = select(cases)
        for name in ("status", "camera", "source", "unit"):
            value = getattr(wanted, name)
            if value is not None:
                statement = statement.where(cases.c[name] == value)
        return CASES.page(self._connection, statement, _NEWEST_FIRST, page)


class SqlCaseNumbers:
    """`CaseNumbers` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, day: date, count: int) -> int:
        """See the port."""
        insert = dialect_insert(self._connection, case_numbers).values(day=day, taken=count)
        statement = insert.on_conflict_do_update(
            index_elements=["day"], set_={"taken": case_numbers.c.taken + insert.excluded.taken}
        ).returning(case_numbers.c.taken)
        return int(self._connection.execute(statement).scalar_one()) - count + 1
