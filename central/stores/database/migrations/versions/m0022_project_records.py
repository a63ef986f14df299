"""Records of the project: money, contracts, devices, acceptances, training, surveys, milestones, interviews."""

import sqlalchemy as sa
from alembic import op

from central.stores.database.columns import Position, UtcTime

revision = "0022_project_records"
down_revision = "0021_case_facts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and its index."""
    op.create_table(
        "project_records",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date()),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("entered_at", UtcTime(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_project_records"),
        sa.UniqueConstraint("kind", "id", "number", name="uq_project_records_kind_id_number"),
    )
    op.create_index("ix_project_records_kind_position", "project_records", ["kind", "position"])
