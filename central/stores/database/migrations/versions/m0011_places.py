"""The city's ground: unit grids, components and responsible units; cases know the grid that they lie in."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from central.stores.database.columns import Position, UtcTime

revision = "0011_places"
down_revision = "0010_retention"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; cases of before lie in no grid."""
    op.add_column("cases", sa.Column("grid", sa.String(16), nullable=False, server_default=""))
    op.create_index("ix_cases_grid_position", "cases", ["grid", "position"])
    text, number, whole, word = sa.Text(), sa.Float(), sa.Integer(), sa.String(32)
    op.create_table(
        "place_books",
        sa.Column("kind", word, nullable=False),
        sa.Column("version", whole, nullable=False),
        sa.Column("imported_at", UtcTime(), nullable=False),
        sa.Column("imported_by", text, nullable=False),
        sa.Column("file", text, nullable=False),
        sa.Column("crs", word, nullable=False),
        sa.Column("count", whole, nullable=False),
        sa.PrimaryKeyConstraint("kind", "version", name="pk_place_books"),
    )
    _table(
        "grids",
        sa.Column("code", sa.String(16), nullable=False),
        *(sa.Column(name, text, nullable=False) for name in ("name", "rings")),
        *(sa.Column(name, number, nullable=False) for name in ("west", "south", "east", "north")),
    )
    _table(
        "components",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", text, nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        *(sa.Column(name, text, nullable=False) for name in ("unit", "address")),
        *(sa.Column(name, number, nullable=False) for name in ("latitude", "longitude")),
        sa.Column("cell", whole, nullable=False),
    )
    _table(
        "responsible_units",
        sa.Column("id", sa.String(64), nullable=False),
        *(sa.Column(name, text, nullable=False) for name in ("name", "kind", "grids")),
        *(sa.Column(name, number) for name in ("latitude", "longitude")),
    )
    op.create_index("ix_grids_version_west", "grids", ["version", "west"])
    op.create_index("ix_components_version_cell", "components", ["version", "cell"])
    op.create_index("ix_responsible_units_version", "responsible_units", ["version"])


def _table(name: str, *columns: "sa.Column[Any]") -> None:
    key = sa.Column("position", Position, autoincrement=True, nullable=False)
    version = sa.Column("version", sa.Integer(), nullable=False)
    op.create_table(name, key, version, *columns, sa.PrimaryKeyConstraint("position", name=f"pk_{name}"))
