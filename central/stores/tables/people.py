"""Who may come in."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
)

from central.core.values import (
    Role,
)
from central.stores.database.columns import UtcTime, Word
from central.stores.tables.columns import SHA, metadata, position

actors = Table(
    "actors",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("role", Word(Role), nullable=False),
    Column("unit", String(64), nullable=False),
    Column("token_hash", SHA, nullable=False, unique=True),
    Column("added_at", UtcTime, nullable=False),
)
join_codes = Table(
    "join_codes",
    metadata,
    Column("code_hash", SHA, primary_key=True),
    Column("box", ForeignKey("boxes.id"), nullable=False, index=True),
    Column("issued_by", Text, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
)
join_guesses = Table(
    "join_guesses",
    metadata,
    position(),
    Column("peer", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "peer", "at"),
)
box_secrets = Table(
    "box_secrets",
    metadata,
    Column("box", ForeignKey("boxes.id"), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("set_at", UtcTime, nullable=False),
)
