"""The sealed history of cases, in SQL."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import JsonValue
from sqlalchemy import Connection, RowMapping, bindparam, exists, func, select

from central.core.case_machine.audit import Head, Line, sealed
from central.core.cases.casefile import Case, CaseStep, case_digest
from central.core.exchange import case_change
from central.core.exchange.changes import CASE_FIELDS
from central.core.values import Actor, Page
from central.stores.database.rows import Order, Row, insert_rows, page_of
from central.stores.ports import CaseAudit, PageRequest
from central.stores.sql.cases import CASES
from central.stores.sql.exchange import SqlChanges
from central.stores.sql.keeping.sealing import as_kept, content, text_of
from central.stores.sql.search import SqlSearch
from central.stores.tables import case_steps, cases

_OLDEST_FIRST = Order(case_steps.c.position)
_UNSEALED = {"position", "seal"}
_SEALED = tuple(column.name for column in case_steps.c if column.name not in _UNSEALED)


class SqlHistory:
    """`HistoryStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, steps: Sequence[CaseStep]) -> None:
        """See the port."""
        if not steps:
            return
        ends = self._ends({step.case for step in steps})
        rows, told = [], []
        for step in steps:
            number, seal, known = ends[step.case]
            row = _step_row(step) | {"number": number + 1}
            row["seal"] = sealed(seal, _content(row))
            ends[step.case] = (number + 1, row["seal"], known)
            rows.append(row)
            told.append(case_change(step, number + 1, row["seal"], known))
        insert_rows(self._connection, case_steps, rows)
        SqlSearch(self._connection).add_notes(steps)
        statement = cases.update().where(cases.c.id == bindparam("row_case"))
        self._connection.execute(
            statement.values(lines=bindparam("row_lines"), seal=bindparam("row_seal")),
            [{"row_case": case, "row_lines": number, "row_seal": seal} for case, (number, seal, _) in ends.items()],
        )
        SqlChanges(self._connection).tell(told)

    def of_case(self, case: str, page: PageRequest) -> Page[CaseStep]:
        """See the port."""
        statement = select(case_steps).where(case_steps.c.case_id == case)
        return page_of(self._connection, statement, _OLDEST_FIRST, page, _step)

    def count(self) -> int:
        """See the port."""
        return self._connection.execute(select(func.count()).select_from(cases)).scalar_one()

    def audits(self, after: int, limit: int) -> Sequence[CaseAudit]:
        """See the port."""
        columns = [as_kept(column) for column in cases.c]
        statement = select(*columns).where(cases.c.position > after).order_by(cases.c.position).limit(limit)
        rows = self._connection.execute(statement).mappings().all()
        ids = [row["id"] for row in rows]
        lines, values = self._lines(ids), self._cases(ids)
        return [
            CaseAudit(
                position=row["position"],
                number=row["number"],
                head=Head(row["lines"], row["seal"], _digest(values.get(row["id"]), row)),
                lines=tuple(lines[row["id"]]),
            )
            for row in rows
        ]

    def orphans(self, limit: int) -> Sequence[str]:
        """See the port."""
        missing = ~exists().where(cases.c.id == case_steps.c.case_id)
        return (
            self._connection.execute(select(case_steps.c.case_id).where(missing).distinct().limit(limit))
            .scalars()
            .all()
        )

    def _ends(self, ids: Iterable[str]) -> dict[str, tuple[int, str, Row]]:
        """By case: how many lines, the last seal, and what is told of the case."""
        columns = (cases.c[name] for name in ("id", "lines", "seal", *CASE_FIELDS))
        found = self._connection.execute(select(*columns).where(cases.c.id.in_(sorted(ids)))).mappings()
        return {row["id"]: (row["lines"], row["seal"], dict(row)) for row in found}

    def _lines(self, ids: Sequence[str]) -> Mapping[str, list[Line]]:
        columns = [as_kept(column) for column in case_steps.c]
        wanted = case_steps.c.case_id.in_(ids)
        order = (case_steps.c.case_id, case_steps.c.number)
        found: defaultdict[str, list[Line]] = defaultdict(list)
        for row in self._connection.execute(select(*columns).where(wanted).order_by(*order)).mappings():
            found[row["case_id"]].append(Line(row["number"], _content(row), row["seal"]))
        return found

    def _cases(self, ids: Sequence[str]) -> Mapping[str, Case]:
        """Those whose rows can be read."""
        statement = select(cases).where(cases.c.id.in_(ids))
        try:
            rows = self._connection.execute(statement).mappings().all()
            return {row["id"]: CASES.value(row) for row in rows}
        except ValueError:
            halves = (ids[: len(ids) // 2], ids[len(ids) // 2 :]) if len(ids) > 1 else ()
            return {case: value for half in halves for case, value in self._cases(half).items()}


def _digest(value: Case | None, kept: RowMapping) -> str:
    """The digest of a case; "" where its row cannot be read, or says in a column what it does not say within."""
    if value is None:
        return ""
    repeated = {name: text_of(derive(value)) for name, derive in CASES.derived.items()}
    return case_digest(value) if all(text_of(kept[name]) == text for name, text in repeated.items()) else ""


def _content(row: Mapping[str, Any] | RowMapping) -> Mapping[str, JsonValue]:
    return content(row, _SEALED)


def _step_row(step: CaseStep) -> Row:
    return {
        "case_id": step.case,
        "at": step.at,
        "kind": step.kind,
        "actor_kind": step.actor.kind,
        "actor": step.actor.name,
        "actor_role": step.actor.role,
        "actor_unit": step.actor.unit,
        "from_status": step.from_status,
        "to_status": step.to_status,
        "reason": step.reason,
        "note": step.note,
        "event": step.event,
        "details": step.details,
        "state": step.state,
    }


def _step(row: RowMapping) -> CaseStep:
    return CaseStep(
        case=row["case_id"],
        at=row["at"],
        kind=row["kind"],
        actor=Actor(row["actor_kind"], row["actor"], row["actor_role"], row["actor_unit"]),
        from_status=row["from_status"],
        to_status=row["to_status"],
        reason=row["reason"],
        note=row["note"],
        event=row["event"],
        details=row["details"],
        state=row["state"],
    )
