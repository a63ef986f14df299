"""Tombstones in a sealed chain; how far the receipts of a stream are forgotten."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from central.core.case_machine.audit import FIRST, sealed

revision = "0014_seals"
down_revision = "0013_transfers"
branch_labels = None
depends_on = None

STONES_A_STEP = 500
_STONE = ("kind", "subject", "rule", "deleted_at", "details", "number")


def upgrade() -> None:
    """Add the columns and the table, and seal what lies there."""
    number, seal = sa.BigInteger(), sa.String(64)
    op.add_column("streams", sa.Column("forgotten", number, nullable=False, server_default="0"))
    op.add_column("tombstones", sa.Column("number", number, nullable=False, server_default="0"))
    op.add_column("tombstones", sa.Column("seal", seal, nullable=False, server_default=""))
    op.create_table(
        "seals",
        sa.Column("chain", sa.String(32), nullable=False),
        sa.Column("lines", number, nullable=False),
        sa.Column("seal", seal, nullable=False),
        sa.PrimaryKeyConstraint("chain", name="pk_seals"),
    )
    _seal()


def _seal() -> None:
    connection = op.get_bind()
    stones, seals = (sa.Table(name, sa.MetaData(), autoload_with=connection) for name in ("tombstones", "seals"))
    put = stones.update().where(stones.c.position == sa.bindparam("row_position"))
    put = put.values(number=sa.bindparam("row_number"), seal=sa.bindparam("row_seal"))
    number, seal = 0, FIRST
    for rows in _portions(connection, stones):
        found = []
        for row in rows:
            number += 1
            seal = sealed(seal, _said(row | {"number": number}))
            found.append({"row_position": row["position"], "row_number": number, "row_seal": seal})
        connection.execute(put, found)
    if number:
        connection.execute(seals.insert().values(chain="tombstones", lines=number, seal=seal))


def _portions(connection: sa.Connection, stones: sa.Table) -> Iterator[list[dict[str, Any]]]:
    last = 0
    while True:
        query = sa.select(stones).where(stones.c.position > last).order_by(stones.c.position).limit(STONES_A_STEP)
        rows = [dict(row) for row in connection.execute(query).mappings()]
        if not rows:
            return
        last = rows[-1]["position"]
        yield rows


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a tombstone says, as texts; what is empty is left out."""
    texts = {name: _text(row[name]) for name in _STONE}
    return {name: text for name, text in texts.items() if text}


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return "" if value is None else str(value)
