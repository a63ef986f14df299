"""What must be kept, what was deleted, and pictures that may go with it."""

from pydantic import JsonValue
from sqlalchemy import BigInteger, Column, Index, String, Table, Text

from central.core.retention import TombstoneKind
from central.stores.database.columns import Record, UtcTime, Word
from central.stores.tables.columns import ID, SHA, metadata, position

legal_holds = Table(
    "legal_holds",
    metadata,
    position(),
    Column("case_id", ID, nullable=False),
    Column("reason", Text, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", UtcTime, nullable=False),
    Column("lifted_by", Text, nullable=False),
    Column("lifted_at", UtcTime),
    Index(None, "case_id"),
)
tombstones = Table(
    "tombstones",
    metadata,
    position(),
    Column("kind", Word(TombstoneKind), nullable=False),
    Column("subject", ID, nullable=False),
    Column("rule", String(64), nullable=False),
    Column("deleted_at", UtcTime, nullable=False),
    Column("details", Record(dict[str, JsonValue]), nullable=False),
    Column("number", BigInteger, nullable=False, server_default="0"),
    Column("seal", SHA, nullable=False, server_default=""),
    Index(None, "subject"),
)
seals = Table(
    "seals",
    metadata,
    Column("chain", String(32), primary_key=True),
    Column("lines", BigInteger, nullable=False),
    Column("seal", SHA, nullable=False),
)
released_pictures = Table("released_pictures", metadata, Column("sha256", SHA, primary_key=True))
