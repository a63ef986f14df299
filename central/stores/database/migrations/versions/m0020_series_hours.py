"""Hours of series, points that wait for another back-end, and what was lost on the way."""

import sqlalchemy as sa
from alembic import op

from central.stores.database.columns import Position, UtcTime

revision = "0020_series_hours"
down_revision = "0019_availability"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "series_hours",
        *_key(),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("mean", sa.Float(), nullable=False),
        sa.Column("minimum", sa.Float(), nullable=False),
        sa.Column("maximum", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("metric", "entity", "at", name="pk_series_hours"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "series_buffer",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        *_key(),
        sa.Column("value", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_series_buffer"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_series_buffer_metric_entity_at", "series_buffer", ["metric", "entity", "at"])
    op.create_table(
        "series_gaps",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("first_at", UtcTime(), nullable=False),
        sa.Column("last_at", UtcTime(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_series_gaps"),
    )


def _key() -> tuple[sa.Column[str], sa.Column[str], sa.Column[object]]:
    return (
        sa.Column("metric", sa.String(32), nullable=False),
        sa.Column("entity", sa.String(96), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
    )
