"""What figures should reach, by whose word."""

import sqlalchemy as sa
from alembic import op

from central.stores.database.columns import Position, UtcTime

revision = "0025_kpi_targets"
down_revision = "0024_box_waits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and its index."""
    text = sa.Text()
    op.create_table(
        "kpi_targets",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("indicator", sa.String(64), nullable=False),
        sa.Column("of_group", sa.String(128), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("owner", text, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("reason", text, nullable=False),
        sa.Column("said_by", text, nullable=False),
        sa.Column("said_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_kpi_targets"),
    )
    op.create_index("ix_kpi_targets_indicator_of_group", "kpi_targets", ["indicator", "of_group"])
