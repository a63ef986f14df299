"""Facts of cases, and the counting of them, in SQL."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnCollection,
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy import not_ as sql_not

from central.core.kpis import (
    COUNTERS,
    FACT_FORM,
    PERSONS,
    CaseFact,
    Cohort,
    Condition,
    Counter,
    Counts,
    moment_of,
)

from central.core.kpis.registry.conditions import All, Any as OneOf, Is, Known, Not, NotAfter, Passed  # isort: skip
from central.core.values import Page
from central.stores.database.rows import Rows, bounded
from central.stores.ports.kpis import Asked, Kept
from central.stores.ports.records import PageRequest
from central.stores.sql.figures.fact_order import FactOrder
from central.stores.tables import case_facts, cases

_FACTS = Rows(case_facts, CaseFact, {"case": "case_id"}, {"form": lambda _: FACT_FORM})
_COLUMNS = case_facts.c
Columns = ColumnCollection[str, ColumnElement[Any]]


def sql_of(condition: Condition, as_of: datetime, columns: Columns = _COLUMNS) -> ColumnElement[bool]:
    """A condition as SQL, over the facts or some of them; it is true or false, never unknown."""
    match condition:
        case Known(field):
            return and_(columns[field].is_not(None), columns[field] <= as_of)
        case Passed(field):
            return and_(columns[field].is_not(None), columns[field] < as_of)
        case Is(field, values):
            return and_(columns[field].is_not(None), columns[field].in_(values))
        case NotAfter(field, other):
            one, two = columns[field], columns[other]
            return and_(one.is_not(None), two.is_not(None), one <= as_of, one <= two)
        case All() | OneOf() | Not():
            return _joined(condition, as_of, columns)


def _joined(condition: All | OneOf | Not, as_of: datetime, columns: Columns) -> ColumnElement[bool]:
    match condition:
        case All(parts):
            return and_(true(), *(sql_of(part, as_of, columns) for part in parts))
        case OneOf(parts):
            return or_(false(), *(sql_of(part, as_of, columns) for part in parts))
        case Not(part):
            return sql_not(sql_of(part, as_of, columns))


class SqlFacts:
    """`FactStore` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, cases: Sequence[str]) -> Mapping[str, CaseFact]:
        """See the port."""
        wanted = select(case_facts).where(_COLUMNS.case_id.in_(set(cases)), _COLUMNS.form >= FACT_FORM)
        found = self._connection.execute(wanted.order_by(_COLUMNS.case_id)).mappings() if cases else ()
        return {fact.case: fact for fact in map(_FACTS.value, found)}

    def save(self, facts: Sequence[CaseFact]) -> None:
        """See the port."""
        _FACTS.upsert(self._connection, facts, ("case_id",))

    def is_complete(self) -> bool:
        """See the port."""
        oldest = select(cases.c.id).order_by(cases.c.position).limit(1).scalar_subquery()
        soon = select(_kept(oldest), exists(select(cases.c.id)))
        has_fact, has_cases = self._connection.execute(soon).one()
        if not has_cases or not has_fact:
            return not has_cases
        lacks = exists(select(cases.c.id).where(~_kept(cases.c.id)))
        return not self._connection.execute(select(lacks)).scalar_one()

    def missing(self, before: int | None, limit: int) -> Sequence[tuple[int, str]]:
        """See the port."""
        statement = select(cases.c.position, cases.c.id).where(~_kept(cases.c.id))
        if before is not None:
            statement = statement.where(cases.c.position < before)
        found = self._connection.execute(statement.order_by(cases.c.position.desc()).limit(limit))
        return [(row.position, row.id) for row in found]

    def counts(
        self, asked: Asked, only: Collection[str] = (), groups: Collection[str] | None = None
    ) -> Mapping[str, Counts]:
        """See the port."""
        wanted = [one for one in COUNTERS.values() if not only or one.id in only]
        cohorts = sorted({one.cohort for one in wanted})
        statement = union_all(*(_counting(asked, cohort, wanted, groups) for cohort in cohorts))
        found: dict[str, dict[str, int]] = {}
        for row in self._connection.execute(statement).mappings():
            if row["every"]:
                sums = found.setdefault(row["of_group"], {one.id: 0 for one in wanted})
                for name in sums:
                    sums[name] += int(row[name] or 0)
        return found

    def seconds(self, asked: Asked, wanted: Sequence[str], counter: str) -> Mapping[str, Mapping[str, Sequence[int]]]:
        """See the port."""
        counted = COUNTERS[counter]
        statement = select(group_column(asked), *(_COLUMNS[name] for name in wanted))
        statement = statement.where(*within(asked, counted.cohort), sql_of(counted.condition, asked.as_of))
        found: dict[str, dict[str, list[int]]] = {}
        for group, *values in self._connection.execute(statement):
            kept = found.setdefault(group, {name: [] for name in wanted})
            for name, value in zip(wanted, values, strict=True):
                if value is not None:
                    kept[name].append(value)
        return found

    def ages(self, asked: Asked) -> Mapping[str, Sequence[int]]:
        """See the port."""
        counted = COUNTERS["open"]
        wanted = (*within(asked, counted.cohort), sql_of(counted.condition, asked.as_of))
        since = self._by_group(select(group_column(asked), _COLUMNS[counted.cohort]).where(*wanted))
        return {group: [round((asked.as_of - at).total_seconds()) for at in found] for group, found in since.items()}

    def rows(self, asked: Asked, kept: Kept, page: PageRequest) -> Page[CaseFact]:
        """See the port."""
        statement = select(case_facts).where(*within(asked, kept.cohort), sql_of(kept.condition, asked.as_of))
        statement = statement.where(*of_groups(asked, None if kept.group is None else [kept.group]))
        return self._page(statement, order_of(kept.cohort), page)

    def _page(self, statement: Select[Any], order: FactOrder, page: PageRequest) -> Page[CaseFact]:
        if page.cursor is not None:
            statement = statement.where(order.behind(page.cursor))
        limit = bounded(page.limit)
        rows = self._connection.execute(statement.order_by(*order.columns).limit(limit + 1)).mappings().all()
        more = order.cursor([rows[limit - 1][one] for one in order.columns]) if len(rows) > limit else None
        return Page(tuple(_FACTS.value(row) for row in rows[:limit]), more)

    def _by_group(self, statement: Select[Any]) -> dict[str, list[Any]]:
        found: defaultdict[str, list[Any]] = defaultdict(list)
        for group, value in self._connection.execute(statement):
            found[group].append(value)
        return dict(found)


def _kept(case_id: ColumnElement[str] | ScalarSelect[str]) -> ColumnElement[bool]:
    return exists().where(_COLUMNS.case_id == case_id, _COLUMNS.form >= FACT_FORM)


def _counting(asked: Asked, cohort: Cohort, wanted: Sequence[Counter], groups: Collection[str] | None) -> Select[Any]:
    """The counters of one cohort, and nothing for those of the others."""
    sums = (
        (
            func.sum(case((sql_of(one.condition, asked.as_of), 1), else_=0)) if one.cohort is cohort else literal(0)
        ).label(one.id)
        for one in wanted
    )
    every = func.count().label("every")
    statement = select(group_column(asked), every, *sums).where(*within(asked, cohort), *of_groups(asked, groups))
    return statement.group_by("of_group") if asked.group_by is not None else statement


def order_of(cohort: Cohort) -> FactOrder:
    """By the moment of a cohort and, where several have the same, in the order in which they came."""
    return FactOrder(_COLUMNS[cohort], _COLUMNS.position)


def of_groups(asked: Asked, groups: Collection[str] | None) -> tuple[ColumnElement[bool], ...]:
    """That a case is of one of these groups, where they are named and cases are told apart."""
    if groups is None or asked.group_by is None:
        return ()
    return (_group_of(asked, asked.group_by).in_(sorted(set(groups))),)


def group_column(asked: Asked) -> ColumnElement[str]:
    """The value by which cases are told apart, "" where they are not."""
    return (literal("") if asked.group_by is None else _group_of(asked, asked.group_by)).label("of_group")


def _group_of(asked: Asked, field: str) -> ColumnElement[str]:
    """`persons.group_of` as SQL."""
    if field not in PERSONS:
        return _COLUMNS[field]
    return case((_COLUMNS[moment_of(field)] <= asked.as_of, _COLUMNS[field]), else_="")


def within(asked: Asked, cohort: Cohort) -> tuple[ColumnElement[bool], ...]:
    """That a case belongs to the period, as it was known then."""
    moment = _COLUMNS[cohort]
    return (moment >= asked.period.begin, moment < asked.period.end, moment <= asked.as_of)
