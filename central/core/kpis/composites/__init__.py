"""Composite scores (综合评价) of regions, departments and posts: weights, step tables and grade bands as data. Pure."""

from central.core.kpis.composites.scoring import (
    BANDS,
    BadTable,
    Band,
    Composite,
    CompositeTable,
    Part,
    PartScore,
    Share,
    Step,
    Steps,
    Subject,
    scored,
    shown,
)
from central.core.kpis.composites.shipped import SHIPPED
from central.core.kpis.composites.table_file import tables_in

__all__ = [
    "BANDS",
    "SHIPPED",
    "BadTable",
    "Band",
    "Composite",
    "CompositeTable",
    "Part",
    "PartScore",
    "Share",
    "Step",
    "Steps",
    "Subject",
    "scored",
    "shown",
    "tables_in",
]
