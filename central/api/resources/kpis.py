"""`/api/v1/kpis`: figures by their definitions, opened to their rows."""

from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from central.api.answers.kpis import (
    FactorsAnswer,
    KpiAnswer,
    KpiFigureAnswer,
    KpiPartAnswer,
    KpiRowAnswer,
    show_comparison,
    show_factors,
    show_figure,
    show_kpi,
    show_part,
    show_row,
    show_target,
)
from central.api.bodies import NO_NUL
from central.api.dependencies import Person, WithClock, WithLanguage, WithServices, needs_planner
from central.api.paging import PageAnswer, Paging, of_one_moment, page_answer
from central.api.problems import problem_responses
from central.core.access import Permission, may
from central.core.kpis import INDICATORS, PERSON, PERSONS, BadPeriod, Beside, Period, period_between
from central.stores.ports import Asked
from protocol.messages import Moment
from protocol.texts import Words

WRITTEN_MAX = 40
_EDGE = "A day (2026-03-01, midnight of the city) or a time with its zone"
_From = Annotated[str, Query(alias="from", max_length=WRITTEN_MAX, description=_EDGE)]
_To = Annotated[str, Query(alias="to", max_length=WRITTEN_MAX, description=f"The first that does not count. {_EDGE}")]
KnownAsOf = Annotated[Moment | None, Query(description="Count as known then; now where it is left out")]
_GROUPS = "Field that tells groups apart, `phase`, or a person's (`person`, `…_by`; operators, leaders, supervisors)"
_Kpi = Annotated[str, Path(max_length=64, description="Id of a figure", examples=["closing_rate"])]

BOTH_EDGES = Words(zh="时段要同时写 from 和 to", en="a period needs both from and to")

kpi_routes = APIRouter(prefix="/api/v1/kpis", tags=["kpis"])


def _period(begin: _From, end: _To, services: WithServices) -> Period:
    return period_between(begin, end, services.zone)


def _group(
    person: Person, group_by: Annotated[str | None, Query(max_length=WRITTEN_MAX, description=_GROUPS)] = None
) -> str | None:
    if group_by in {*PERSONS, PERSON}:
        needs_planner(person)
    return group_by


AskedPeriod = Annotated[Period, Depends(_period)]
_Group = Annotated[str | None, Depends(_group)]


@kpi_routes.get("", summary="Figures", responses=problem_responses(HTTPStatus.UNPROCESSABLE_ENTITY))
def list_kpis(  # noqa: PLR0913, PLR0917 - one for each parameter
    _person: Person,
    services: WithServices,
    clock: WithClock,
    language: WithLanguage,
    begin: Annotated[str | None, Query(alias="from", max_length=WRITTEN_MAX, description=_EDGE)] = None,
    end: Annotated[str | None, Query(alias="to", max_length=WRITTEN_MAX, description=_EDGE)] = None,
    as_of: KnownAsOf = None,
) -> list[KpiAnswer]:
    """Every definition; with its figure where `from` and `to` name a period."""
    targets = services.kpi_targets.all()
    if begin is None and end is None:
        today = (as_of or clock.now()).astimezone(services.zone).date()
        return [show_kpi(one, language, target=targets.on(one.id, today)) for one in INDICATORS.values()]
    if begin is None or end is None:
        raise BadPeriod(BOTH_EDGES)
    period = period_between(begin, end, services.zone)
    first = period.first_day
    return [
        show_kpi(INDICATORS[one.indicator], language, one, targets.on(one.indicator, first))
        for one in services.kpis.all(period, as_of or clock.now())
    ]


@kpi_routes.get(
    "/{kpi}", summary="One figure", responses=problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)
)
def read_kpi(  # noqa: PLR0913, PLR0917 - one for each parameter
    kpi: _Kpi,
    period: AskedPeriod,
    _person: Person,
    services: WithServices,
    clock: WithClock,
    language: WithLanguage,
    group_by: _Group,
    as_of: KnownAsOf = None,
) -> KpiFigureAnswer:
    """A figure beside the last period, last year, the time before the project and the plan; or by groups."""
    at = as_of or clock.now()
    outlook = services.kpis.outlook(kpi, period, at) if group_by is None else None
    groups = [outlook] if outlook is not None else services.kpis.groups(kpi, period, at, group_by or "")
    return KpiFigureAnswer(
        kpi=show_kpi(INDICATORS[kpi], language, target=outlook.target if outlook is not None else None),
        begin=period.begin,
        end=period.end,
        as_of=at,
        figures=[show_figure(one.figure, language) for one in groups],
        targets=[show_target(one.target) for one in groups if one.target is not None],
        beside=[show_comparison(one, language) for one in outlook.beside] if outlook is not None else [],
    )


@kpi_routes.get(
    "/{kpi}/rows",
    summary="The rows behind a figure",
    responses=problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def list_kpi_rows(  # noqa: PLR0913, PLR0917 - one for each parameter
    kpi: _Kpi,
    period: AskedPeriod,
    person: Person,
    paging: Paging,
    services: WithServices,
    clock: WithClock,
    group_by: _Group,
    group: Annotated[
        str | None, Query(max_length=200, pattern=NO_NUL, description="Only this group of `group_by`")
    ] = None,
    as_of: KnownAsOf = None,
) -> PageAnswer[KpiRowAnswer] | PageAnswer[KpiPartAnswer]:
    """The cases of the denominator, in the order of their moment; `hit` marks those of the numerator.

    Of a measured figure what it is the sum of: cameras, outages, shifts, payments. Operators, leaders and supervisors
    see who had a shift. Without `as_of` all parts are as of when the first was asked for.
    """
    if as_of is None:
        paging, as_of = of_one_moment(paging, clock.now())
    asked = Asked(period, as_of, group_by)
    if services.kpis.is_measured(kpi):
        show = partial(show_part, naming=may(person.role, Permission.PLAN))
        return page_answer(paging, services.kpis.parts(kpi, asked, group, paging), show)
    return page_answer(paging, services.kpis.rows(kpi, asked, group, paging), show_row)


@kpi_routes.get(
    "/{kpi}/factors",
    summary="Why a mean duration changed",
    responses=problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def read_kpi_factors(  # noqa: PLR0913, PLR0917 - one for each parameter
    kpi: _Kpi,
    period: AskedPeriod,
    _person: Person,
    services: WithServices,
    clock: WithClock,
    language: WithLanguage,
    beside: Annotated[Beside, Query(description="last_period or last_year")] = Beside.LAST_PERIOD,
    as_of: KnownAsOf = None,
) -> FactorsAnswer:
    """因素分析: mix of classes, mix of departments and time of the stages; the effects sum to the change exactly."""
    return show_factors(services.changes.explain(kpi, period, beside, as_of or clock.now()), language)
