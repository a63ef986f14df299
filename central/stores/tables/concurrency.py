"""Who works on what, and what was answered before."""

from sqlalchemy import Column, ForeignKey, Index, String, Table

from central.core.cases.casefile import CaseView
from central.stores.database.columns import Document, UtcTime
from central.stores.tables.columns import SHA, metadata, position

leases = Table(
    "leases",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
    Column("taken_from", String(64), nullable=False),
    Index(None, "until"),
)
answers = Table(
    "answers",
    metadata,
    position(),
    Column("person", String(64), nullable=False),
    Column("key", String(128), nullable=False),
    Column("request", SHA, nullable=False),
    Column("claimed_at", UtcTime, nullable=False),
    Column("answer", Document(CaseView)),
    Index(None, "person", "key", unique=True),
    Index(None, "claimed_at"),
)
