"""`/api/v1/events`, `/api/v1/alerts`, `/api/v1/series`: what was reported, what is wrong, figures over time."""

from typing import Annotated

from fastapi import APIRouter, Query

from central.api.answers.reports import (
    AlertAnswer,
    EventAnswer,
    HoursAnswer,
    SeriesAnswer,
    show_alert,
    show_event,
    show_hour,
    show_point,
)
from central.api.bodies import NO_NUL
from central.api.dependencies import Person, WithServices
from central.api.paging import From, PageAnswer, Paging, To, page_answer
from central.api.problems import problem_responses
from central.core.fleet.devices import Metric
from central.core.values import AlertState
from central.services.fleet import POINTS_MAX
from central.stores.ports import EventFilter

POINTS_DEFAULT = 500

Wanted = Annotated[str | None, Query(max_length=100, pattern=NO_NUL)]

report_routes = APIRouter(prefix="/api/v1")


@report_routes.get("/events", tags=["events"], summary="Reports of boxes", responses=problem_responses())
def list_events(  # noqa: PLR0913 - one parameter is one filter
    *,
    _person: Person,
    paging: Paging,
    services: WithServices,
    box: Wanted = None,
    camera: Annotated[str | None, Query(max_length=100, pattern=NO_NUL, description="box.camera")] = None,
    type: Annotated[str | None, Query(max_length=100, pattern=NO_NUL, examples=["gw.event.scene"])] = None,  # noqa: A002 - its name
    episode: Wanted = None,
) -> PageAnswer[EventAnswer]:
    """Newest first, each as the box sent it, with the case that it belongs to."""
    wanted = EventFilter(box=box, camera=camera, type=type, episode=episode)
    return page_answer(paging, services.casework.events(wanted, paging), show_event)


@report_routes.get("/alerts", tags=["alerts"], summary="What is or was wrong", responses=problem_responses())
def list_alerts(
    _person: Person, paging: Paging, services: WithServices, state: AlertState | None = None
) -> PageAnswer[AlertAnswer]:
    """Newest first, with what was told to people about each."""
    return page_answer(paging, services.alerting.alerts(paging, state), show_alert)


@report_routes.get("/series", tags=["series"], summary="A figure over time", responses=problem_responses())
def read_series(  # noqa: PLR0913 - one parameter is one filter
    *,
    _person: Person,
    services: WithServices,
    metric: Metric,
    entity: Annotated[str, Query(min_length=1, max_length=100, pattern=NO_NUL, description="A box id, or box.camera")],
    start: From = None,
    end: To = None,
    limit: Annotated[int, Query(ge=1, le=POINTS_MAX)] = POINTS_DEFAULT,
) -> SeriesAnswer:
    """The newest points, oldest first. `fps` and `latency_ms` are of cameras, the others of boxes."""
    points = services.fleet.series(metric, entity, start, end, limit)
    return SeriesAnswer(metric=metric, entity=entity, points=[show_point(point) for point in points])


@report_routes.get("/series/hours", tags=["series"], summary="A figure by the hour", responses=problem_responses())
def read_series_hours(  # noqa: PLR0913 - one parameter is one filter
    *,
    _person: Person,
    services: WithServices,
    metric: Metric,
    entity: Annotated[str, Query(min_length=1, max_length=100, pattern=NO_NUL, description="A box id, or box.camera")],
    start: From = None,
    end: To = None,
    limit: Annotated[int, Query(ge=1, le=POINTS_MAX)] = POINTS_DEFAULT,
) -> HoursAnswer:
    """The newest hours, oldest first, of the days whose single points are no longer kept (`retention.series_days`)."""
    hours = services.fleet.series_hours(metric, entity, start, end, limit)
    return HoursAnswer(metric=metric, entity=entity, hours=[show_hour(hour) for hour in hours])
