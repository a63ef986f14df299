"""Where on the ground the zones of cameras lie."""

import sqlalchemy as sa
from alembic import op

from central.stores.database.columns import Position, UtcTime

revision = "0028_zone_grounds"
down_revision = "0027_sending"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and its index."""
    op.create_table(
        "zone_grounds",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("camera", sa.String(96), nullable=False),
        sa.Column("zone", sa.String(96), nullable=False),
        sa.Column("rings", sa.Text(), nullable=False),
        sa.Column("drawn_by", sa.Text(), nullable=False),
        sa.Column("drawn_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_zone_grounds"),
    )
    op.create_index("ix_zone_grounds_camera_zone_position", "zone_grounds", ["camera", "zone", "position"])
