"""What figures know of each case; central fills it from the histories when it starts, with the city's own hours."""

import sqlalchemy as sa
from alembic import op

from central.stores.database.columns import Position, UtcTime

revision = "0021_case_facts"
down_revision = "0020_series_hours"
branch_labels = None
depends_on = None

MOMENTS = (
    "reported_at", "accepted_at", "accept_due_at", "verify_asked_at", "verified_at", "verify_due_at", "registered_at",
    "register_due_at", "dispatched_at", "dispatch_due_at", "handled_at", "handle_due_at", "check_asked_at",
    "checked_at", "check_due_at", "closed_at", "close_due_at", "rejected_at", "voided_at", "gone_at", "merged_at",
)  # fmt: skip
SECONDS = (
    "found_to_handled_s", "found_to_handled_work_s", "dispatched_to_handled_s", "dispatched_to_handled_work_s",
    "registered_to_closed_s", "registered_to_closed_work_s",
)  # fmt: skip
FLAGS = (
    "is_self_handled", "is_task", "is_component", "is_genuine", "is_late", "is_exempt", "is_reworked", "is_misdirected",
    "is_reopened", "is_recurrence", "was_suspended", "has_left",
)  # fmt: skip


def upgrade() -> None:
    """Create the table and its indexes."""
    word, name = sa.String(32), sa.String(64)
    op.create_table(
        "case_facts",
        sa.Column("position", Position, autoincrement=True, nullable=False),
        sa.Column("case_id", name, nullable=False),
        sa.Column("number", word, nullable=False),
        sa.Column("source", word, nullable=False),
        sa.Column("status", word, nullable=False),
        sa.Column("closing", word),
        sa.Column("opened_at", UtcTime(), nullable=False),
        sa.Column("found_at", UtcTime(), nullable=False),
        *(sa.Column(moment, UtcTime()) for moment in MOMENTS),
        sa.Column("camera", sa.String(96), nullable=False),
        sa.Column("scene", name, nullable=False),
        sa.Column("zone", name, nullable=False),
        sa.Column("grid", sa.String(16), nullable=False),
        sa.Column("community", sa.String(12), nullable=False),
        sa.Column("unit", name, nullable=False),
        sa.Column("code", name, nullable=False),
        *(sa.Column(seconds, sa.Integer()) for seconds in SECONDS),
        *(sa.Column(flag, sa.Boolean(), nullable=False) for flag in FLAGS),
        sa.PrimaryKeyConstraint("position", name="pk_case_facts"),
        sa.UniqueConstraint("case_id", name="uq_case_facts_case_id"),
    )
    for moment in ("opened_at", "reported_at", "registered_at"):
        op.create_index(f"ix_case_facts_{moment}_position", "case_facts", [moment, "position"])
