"""Months as they were published, each revision a row; rows are only ever added, and retention takes none."""

from sqlalchemy import Boolean, Column, Integer, String, Table, Text, UniqueConstraint

from central.stores.database.columns import UtcTime
from central.stores.tables.columns import metadata, position

kpi_months = Table(
    "kpi_months",
    metadata,
    position(),
    Column("month", String(7), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("as_of", UtcTime, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("is_complete", Boolean, nullable=False),
    Column("marks", Text, nullable=False),
    Column("figures", Text, nullable=False),
    Column("form", Integer, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("seal", String(64), nullable=False),
    UniqueConstraint("month", "revision"),
)
