"""Grids, components and responsible units, by version."""

from sqlalchemy import Column, Float, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from central.core.places import Crs, PlaceKind
from central.core.places.grid import Ring
from central.stores.database.columns import Document, UtcTime, Word
from central.stores.tables.columns import ID, metadata, position

place_books = Table(
    "place_books",
    metadata,
    Column("kind", Word(PlaceKind), nullable=False),
    Column("version", Integer, nullable=False),
    Column("imported_at", UtcTime, nullable=False),
    Column("imported_by", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("crs", Word(Crs), nullable=False),
    Column("count", Integer, nullable=False),
    PrimaryKeyConstraint("kind", "version"),
)
grids = Table(
    "grids",
    metadata,
    position(),
    Column("version", Integer, nullable=False),
    Column("code", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("rings", Document(tuple[Ring, ...]), nullable=False),
    *(Column(name, Float, nullable=False) for name in ("west", "south", "east", "north")),
    Index(None, "version", "west"),
)
components = Table(
    "components",
    metadata,
    position(),
    Column("version", Integer, nullable=False),
    Column("id", ID, nullable=False),
    Column("name", Text, nullable=False),
    Column("code", String(8), nullable=False),
    Column("unit", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("latitude", Float, nullable=False),
    Column("longitude", Float, nullable=False),
    Column("cell", Integer, nullable=False),
    Index(None, "version", "cell"),
    Index(None, "id", "version"),
)
responsible_units = Table(
    "responsible_units",
    metadata,
    position(),
    Column("version", Integer, nullable=False),
    Column("id", ID, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("grids", Document(tuple[str, ...]), nullable=False),
    Column("latitude", Float),
    Column("longitude", Float),
    Index(None, "version"),
)
