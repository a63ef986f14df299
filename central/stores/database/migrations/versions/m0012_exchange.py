"""Partners, changes and their deliveries. What happened before stands in the histories alone."""

import sqlalchemy as sa
from alembic import op

from central.stores.database.columns import Position, UtcTime

revision = "0012_exchange"
down_revision = "0011_places"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    text, word, name, key = sa.Text(), sa.String(32), sa.String(64), sa.String(96)
    op.create_table(
        "partners",
        sa.Column("name", name, nullable=False),
        sa.Column("party", word, nullable=False),
        sa.Column("url", text, nullable=False),
        sa.Column("wants", word, nullable=False),
        sa.Column("secret", text, nullable=False),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.Column("added_by", text, nullable=False),
        sa.Column("next_attempt_at", UtcTime(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_partners"),
    )
    op.create_table(
        "changes",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("id", name, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("kind", word, nullable=False),
        sa.Column("subject", key, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("data", text, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_changes"),
        sa.UniqueConstraint("id", name="uq_changes_id"),
    )
    op.create_index("ix_changes_seq", "changes", ["seq"], unique=True)
    op.create_index("ix_changes_at", "changes", ["at"])
    op.create_table(
        "deliveries",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("partner", name, nullable=False),
        sa.Column("change", name, nullable=False),
        sa.Column("subject", key, nullable=False),
        sa.Column("state", word, nullable=False),
        sa.Column("waiting_since", UtcTime(), nullable=False),
        sa.Column("next_attempt_at", UtcTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("delivered_at", UtcTime(), nullable=True),
        sa.Column("error", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_deliveries"),
        sa.ForeignKeyConstraint(["partner"], ["partners.name"], name="fk_deliveries_partner"),
        sa.ForeignKeyConstraint(["change"], ["changes.id"], name="fk_deliveries_change"),
    )
    op.create_index("ix_deliveries_change_partner", "deliveries", ["change", "partner"], unique=True)
    op.create_index("ix_deliveries_state_partner_position", "deliveries", ["state", "partner", "position"])
    op.create_index(
        "ix_deliveries_partner_state_subject_position", "deliveries", ["partner", "state", "subject", "position"]
    )
