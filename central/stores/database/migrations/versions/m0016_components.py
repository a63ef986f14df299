"""Which component a case is about; cases of before were registered without one."""

import sqlalchemy as sa
from alembic import op

revision = "0016_components"
down_revision = "0015_reported_crs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and its index, and one by which components are looked up."""
    op.add_column("cases", sa.Column("component", sa.String(64), nullable=False, server_default=""))
    op.create_index("ix_cases_component_position", "cases", ["component", "position"])
    op.create_index("ix_components_id_version", "components", ["id", "version"])
