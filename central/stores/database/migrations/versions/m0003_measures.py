"""Measures: what was measured of a camera's picture, and what it was held against."""

import sqlalchemy as sa
from alembic import op

revision = "0003_measures"
down_revision = "0002_findings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    for table in ("cameras", "camera_states"):
        for column in ("value", "threshold"):
            op.add_column(table, sa.Column(column, sa.Float(), nullable=True))
