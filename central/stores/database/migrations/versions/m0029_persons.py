"""Who took the steps that figures judge; central names them from the histories, of all cases that have one.

Facts of cases that retention took name nobody: no history is left to name them of.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029_persons"
down_revision = "0028_zone_grounds"
branch_labels = None
depends_on = None

PERSONS = (
    "reported_by", "accepted_by", "verify_sent_by", "verified_by", "registered_by", "dispatched_by", "checked_by",
    "closed_by",
)  # fmt: skip


def upgrade() -> None:
    """Add the columns, empty; neither database rewrites its rows for that."""
    for person in PERSONS:
        op.add_column("case_facts", sa.Column(person, sa.String(64), nullable=False, server_default=""))
