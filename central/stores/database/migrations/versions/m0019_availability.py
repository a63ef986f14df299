"""Maintenance, makers and witnesses; the state before a camera's fact, which facts of before do not know."""

import sqlalchemy as sa
from alembic import op

from central.stores.database.columns import Position, UtcTime

revision = "0019_availability"
down_revision = "0018_opened_month"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, the column, and the indexes by which facts are found by when they began."""
    text, word, name, key = sa.Text(), sa.String(32), sa.String(64), sa.String(96)
    op.create_table(
        "maintenance_windows",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("id", name, nullable=False),
        sa.Column("scope", word, nullable=False),
        sa.Column("subject", key, nullable=False),
        sa.Column("start", UtcTime(), nullable=False),
        sa.Column("end", UtcTime(), nullable=False),
        sa.Column("reason", text, nullable=False),
        sa.Column("announced_by", text, nullable=False),
        sa.Column("announced_at", UtcTime(), nullable=False),
        sa.Column("cancelled_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("position", name="pk_maintenance_windows"),
        sa.UniqueConstraint("id", name="uq_maintenance_windows_id"),
    )
    op.create_index("ix_maintenance_windows_end", "maintenance_windows", ["end"])
    op.create_table(
        "device_makers",
        sa.Column("device", key, nullable=False),
        sa.Column("vendor", text, nullable=False),
        sa.Column("model", text, nullable=False),
        sa.PrimaryKeyConstraint("device", name="pk_device_makers"),
    )
    op.create_table(
        "witness_runs",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("witness", name, nullable=False),
        sa.Column("instance", name, nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=False),
        sa.Column("is_up", sa.Boolean(), nullable=False),
        sa.Column("clock_set", sa.Boolean(), nullable=False),
        sa.Column("looks", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_witness_runs"),
        sa.UniqueConstraint("witness", "instance", "started_at", name="uq_witness_runs_witness_instance_started_at"),
    )
    op.create_index("ix_witness_runs_witness_ended_at", "witness_runs", ["witness", "ended_at"])
    op.add_column("camera_states", sa.Column("previous", word, nullable=True))
    op.create_index("ix_camera_states_camera_since", "camera_states", ["camera", "since"])
    op.create_index("ix_box_states_box_since", "box_states", ["box", "since"])
