"""Checks by camera, and all pictures of what a command brought; cases of before were checked by people."""

import sqlalchemy as sa
from alembic import op

from central.stores.database.columns import Position, UtcTime

revision = "0008_camera_checks"
down_revision = "0007_concurrency"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and add the column."""
    op.create_table(
        "camera_checks",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("handled_at", UtcTime(), nullable=False),
        *(sa.Column(name, UtcTime()) for name in ("taken_at", "due_at", "next_at")),
        sa.Column("command", sa.String(64)),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("looks", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text()),
        sa.PrimaryKeyConstraint("position", name="pk_camera_checks"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_camera_checks_case_id"),
        sa.UniqueConstraint("id", name="uq_camera_checks_id"),
    )
    op.create_index("ix_camera_checks_case_id_position", "camera_checks", ["case_id", "position"])
    op.create_index("ix_camera_checks_next_at", "camera_checks", ["next_at"])
    op.add_column("commands", sa.Column("pictures", sa.Text(), nullable=False, server_default="[]"))
