"""Cases that were transferred to outside parties."""

import sqlalchemy as sa
from alembic import op

from central.stores.database.columns import Position, UtcTime

revision = "0013_transfers"
down_revision = "0012_exchange"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    text, word, name = sa.Text(), sa.String(32), sa.String(64)
    op.create_table(
        "transfers",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("id", name, nullable=False),
        sa.Column("case_id", name, nullable=False),
        sa.Column("partner", name, nullable=False),
        sa.Column("sent_at", UtcTime(), nullable=False),
        sa.Column("sent_by", text, nullable=False),
        sa.Column("reason", text, nullable=False),
        sa.Column("external_id", sa.String(128), nullable=False),
        sa.Column("answer", word, nullable=True),
        sa.Column("answered_at", UtcTime(), nullable=True),
        sa.Column("answered_by", text, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_transfers"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_transfers_case_id"),
        sa.UniqueConstraint("id", name="uq_transfers_id"),
    )
    op.create_index("ix_transfers_case_id_partner", "transfers", ["case_id", "partner"])
    op.create_index("ix_transfers_answered_at_sent_at", "transfers", ["answered_at", "sent_at"])
