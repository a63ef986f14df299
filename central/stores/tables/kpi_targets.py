"""What figures should reach, word by word; no word is ever changed or taken away."""

from sqlalchemy import Column, Date, Double, Index, String, Table, Text

from central.stores.database.columns import UtcTime
from central.stores.tables.columns import ID, metadata, position

kpi_targets = Table(
    "kpi_targets",
    metadata,
    position(),
    Column("indicator", ID, nullable=False),
    Column("of_group", String(128), nullable=False),
    Column("value", Double, nullable=False),
    Column("owner", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("said_by", Text, nullable=False),
    Column("said_at", UtcTime, nullable=False),
    Index(None, "indicator", "of_group"),
)
