"""The index by which cases are found: FTS5 in SQLite, tsvector with GIN in PostgreSQL.

Both keep the terms of `central.core.cases.search` as they are, one document a case. Neither parses Chinese by itself:
FTS5's ascii tokenizer splits at the blanks between terms, an array becomes a tsvector without any parser.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Connection,
    TextClause,
    bindparam,
    cast,
    column,
    exists,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from central.core.cases.casefile import Case, CaseStep
from central.core.cases.search import Query, joined, terms
from central.stores.case_texts import case_texts
from central.stores.database.columns import Position
from central.stores.tables import cases


class SqlSearch:
    """The terms of cases, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._index: _Index = _GIN if connection.dialect.name == "postgresql" else _FTS5

    @property
    def position(self) -> ColumnElement[int]:
        """The index's column with the position of the case."""
        return self._index.position

    def matching(self, asked: Query) -> ColumnElement[bool]:
        """The rows of the index that have everything that is asked for; something must be."""
        return self._index.matching(asked)

    def of_row(self, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        """That the case of a row of the index meets conditions."""
        return exists(select(1).select_from(cases).where(cases.c.position == self.position, *conditions))

    def add_cases(self, opened: Sequence[Case]) -> None:
        """Index cases whose rows are new."""
        self.add(
            {case.id: case_texts(case.number, case.place, case.description, case.label, case.scene) for case in opened}
        )

    def add_notes(self, steps: Sequence[CaseStep]) -> None:
        """Index what was noted with steps."""
        notes: dict[str, list[str]] = {}
        for step in steps:
            if step.note:
                notes.setdefault(step.case, []).append(step.note)
        self.add(notes)

    def add(self, texts: Mapping[str, Iterable[str]]) -> None:
        """Index texts by case id, beside what is indexed already."""
        if not texts:
            return
        found = select(cases.c.id, cases.c.position).where(cases.c.id.in_(sorted(texts)))
        positions = {row.id: row.position for row in self._connection.execute(found)}
        held = self._held(sorted(positions.values()))
        rows = []
        for case, position in positions.items():
            before = held.get(position, ())
            after = joined(before, (term for one in texts[case] for term in terms(one)))
            if len(after) > len(before):
                rows.append({"position": position, "terms": self._index.stored(after)})
        if rows:
            self._connection.execute(self._index.put, rows)

    def _held(self, positions: Sequence[int]) -> dict[int, Sequence[str]]:
        found = self._connection.execute(self._index.held, {"positions": positions})
        return {position: self._index.loaded(kept) for position, kept in found}


class _Index(Protocol):
    """How a database keeps terms."""

    position: ColumnElement[int]
    held: TextClause
    put: TextClause

    def stored(self, kept: Sequence[str]) -> object: ...

    def loaded(self, kept: Any) -> Sequence[str]: ...  # noqa: ANN401 - what the driver gives

    def matching(self, asked: Query) -> ColumnElement[bool]: ...


class _Fts5:
    """Every term is a token; `prefix=1` keeps the beginnings of all terms."""

    position: ColumnElement[int] = table("case_terms", column("rowid", Position)).c.rowid
    held = text("SELECT rowid, terms FROM case_terms WHERE rowid IN :positions").bindparams(
        bindparam("positions", expanding=True)
    )
    put = text("INSERT OR REPLACE INTO case_terms (rowid, terms) VALUES (:position, :terms)")

    def stored(self, kept: Sequence[str]) -> str:
        return " ".join(kept)

    def loaded(self, kept: str) -> Sequence[str]:
        return kept.split(" ")

    def matching(self, asked: Query) -> ColumnElement[bool]:
        wanted = [*(f'"{word}"' for word in asked.words), *(f'"{one}" *' for one in asked.beginnings)]
        return literal_column("case_terms").op("MATCH", is_comparison=True)(" AND ".join(wanted))


class _Gin:
    """Every term is a lexeme."""

    position: ColumnElement[int] = table("case_terms", column("position", Position)).c.position
    held = text("SELECT position, tsvector_to_array(terms) FROM case_terms WHERE position IN :positions").bindparams(
        bindparam("positions", expanding=True)
    )
    put = text(
        "INSERT INTO case_terms (position, terms) VALUES (:position, array_to_tsvector(CAST(:terms AS text[]))) "
        "ON CONFLICT (position) DO UPDATE SET terms = excluded.terms"
    )

    def stored(self, kept: Sequence[str]) -> list[str]:
        return list(kept)

    def loaded(self, kept: Sequence[str]) -> Sequence[str]:
        return kept

    def matching(self, asked: Query) -> ColumnElement[bool]:
        wanted = [*(f"'{word}'" for word in asked.words), *(f"'{one}':*" for one in asked.beginnings)]
        return literal_column("case_terms.terms").op("@@", is_comparison=True)(cast(" & ".join(wanted), TSQUERY))


_FTS5 = _Fts5()
_GIN = _Gin()
