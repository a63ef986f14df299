"""When tasks were sent out and had to be, and in which form each fact was made; central makes older ones anew.

Facts of cases that retention took stay as they are: no history is left to make them of.
"""

import sqlalchemy as sa
from alembic import op

from central.stores.database.columns import UtcTime

revision = "0027_sending"
down_revision = "0026_registers"
branch_labels = None
depends_on = None

MOMENTS = ("verify_sent_at", "verify_send_due_at", "check_sent_at", "check_send_due_at")


def upgrade() -> None:
    """Add the columns, and the index that tells which cases have a fact of today's form."""
    for moment in MOMENTS:
        op.add_column("case_facts", sa.Column(moment, UtcTime()))
    op.add_column("case_facts", sa.Column("form", sa.Integer()))
    op.create_index("ix_case_facts_case_id_form", "case_facts", ["case_id", "form"])
