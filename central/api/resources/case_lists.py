"""`/api/v1/cases` as lists: which cases, a page of them, all of them as a table."""

from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator, StringConstraints

from central.api.answers.cases import CaseAnswer, show_case
from central.api.answers.maps import MapAnswer, show_map
from central.api.bodies import NO_NUL
from central.api.dependencies import Person, WithClock, WithLanguage, WithServices
from central.api.paging import PageAnswer, Paging, page_answer
from central.api.problems import Problem, problem_responses
from central.core.case_machine import CaseStatus
from central.core.cases.casefile import Case
from central.core.cases.search import QUERY_CHARS_MAX, query
from central.core.places import Bounds
from central.core.places.clusters import ZOOM_MAX
from central.core.values import CaseSource
from central.services.cases.case_sheet import csv_chunks
from central.services.cases.casework import Casework
from central.settings.texts import load_texts
from central.stores.ports import CaseFilter
from protocol.messages import Moment

EXPORT_ROWS_MAX, MAP_CASES_MAX = 100_000, 5_000
NAME_LENGTH_MAX = 100
CSV = "text/csv; charset=utf-8"

case_list_routes = APIRouter(prefix="/api/v1/cases", tags=["cases"])


def _asks_something(text: str) -> str:
    if not query(text):
        raise ValueError("give at least one letter, digit or Chinese character to look for")
    return text


def bounds_of(text: str) -> Bounds:
    """`west,south,east,north`; `ValueError` says what is wrong with it."""
    try:
        west, south, east, north = map(float, text.split(","))
    except ValueError:
        raise ValueError("write four numbers in degrees: west,south,east,north") from None
    return Bounds(west, south, east, north)


def _is_box(text: str) -> str:
    bounds_of(text)
    return text


Name = Annotated[str, StringConstraints(max_length=NAME_LENGTH_MAX, pattern=NO_NUL)]
Text = Annotated[str, StringConstraints(max_length=QUERY_CHARS_MAX), AfterValidator(_asks_something)]
Box = Annotated[str, StringConstraints(max_length=100), AfterValidator(_is_box)]
Later = Query(description="Only later than this time, ISO 8601 with zone")
Earlier = Query(description="Only earlier than this time, ISO 8601 with zone")


def _case_filter(  # noqa: PLR0913 - one parameter is one filter
    *,
    clock: WithClock,
    status: Annotated[list[CaseStatus] | None, Query(description="One, or several: any of them")] = None,
    camera: Annotated[Name | None, Query(description="box.camera")] = None,
    box: Annotated[Name | None, Query()] = None,
    scene: Annotated[Name | None, Query(examples=["exposed_rubbish"])] = None,
    source: CaseSource | None = None,
    unit: Annotated[Name | None, Query(description="The responsible unit")] = None,
    assignee: Annotated[
        Name | None, Query(description="A unit that has the case, or a person who works on it now")
    ] = None,
    grid: Annotated[Name | None, Query(description="Code of the unit grid (单元网格) that it lies in")] = None,
    bbox: Annotated[
        Box | None,
        Query(description="west,south,east,north in degrees WGS84", examples=["105.33,34.73,105.35,34.75"]),
    ] = None,
    text: Annotated[
        Text | None,
        Query(
            description="Words in Chinese or English that must all be there: in number, place, description, scene, "
            "label or notes. One Chinese character finds every word with it, other words are whole.",
            examples=["暴露垃圾", "甘E12345"],
        ),
    ] = None,
    opened_after: Annotated[Moment | None, Later] = None,
    opened_before: Annotated[Moment | None, Earlier] = None,
    updated_after: Annotated[Moment | None, Later] = None,
    updated_before: Annotated[Moment | None, Earlier] = None,
    due_before: Annotated[
        Moment | None, Query(description="The handling limit that runs ends before this time")
    ] = None,
    overdue: Annotated[bool, Query(description="The handling limit that runs has ended")] = False,
) -> CaseFilter:
    ends = [due_before, clock.now() if overdue else None]
    return CaseFilter(
        status=frozenset(status) if status else None,
        camera=camera,
        box=box,
        scene=scene,
        source=source,
        unit=unit,
        text=text,
        bounds=bounds_of(bbox) if bbox is not None else None,
        grid=grid,
        assignee=(assignee, clock.now()) if assignee is not None else None,
        opened_after=opened_after,
        opened_before=opened_before,
        updated_after=updated_after,
        updated_before=updated_before,
        due_before=min((end for end in ends if end is not None), default=None),
    )


Wanted = Annotated[CaseFilter, Depends(_case_filter)]


@case_list_routes.get("", summary="Cases", responses=problem_responses())
def list_cases(_person: Person, wanted: Wanted, paging: Paging, services: WithServices) -> PageAnswer[CaseAnswer]:
    """Newest first: those that meet every filter. Pages behind a cursor stay as they are while cases arrive."""
    return page_answer(services.casework.cases(wanted, paging), show_case)


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
            f"These are more than {rows_max} cases: narrow it down, for example by opened_after and opened_before, or "
            "use `gridwarden central export-cases` on the server.",
            rows_max=rows_max,
        )
    return casework.each(wanted, rows_max)
