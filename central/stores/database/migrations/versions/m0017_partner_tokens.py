"""Tokens by which partners answer what was transferred to them; those of before have none."""

import sqlalchemy as sa
from alembic import op

revision = "0017_partner_tokens"
down_revision = "0016_components"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and the index by which a partner's transfers are listed."""
    op.add_column("partners", sa.Column("token_hash", sa.String(64), nullable=True))
    op.create_index("ix_partners_token_hash", "partners", ["token_hash"], unique=True)
    op.create_index("ix_transfers_partner_position", "transfers", ["partner", "position"])
