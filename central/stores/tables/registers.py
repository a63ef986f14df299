"""Registers that people keep, each version of an entry a row; and first views of cameras."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, String, Table, Text, UniqueConstraint

from central.core.places.grid import Ring
from central.core.registers import Register
from central.stores.database.columns import Document, UtcTime, Word
from central.stores.tables.columns import ID, KEY, metadata, position

register_entries = Table(
    "register_entries",
    metadata,
    position(),
    Column("key", ID, nullable=False),
    Column("register", Word(Register), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("party", String(64), nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("source", Text, nullable=False),
    Column("noted_by", Text, nullable=False),
    Column("noted_at", UtcTime, nullable=False),
    Column("is_withdrawn", Boolean, nullable=False),
    Index(None, "key", "position"),
    Index(None, "register", "ends_at"),
)
zone_grounds = Table(
    "zone_grounds",
    metadata,
    position(),
    Column("camera", KEY, nullable=False),
    Column("zone", KEY, nullable=False),
    Column("rings", Document(tuple[Ring, ...]), nullable=False),
    Column("drawn_by", Text, nullable=False),
    Column("drawn_at", UtcTime, nullable=False),
    Index(None, "camera", "zone", "position"),
)
camera_views = Table(
    "camera_views",
    metadata,
    position(),
    Column("person", String(64), nullable=False),
    Column("camera", KEY, nullable=False),
    Column("day", Date, nullable=False),
    Column("first_at", UtcTime, nullable=False),
    UniqueConstraint("person", "camera", "day"),
    Index(None, "first_at"),
)
