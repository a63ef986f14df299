"""The case machine: what it decides on, and histories that are numbered and sealed. Lines of before are sealed once."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from central.core.case_machine.audit import FIRST, canonical, digest, sealed
from central.stores.database.columns import UtcTime

revision = "0004_case_machine"
down_revision = "0003_measures"
branch_labels = None
depends_on = None

CASES_A_STEP = 500
PUBLIC = {"hotline", "media", "web"}
_CASE = ("id", "number", "source", "reporter", "opened_at", "box", "camera", "zone", "scene", "label", "place",
         "description", "opened_by_event", "spot")  # fmt: skip
_LINE = ("case_id", "number", "at", "kind", "actor_kind", "actor", "actor_role", "from_status", "to_status", "reason",
         "note", "event", "details", "state")  # fmt: skip


def upgrade() -> None:
    """Add the columns, fill them, then ask for what they promise."""
    text, words = sa.Text(), sa.String(64)
    for name, kind in (("state", text), ("runs", text), ("unit", words), ("merged_into", words), ("parent", words)):
        op.add_column("cases", sa.Column(name, kind, nullable=False, server_default="[]" if name == "runs" else ""))
    for name in ("due_at", "suspended_until"):
        op.add_column("cases", sa.Column(name, UtcTime(), nullable=True))
    op.add_column("cases", sa.Column("lines", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("cases", sa.Column("seal", words, nullable=False, server_default=FIRST))
    op.add_column("case_steps", sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    for name in ("actor_unit", "state", "seal"):
        op.add_column("case_steps", sa.Column(name, words, nullable=False, server_default=""))
    op.add_column("case_steps", sa.Column("details", text, nullable=False, server_default="{}"))
    op.add_column("actors", sa.Column("unit", words, nullable=False, server_default=""))
    _fill()
    op.drop_index("ix_case_steps_case_id", "case_steps")
    op.create_index("ix_case_steps_case_id_number", "case_steps", ["case_id", "number"], unique=True)
    for column in (("status", "suspended_until"), ("status", "due_at"), ("unit", "position"), ("merged_into",)):
        op.create_index(f"ix_cases_{'_'.join(column)}", "cases", list(column))


def _fill() -> None:
    connection = op.get_bind()
    cases, steps = (sa.Table(name, sa.MetaData(), autoload_with=connection) for name in ("cases", "case_steps"))
    put_case = cases.update().where(cases.c.id == sa.bindparam("row_id"))
    put_case = put_case.values(
        state=sa.bindparam("row_state"), lines=sa.bindparam("row_lines"), seal=sa.bindparam("row_seal")
    )
    put_step = steps.update().where(steps.c.position == sa.bindparam("row_position"))
    put_step = put_step.values(
        number=sa.bindparam("row_number"), state=sa.bindparam("row_state"), seal=sa.bindparam("row_seal")
    )
    for rows in _portions(connection, cases):
        ids = [row["id"] for row in rows]
        query = sa.select(steps).where(steps.c.case_id.in_(ids)).order_by(steps.c.case_id, steps.c.position)
        lines: dict[str, list[dict[str, Any]]] = {case: [] for case in ids}
        for step in connection.execute(query).mappings():
            lines[step["case_id"]].append(dict(step))
        sealed_lines, heads = [], []
        for row in rows:
            state = {"status": row["status"]} | ({"is_public": True} if row["source"] in PUBLIC else {})
            told, seal = _case_digest(row, state), FIRST
            for number, line in enumerate(lines[row["id"]], 1):
                seal = sealed(seal, _said(line | {"number": number, "details": "{}", "state": told}, _LINE))
                sealed_lines.append(
                    {"row_position": line["position"], "row_number": number, "row_state": told, "row_seal": seal}
                )
            heads.append(
                {
                    "row_id": row["id"],
                    "row_state": canonical(state).decode(),
                    "row_lines": len(lines[row["id"]]),
                    "row_seal": seal,
                }
            )
        connection.execute(put_case, heads)
        if sealed_lines:
            connection.execute(put_step, sealed_lines)


def _portions(connection: sa.Connection, cases: sa.Table) -> Iterator[list[dict[str, Any]]]:
    last = 0
    while True:
        query = sa.select(cases).where(cases.c.position > last).order_by(cases.c.position).limit(CASES_A_STEP)
        rows = [dict(row) for row in connection.execute(query).mappings()]
        if not rows:
            return
        last = rows[-1]["position"]
        yield rows


def _case_digest(row: Mapping[str, Any], state: Mapping[str, Any]) -> str:
    version = {"version": row["version"]} if row["version"] != 1 else {}
    return digest({**_said(row, _CASE), "state": state, **version})


def _said(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """What a row says, as texts; what is empty is left out."""
    texts = {name: _text(row[name]) for name in names}
    return {name: text for name, text in texts.items() if text is not None}


def _text(value: object) -> str | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return None if value is None or value == "" else str(value)
