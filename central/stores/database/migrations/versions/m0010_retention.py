"""Retention: legal holds, tombstones, and what a deletion has to look for."""

import sqlalchemy as sa
from alembic import op

from central.stores.database.columns import Position, UtcTime

revision = "0010_retention"
down_revision = "0009_recurrence"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables and indexes."""
    text, words, at = sa.Text(), sa.String(64), UtcTime()
    op.create_table(
        "legal_holds",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("case_id", words, nullable=False),
        sa.Column("reason", text, nullable=False),
        sa.Column("set_by", text, nullable=False),
        sa.Column("set_at", at, nullable=False),
        sa.Column("lifted_by", text, nullable=False),
        sa.Column("lifted_at", at, nullable=True),
        sa.PrimaryKeyConstraint("position", name="pk_legal_holds"),
    )
    op.create_index("ix_legal_holds_case_id", "legal_holds", ["case_id"])
    op.create_table(
        "tombstones",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", words, nullable=False),
        sa.Column("rule", words, nullable=False),
        sa.Column("deleted_at", at, nullable=False),
        sa.Column("details", text, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_tombstones"),
    )
    op.create_index("ix_tombstones_subject", "tombstones", ["subject"])
    op.create_table(
        "released_pictures",
        sa.Column("sha256", words, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_released_pictures"),
    )
    op.create_index("ix_events_case_id", "events", ["case_id"])
    op.create_index("ix_cases_parent", "cases", ["parent"])
    for column in ("sha256", "event"):
        op.create_index(f"ix_evidence_links_{column}", "evidence_links", [column])
