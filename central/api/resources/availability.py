"""`/api/v1/devices` and `/api/v1/maintenance`: what devices and the platform were worth in a period."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from central.api.answers.availability import (
    AvailabilityAnswer,
    CameraRowAnswer,
    OnlineRateAnswer,
    ReliabilityListAnswer,
    SnapshotAnswer,
    WindowAnswer,
    show_online,
    show_reliability,
    show_row,
    show_snapshot,
    show_system,
    show_window,
)
from central.api.bodies import Body
from central.api.dependencies import Caretaker, Person, WithClock, WithLanguage, WithServices
from central.api.paging import PageAnswer, Paging, of_one_moment, page_answer
from central.api.problems import problem_responses
from central.api.resources.kpis import AskedPeriod
from central.core.availability.maintenance import REASON_CHARS_MAX, Scope
from central.core.availability.online_rate import Counted
from central.core.availability.spans import Span
from central.services.figures.availability import GroupedBy
from central.services.figures.device_notes import Draft
from protocol.messages import Moment

SUBJECT_CHARS_MAX = 96

availability_routes = APIRouter(prefix="/api/v1", tags=["devices"])


def _span(asked: AskedPeriod) -> Span:
    return Span(asked.begin, asked.end)


Period = Annotated[Span, Depends(_span)]
KnownAt = Annotated[Moment | None, Query(description="As it was known then; default: now")]


@availability_routes.get("/devices/online-rate", summary="Online rate of a period", responses=problem_responses())
def read_online_rate(
    _person: Person,
    services: WithServices,
    clock: WithClock,
    language: WithLanguage,
    period: Period,
    known_at: KnownAt = None,
) -> OnlineRateAnswer:
    """在线率 and 完好率 of all cameras, with bounds of what is unknown; maintenance and trial operation apart."""
    now = clock.now()
    return show_online(services.availability.online(period, min(known_at or now, now)), language)


@availability_routes.get("/devices/online-rate/rows", summary="The cameras behind it", responses=problem_responses())
def list_online_rate_rows(
    _person: Person,
    paging: Paging,
    services: WithServices,
    clock: WithClock,
    period: Period,
    known_at: KnownAt = None,
) -> PageAnswer[CameraRowAnswer]:
    """By camera; their seconds add up to the figure."""
    now = clock.now()
    if known_at is None:
        paging, known_at = of_one_moment(paging, now)
    return page_answer(paging, services.availability.rows(period, min(known_at, now), paging), show_row)


@availability_routes.get("/devices/snapshot", summary="Cameras now", responses=problem_responses())
def read_snapshot(
    _person: Person,
    services: WithServices,
    clock: WithClock,
    counted: Annotated[Counted, Query(description="What counts as good")] = Counted.ONLINE,
) -> SnapshotAnswer:
    """How many are online now, and how many more may fail before the target is missed."""
    return show_snapshot(services.availability.snapshot(clock.now(), counted))


@availability_routes.get("/devices/reliability", summary="MTBF and MTTR", responses=problem_responses())
def list_reliability(
    _person: Person,
    services: WithServices,
    clock: WithClock,
    period: Period,
    by: Annotated[GroupedBy, Query(description="Over what failures are counted")] = GroupedBy.CAMERA,
) -> ReliabilityListAnswer:
    """Of cameras, boxes, or cameras by vendor; planned maintenance does not count."""
    found = services.availability.reliability(period, clock.now(), by)
    return ReliabilityListAnswer(items=[show_reliability(group, one) for group, one in found.items()])


@availability_routes.get("/devices/availability", summary="Availability of the platform", responses=problem_responses())
def read_availability(
    _person: Person, services: WithServices, clock: WithClock, language: WithLanguage, period: Period
) -> AvailabilityAnswer:
    """系统可用率 by all witnesses; the worst counts. MTBF and MTTR stand beside the ratio."""
    return show_system(services.availability.system(period, clock.now()), language)


class WindowBody(Body):
    """Planned maintenance."""

    scope: Scope
    subject: Annotated[str, Field(max_length=SUBJECT_CHARS_MAX)] = ""
    start: Moment
    end: Moment
    reason: Annotated[str, Field(min_length=1, max_length=REASON_CHARS_MAX)]


@availability_routes.get("/maintenance", summary="Maintenance windows", responses=problem_responses())
def list_windows(_person: Person, paging: Paging, services: WithServices) -> PageAnswer[WindowAnswer]:
    """Newest announced first, cancelled ones too."""
    return page_answer(paging, services.device_notes.windows(paging), show_window)


@availability_routes.post(
    "/maintenance",
    summary="Announce maintenance",
    status_code=HTTPStatus.CREATED,
    responses=problem_responses(HTTPStatus.FORBIDDEN),
)
def announce(body: WindowBody, person: Caretaker, services: WithServices, clock: WithClock) -> WindowAnswer:
    """Excuse what is dark in it. The same again is the same window; announced after it began, it is marked."""
    draft = Draft(body.scope, body.subject, body.start, body.end, body.reason)
    return show_window(services.device_notes.announce(draft, person, clock.now()))


@availability_routes.delete(
    "/maintenance/{window}",
    summary="Cancel maintenance",
    responses=problem_responses(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND),
)
def cancel(window: str, _person: Caretaker, services: WithServices, clock: WithClock) -> WindowAnswer:
    """It excuses nothing any more, and stays in the list."""
    return show_window(services.device_notes.cancel(window, clock.now()))
