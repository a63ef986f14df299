"""Indexes and constraints of PostgreSQL, taken away while tables are filled, and made again of whole tables."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

MEMORY = b"SET LOCAL maintenance_work_mem = '256MB'"
# How each is taken away and made again; first what refers to others. Names come quoted from the server.
_CONSTRAINTS = """
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
           format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint
    WHERE connamespace = current_schema()::regnamespace AND contype IN ('f', 'u', 'p')
    ORDER BY contype = 'f' DESC, oid DESC
"""
_INDEXES = """
    SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relnamespace = current_schema()::regnamespace
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('u', 'p'))
    ORDER BY indexrelid DESC
"""


@contextmanager
def without_indexes(raw: "psycopg.Connection[Any]", made: Callable[[int, int], None]) -> Iterator[None]:
    """Take them away for the block, and make every one again at its end, which checks all rows.

    Tells how many of how many are `made`. All of it within the transaction; raises `psycopg.Error`.
    """
    known = _both(raw)
    for take, _ in known:
        raw.execute(take)
    yield
    raw.execute(MEMORY)
    for number, (_, make) in enumerate(reversed(known), 1):
        raw.execute(make)
        made(number, len(known))


def _both(raw: "psycopg.Connection[Any]") -> Sequence[tuple[bytes, bytes]]:
    return [
        (take.encode(), make.encode())
        for query in (_CONSTRAINTS, _INDEXES)
        for take, make in raw.execute(query).fetchall()
    ]
