"""Leases of cases, and answers to requests that may come again."""

import sqlalchemy as sa
from alembic import op

from central.stores.database.columns import Position, UtcTime

revision = "0007_concurrency"
down_revision = "0006_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    word = sa.String(64)
    op.create_table(
        "leases",
        sa.Column("case_id", word, nullable=False),
        sa.Column("holder", word, nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("until", UtcTime(), nullable=False),
        sa.Column("taken_from", word, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_leases"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_leases_case_id"),
    )
    op.create_index("ix_leases_until", "leases", ["until"])
    op.create_table(
        "answers",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("person", word, nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("request", word, nullable=False),
        sa.Column("claimed_at", UtcTime(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("position", name="pk_answers"),
    )
    op.create_index("ix_answers_person_key", "answers", ["person", "key"], unique=True)
    op.create_index("ix_answers_claimed_at", "answers", ["claimed_at"])
