"""Findings: what a box answered when it was asked to look."""

import sqlalchemy as sa
from alembic import op

revision = "0002_findings"
down_revision = "0001_spine"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("commands", sa.Column("finding", sa.Text(), nullable=True))
