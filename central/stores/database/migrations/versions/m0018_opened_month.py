"""Cases know the month in which they were opened, so that a list of a month that lies far back begins there."""

import sqlalchemy as sa
from alembic import op

revision = "0018_opened_month"
down_revision = "0017_partner_tokens"
branch_labels = None
depends_on = None

# Times are text in SQLite. In PostgreSQL a generated column is filled by one rewriting of the table.
SQLITE = "UPDATE cases SET opened_month = substr(opened_at, 1, 4) * 12 + substr(opened_at, 6, 2) - 1"
POSTGRESQL = (
    """ALTER TABLE cases ADD COLUMN opened_month INTEGER NOT NULL GENERATED ALWAYS AS (
           CAST(EXTRACT(YEAR FROM opened_at AT TIME ZONE 'UTC') * 12
                + EXTRACT(MONTH FROM opened_at AT TIME ZONE 'UTC') - 1 AS INTEGER)
       ) STORED""",
    "ALTER TABLE cases ALTER COLUMN opened_month DROP EXPRESSION",
    "ALTER TABLE cases ALTER COLUMN opened_month SET DEFAULT 0",
)


def upgrade() -> None:
    """Add the column and its index."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRESQL:
            op.execute(statement)
    else:
        op.add_column("cases", sa.Column("opened_month", sa.Integer(), nullable=False, server_default="0"))
        op.execute(SQLITE)
    op.create_index("ix_cases_opened_month_position", "cases", ["opened_month", "position"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ANALYZE cases")
