"""Search: the terms of every case, and indexes for lists by scene, box and time. Cases of before are indexed once."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from central.core.cases.search import joined, terms
from central.stores.case_texts import case_texts

revision = "0006_search"
down_revision = "0005_standards"
branch_labels = None
depends_on = None

CASES_A_STEP = 500
SQLITE = (
    "CREATE VIRTUAL TABLE case_terms USING fts5(terms, tokenize='ascii', detail='none', columnsize=0, prefix='1')",
    "CREATE TRIGGER case_terms_end AFTER DELETE ON cases BEGIN DELETE FROM case_terms WHERE rowid = OLD.position; END",
)
POSTGRESQL = (
    """CREATE TABLE case_terms (
           position BIGINT PRIMARY KEY REFERENCES cases (position) ON DELETE CASCADE, terms TSVECTOR NOT NULL
       )""",
)
# Without fastupdate a search never has to read a list of what is still to be sorted in.
AFTER_POSTGRESQL = (
    "CREATE INDEX ix_case_terms_terms ON case_terms USING gin (terms) WITH (fastupdate = off)",
    "ANALYZE case_terms",
)
INDEXES = ("scene", "box", "opened_at", "updated_at", "due_at")


def upgrade() -> None:
    """Make the index, fill it, then make it quick."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in POSTGRESQL if is_postgresql else SQLITE:
        op.execute(statement)
    _fill(is_postgresql=is_postgresql)
    for statement in AFTER_POSTGRESQL if is_postgresql else ():
        op.execute(statement)
    for column in INDEXES:
        op.create_index(f"ix_cases_{column}_position", "cases", [column, "position"])


def _fill(*, is_postgresql: bool) -> None:
    connection = op.get_bind()
    cases, steps = (sa.Table(name, sa.MetaData(), autoload_with=connection) for name in ("cases", "case_steps"))
    key, value = ("position", "array_to_tsvector(CAST(:terms AS text[]))") if is_postgresql else ("rowid", ":terms")
    put = sa.text(f"INSERT INTO case_terms ({key}, terms) VALUES (:position, {value})")  # noqa: S608 - the words above
    for rows in _portions(connection, cases):
        notes: dict[str, list[str]] = {row["id"]: [] for row in rows}
        noted = sa.select(steps.c.case_id, steps.c.note).where(steps.c.case_id.in_(notes), steps.c.note != "")
        for case, note in connection.execute(noted.order_by(steps.c.case_id, steps.c.number)):
            notes[case].append(note)
        found = []
        for row in rows:
            said = case_texts(row["number"], row["place"], row["description"], row["label"], row["scene"])
            kept = joined((), (term for one in (*said, *notes[row["id"]]) for term in terms(one)))
            found.append({"position": row["position"], "terms": list(kept) if is_postgresql else " ".join(kept)})
        connection.execute(put, found)


def _portions(connection: sa.Connection, cases: sa.Table) -> Iterator[list[dict[str, Any]]]:
    wanted = ("position", "id", "number", "place", "description", "label", "scene")
    last = 0
    while True:
        query = sa.select(*(cases.c[name] for name in wanted)).where(cases.c.position > last)
        rows = [
            dict(row) for row in connection.execute(query.order_by(cases.c.position).limit(CASES_A_STEP)).mappings()
        ]
        if not rows:
            return
        last = rows[-1]["position"]
        yield rows
