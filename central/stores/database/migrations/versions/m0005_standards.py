"""The city's table of standards, in versions; cases of before were registered under no version."""

import sqlalchemy as sa
from alembic import op

from central.stores.database.columns import Position, UtcTime

revision = "0005_standards"
down_revision = "0004_case_machine"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    text, word = sa.Text(), sa.String(32)
    op.create_table(
        "standard_books",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("imported_at", UtcTime(), nullable=False),
        sa.Column("imported_by", text, nullable=False),
        sa.Column("file", text, nullable=False),
        sa.Column("layout", word, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_standard_books"),
    )
    op.create_table(
        "standards",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("layout", word, nullable=False),
        sa.Column("kind", word, nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        *(sa.Column(name, text, nullable=False) for name in ("group", "name", "condition", "closing", "limit")),
        sa.Column("system", text, nullable=False),
        sa.Column("recurrence", word, nullable=False),
        sa.Column("units", text, nullable=False),
        sa.Column("department", text, nullable=False),
        sa.Column("local", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_standards"),
        sa.ForeignKeyConstraint(["version"], ["standard_books.version"], name="fk_standards_version"),
        sa.UniqueConstraint("version", "id", name="uq_standards_version_id"),
    )
    op.create_index("ix_standards_version_code", "standards", ["version", "code"])
