"""Records of the project, each of their revisions a row; rows are only ever added."""

from pydantic import JsonValue
from sqlalchemy import Boolean, Column, Date, Index, Integer, Table, Text, UniqueConstraint

from central.core.project_records import RecordKind
from central.stores.database.columns import Document, UtcTime, Word
from central.stores.tables.columns import ID, metadata, position

project_records = Table(
    "project_records",
    metadata,
    position(),
    Column("kind", Word(RecordKind), nullable=False),
    Column("id", ID, nullable=False),
    Column("number", Integer, nullable=False),
    Column("year", Integer, nullable=False),
    Column("day", Date),
    Column("record", Document(dict[str, JsonValue]), nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("entered_at", UtcTime, nullable=False),
    Column("source", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("is_withdrawn", Boolean, nullable=False),
    UniqueConstraint("kind", "id", "number"),
    Index(None, "kind", "position"),
)
