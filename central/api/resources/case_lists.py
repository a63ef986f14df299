"""`/api/v1/cases` as lists: which cases, a page of them, all of them as a table."""

from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from central.api.answers.cases import CaseAnswer, show_case
from central.api.answers.maps import MapAnswer, show_map
from central.api.dependencies import Person, WithClock, WithLanguage, WithServices
from central.api.paging import PageAnswer, Paging, page_answer
from central.api.problems import Problem, problem_responses
from central.core.cases.casefile import Case
from central.core.places import Bounds
from central.core.places.clusters import ZOOM_MAX
from central.services.cases.case_query import CaseQuery
from central.services.cases.case_sheet import csv_chunks
from central.services.cases.casework import Casework
from central.settings.texts import load_texts
from central.stores.ports import CaseFilter
from protocol.texts import Words

EXPORT_ROWS_MAX, MAP_CASES_MAX = 100_000, 5_000
CSV = "text/csv; charset=utf-8"
TOO_MANY = Words(
    zh="超过 {most} 个案件：请缩小范围，例如用 opened_after 和 opened_before，"
    "或在服务器上用 `gridwarden central export-cases`。",
    en="These are more than {most} cases: narrow it down, for example by opened_after and opened_before, or "
    "use `gridwarden central export-cases` on the server.",
)

case_list_routes = APIRouter(prefix="/api/v1/cases", tags=["cases"])


def _wanted(query: Annotated[CaseQuery, Query()], clock: WithClock) -> CaseFilter:
    return query.wanted(clock.now())


Wanted = Annotated[CaseFilter, Depends(_wanted)]


@case_list_routes.get("", summary="Cases", responses=problem_responses())
def list_cases(_person: Person, wanted: Wanted, paging: Paging, services: WithServices) -> PageAnswer[CaseAnswer]:
    """Newest first: those that meet every filter. Pages behind a cursor stay as they are while cases arrive."""
    return page_answer(paging, services.casework.cases(wanted, paging), show_case)


@case_list_routes.get(
    "/export.csv",
    summary="Cases as a table",
    response_class=StreamingResponse,
    responses={
        HTTPStatus.OK.value: {"content": {CSV: {"schema": {"type": "string"}}}, "description": "The table"},
        **problem_responses(),
    },
)
def export_cases(
    _person: Person, wanted: Wanted, services: WithServices, language: WithLanguage, request: Request
) -> StreamingResponse:
    """CSV for spreadsheets, newest first, with the filters of the list; words in the language of `Accept-Language`.

    422 for more than 100,000 rows: narrow it down, or use `gridwarden central export-cases`. Who reported is not in it.
    """
    cases = bounded_cases(services.casework, wanted, EXPORT_ROWS_MAX)
    zone = ZoneInfo(request.app.state.settings.timezone)
    named = {"Content-Disposition": 'attachment; filename="cases.csv"'}
    return StreamingResponse(csv_chunks(cases, load_texts(language), zone), media_type=CSV, headers=named)


@case_list_routes.get(
    "/map.geojson",
    summary="Cases on a map",
    responses=problem_responses(),
)
def map_cases(
    _person: Person,
    wanted: Wanted,
    services: WithServices,
    zoom: Annotated[int, Query(ge=0, le=ZOOM_MAX, description="Of a web map; at 20 every case by itself")] = 12,
) -> MapAnswer:
    """GeoJSON of the cases that meet every filter and have a position: near ones as one point with their number.

    The newest 5,000 are read; `complete` says whether there are more: ask for a smaller `bbox` then.
    """
    if wanted.bounds is None:
        wanted = replace(wanted, bounds=Bounds(-180, -90, 180, 90))
    found = list(services.casework.each(wanted, MAP_CASES_MAX + 1))
    return show_map(found[:MAP_CASES_MAX], zoom, complete=len(found) <= MAP_CASES_MAX)


def bounded_cases(casework: Casework, wanted: CaseFilter, rows_max: int) -> Iterator[Case]:
    """The cases of a table, all or none: too many are a `Problem`."""
    if casework.count(wanted, rows_max + 1) > rows_max:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "export-too-large",
            TOO_MANY.filled(most=rows_max),
            rows_max=rows_max,
        )
    return casework.each(wanted, rows_max)
