"""Where a case is, which case it repeats, and everything that people told of it.

Cases of before keep no position: their histories are sealed without one.
"""

import sqlalchemy as sa
from alembic import op

from central.stores.database.columns import Position, UtcTime

revision = "0009_recurrence"
down_revision = "0008_camera_checks"
branch_labels = None
depends_on = None

INDEXES = (("spot", "status", "position"), ("camera", "status"), ("cell", "position"), ("cell", "status"))
REPORTS = """
    INSERT INTO case_reports (case_id, at, source, reporter, place, description, taken_by)
    SELECT id, opened_at, source, reporter, place, description, '' FROM cases
    WHERE source <> 'detector' AND parent = '' ORDER BY position
"""


def upgrade() -> None:
    """Add the columns, and make a report of each case that a person opened."""
    for column in (
        sa.Column("latitude", sa.Float()),
        sa.Column("longitude", sa.Float()),
        sa.Column("cell", sa.Integer()),
        sa.Column("recurrence_of", sa.String(64), nullable=False, server_default=""),
        sa.Column("recurrence", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("cases", column)
    op.drop_index("ix_cases_spot_status", "cases")
    for columns in INDEXES:
        op.create_index(f"ix_cases_{'_'.join(columns)}", "cases", list(columns))
    text = sa.Text()
    op.create_table(
        "case_reports",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        *(sa.Column(name, text, nullable=False) for name in ("reporter", "place", "description")),
        sa.Column("latitude", sa.Float()),
        sa.Column("longitude", sa.Float()),
        sa.Column("taken_by", text, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_case_reports"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_reports_case_id"),
    )
    op.create_index("ix_case_reports_case_id", "case_reports", ["case_id"])
    op.execute(REPORTS)
