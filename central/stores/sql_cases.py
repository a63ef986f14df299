"""Cases, their episodes, history and numbers, in SQL."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, RowMapping, func, or_, select

from central.core.cases import OPEN_STATUSES
from central.core.values import Actor, Case, CaseStep, Episode, Page
from central.stores.database.rows import Order, Row, Rows, dialect_insert, insert_rows, page_of
from central.stores.ports import CaseFilter, PageRequest
from central.stores.tables import case_episodes, case_numbers, case_steps, cases
from protocol.messages import EndReason

_CASES = Rows(cases, Case)
_CHANGING = ("status", "version", "updated_at", "first_seen_at", "last_seen_at")
_EPISODES = Rows(case_episodes, Episode, {"case": "case_id"})
_NEWEST_FIRST = Order(cases.c.position, newest_first=True)
_OLDEST_FIRST = Order(case_steps.c.position)


class SqlCases:
    """`CaseStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_at(self, spots: Sequence[str]) -> Sequence[Case]:
        """See the port."""
        if not spots:
            return []
        statement = (
            select(cases)
            .where(cases.c.spot.in_(spots), cases.c.status.in_(OPEN_STATUSES))
            .order_by(cases.c.position)
            .with_for_update()
        )
        return [_CASES.value(row) for row in self._connection.execute(statement).mappings()]

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
        return {case.id: case for case in _CASES.by(self._connection, "id", ids, lock=True)}

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
        _CASES.insert(self._connection, opened)
        _CASES.update(self._connection, changed, "id", _CHANGING)
        _EPISODES.upsert(self._connection, episodes, ("id",))

    def find(self, wanted: CaseFilter, page: PageRequest) -> Page[Case]:
        """See the port."""
        statement = select(cases)
        for name in ("status", "camera", "source"):
            value = getattr(wanted, name)
            if value is not None:
                statement = statement.where(cases.c[name] == value)
        return _CASES.page(self._connection, statement, _NEWEST_FIRST, page)


class SqlHistory:
    """`HistoryStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, steps: Sequence[CaseStep]) -> None:
        """See the port."""
        insert_rows(self._connection, case_steps, [_step_row(step) for step in steps])

    def of_case(self, case: str, page: PageRequest) -> Page[CaseStep]:
        """See the port."""
        statement = select(case_steps).where(case_steps.c.case_id == case)
        return page_of(self._connection, statement, _OLDEST_FIRST, page, _step)


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


def _step_row(step: CaseStep) -> Row:
    return {
        "case_id": step.case,
        "at": step.at,
        "kind": step.kind,
        "actor_kind": step.actor.kind,
        "actor": step.actor.name,
        "actor_role": step.actor.role,
        "from_status": step.from_status,
        "to_status": step.to_status,
        "reason": step.reason,
        "note": step.note,
        "event": step.event,
    }


def _step(row: RowMapping) -> CaseStep:
    return CaseStep(
        case=row["case_id"],
        at=row["at"],
        kind=row["kind"],
        actor=Actor(row["actor_kind"], row["actor"], row["actor_role"]),
        from_status=row["from_status"],
        to_status=row["to_status"],
        reason=row["reason"],
        note=row["note"],
        event=row["event"],
    )
