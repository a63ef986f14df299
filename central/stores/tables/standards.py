"""Books of standards, by version."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from central.core.clocks import Limit
from central.core.standards import ClassKind, Recurrence
from central.stores.database.columns import Document, Record, UtcTime, Word
from central.stores.tables.columns import ID, metadata, position
from protocol.scenes import CodeLayout

standard_books = Table(
    "standard_books",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("imported_at", UtcTime, nullable=False),
    Column("imported_by", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("layout", Word(CodeLayout), nullable=False),
)
standards = Table(
    "standards",
    metadata,
    position(),
    Column("version", ForeignKey("standard_books.version"), nullable=False),
    Column("id", ID, nullable=False),
    Column("layout", Word(CodeLayout), nullable=False),
    Column("kind", Word(ClassKind), nullable=False),
    Column("code", String(8), nullable=False),
    Column("group", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("condition", Text, nullable=False),
    Column("closing", Text, nullable=False),
    Column("limit", Record(Limit), nullable=False),
    Column("system", Text, nullable=False),
    Column("recurrence", Word(Recurrence), nullable=False),
    Column("units", Document(tuple[str, ...]), nullable=False),
    Column("department", Text, nullable=False),
    Column("local", Boolean, nullable=False),
    UniqueConstraint("version", "id"),
    Index(None, "version", "code"),
)
