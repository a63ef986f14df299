"""Reports are found by when they were told, so that those of a month are listed without looking at all others."""

from alembic import op

revision = "0032_report_times"
down_revision = "0031_month_forms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_case_reports_at_position", "case_reports", ["at", "position"])
