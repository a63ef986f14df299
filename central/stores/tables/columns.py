"""The one collection of all tables, and columns that many of them have."""

from sqlalchemy import Column, MetaData, String

from central.stores.database.columns import Position

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ID = String(64)
KEY = String(96)
SHA = String(64)


def position() -> Column[int]:
    """A row's number: rows are kept in the order in which they came."""
    return Column("position", Position, primary_key=True, autoincrement=True)
