"""`/api/v1/kpi-months`: figures of months as they were published, each revision with what differs."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Response

from central.api.answers.kpi_months import MonthAnswer, MonthHeadAnswer, PublicationAnswer, show_month
from central.api.dependencies import Person, Publisher, WithClock, WithLanguage, WithServices
from central.api.paging import PageAnswer, Paging, page_answer
from central.api.problems import problem_responses

REVISION_MAX = 1_000_000
_Month = Annotated[str, Path(max_length=40, description="Year and month", examples=["2026-10"])]
_NOT_THERE = problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)

kpi_month_routes = APIRouter(prefix="/api/v1/kpi-months", tags=["kpis"])


@kpi_month_routes.get("", summary="Published months", responses=problem_responses())
def list_kpi_months(_person: Person, paging: Paging, services: WithServices) -> PageAnswer[MonthHeadAnswer]:
    """All revisions, last made first."""
    return page_answer(paging, services.publishing.heads(None, paging), MonthHeadAnswer.model_validate)


@kpi_month_routes.get("/{month}", summary="The newest revision of a month", responses=_NOT_THERE)
def read_kpi_month(month: _Month, _person: Person, services: WithServices, language: WithLanguage) -> MonthAnswer:
    """With its figures, and what differs from the revision before."""
    link = services.publishing.revision(month)
    return show_month(link, services.publishing.difference(month, link.number, language), language)


@kpi_month_routes.get("/{month}/revisions", summary="Revisions of a month", responses=_NOT_THERE)
def list_kpi_month_revisions(
    month: _Month, _person: Person, paging: Paging, services: WithServices
) -> PageAnswer[MonthHeadAnswer]:
    """Last made first; each stays readable."""
    return page_answer(paging, services.publishing.heads(month, paging), MonthHeadAnswer.model_validate)


@kpi_month_routes.get("/{month}/revisions/{revision}", summary="A revision of a month", responses=_NOT_THERE)
def read_kpi_month_revision(
    month: _Month,
    revision: Annotated[int, Path(ge=1, le=REVISION_MAX)],
    _person: Person,
    services: WithServices,
    language: WithLanguage,
) -> MonthAnswer:
    """As it was published, and what differs from the revision before; `intact` says whether its seal holds."""
    link = services.publishing.revision(month, revision)
    return show_month(link, services.publishing.difference(month, revision, language), language)


@kpi_month_routes.post(
    "/{month}",
    summary="Publish a month",
    status_code=HTTPStatus.CREATED,
    responses=problem_responses(HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def publish_kpi_month(  # noqa: PLR0913, PLR0917 - one for each parameter
    month: _Month,
    person: Publisher,
    services: WithServices,
    clock: WithClock,
    language: WithLanguage,
    response: Response,
) -> PublicationAnswer:
    """Revision 1, or the next one where later facts changed it; 200 and `is_new` false where nothing changed."""
    done = services.publishing.publish(month, person.name, clock.now())
    response.status_code = HTTPStatus.CREATED if done.is_new else HTTPStatus.OK
    number = done.snapshot.revision
    change = services.publishing.difference(month, number, language)
    shown = show_month(services.publishing.revision(month, number), change, language)
    return PublicationAnswer(is_new=done.is_new, groups_left_out=done.left_out, month=shown)
