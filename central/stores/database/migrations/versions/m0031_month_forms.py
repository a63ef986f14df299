"""In which form a month was sealed; those of before hold the numbers of their figures alone."""

import sqlalchemy as sa
from alembic import op

revision = "0031_month_forms"
down_revision = "0030_told_since"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; neither database rewrites its rows for that."""
    op.add_column("kpi_months", sa.Column("form", sa.Integer(), nullable=False, server_default="1"))
