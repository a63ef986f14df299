"""When runs of witnesses and waits of boxes were recorded; those of before count as recorded when they ended.

Central's own runs are recorded while they grow, so theirs is when they started. A probe's run that is longer in a later
file is a row of its own beside the shorter one.
"""

import sqlalchemy as sa
from alembic import op

from central.stores.database.columns import UtcTime

revision = "0030_told_since"
down_revision = "0029_persons"
branch_labels = None
depends_on = None

_KEY = ("witness", "instance", "started_at")


def upgrade() -> None:
    """Add the columns, fill them, and let a run stand once for each time that it was told."""
    for table in ("witness_runs", "box_waits"):
        op.add_column(table, sa.Column("recorded_at", UtcTime(), nullable=True))
    run = sa.table("witness_runs", *map(sa.column, ("witness", "started_at", "ended_at", "recorded_at")))
    told = sa.case((run.c.witness == "central", run.c.started_at), else_=run.c.ended_at)
    op.execute(run.update().values(recorded_at=told))
    wait = sa.table("box_waits", sa.column("until"), sa.column("recorded_at"))
    op.execute(wait.update().values(recorded_at=wait.c.until))
    with op.batch_alter_table("witness_runs") as batch:
        batch.alter_column("recorded_at", existing_type=UtcTime(), nullable=False)
        batch.drop_constraint("uq_witness_runs_witness_instance_started_at", type_="unique")
        batch.create_unique_constraint(
            "uq_witness_runs_witness_instance_started_at_recorded_at", [*_KEY, "recorded_at"]
        )
    with op.batch_alter_table("box_waits") as batch:
        batch.alter_column("recorded_at", existing_type=UtcTime(), nullable=False)
