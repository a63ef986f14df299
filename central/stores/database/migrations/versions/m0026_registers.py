"""Registers that people keep for figures, first views of cameras, and an index that finds what a person did when."""

import sqlalchemy as sa
from alembic import op

from central.stores.database.columns import Position, UtcTime

revision = "0026_registers"
down_revision = "0025_kpi_targets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables and all indexes."""
    op.create_table(
        "register_entries",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("register", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("party", sa.String(64), nullable=False),
        sa.Column("starts_at", UtcTime(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("noted_by", sa.Text(), nullable=False),
        sa.Column("noted_at", UtcTime(), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_register_entries"),
    )
    op.create_index("ix_register_entries_key_position", "register_entries", ["key", "position"])
    op.create_index("ix_register_entries_register_ends_at", "register_entries", ["register", "ends_at"])
    op.create_table(
        "camera_views",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("camera", sa.String(96), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("first_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_camera_views"),
        sa.UniqueConstraint("person", "camera", "day", name="uq_camera_views_person_camera_day"),
    )
    op.create_index("ix_camera_views_first_at", "camera_views", ["first_at"])
    op.create_index("ix_case_steps_actor_at", "case_steps", ["actor", "at"])
