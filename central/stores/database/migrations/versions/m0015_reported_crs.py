"""In which coordinate system people told where it is; all of before was told in WGS84."""

import sqlalchemy as sa
from alembic import op

revision = "0015_reported_crs"
down_revision = "0014_seals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("case_reports", sa.Column("crs", sa.String(32), nullable=False, server_default="wgs84"))
