"""When boxes say that they had no watermark of central."""

import sqlalchemy as sa
from alembic import op

from central.stores.database.columns import UtcTime

revision = "0024_box_waits"
down_revision = "0023_kpi_months"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and its index."""
    op.create_table(
        "box_waits",
        sa.Column("box", sa.String(64), nullable=False),
        sa.Column("boot", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
        sa.Column("connected", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("box", "boot", "number", name="pk_box_waits"),
    )
    op.create_index("ix_box_waits_until", "box_waits", ["until"])
