"""`/api/v1/kpi-scores`: composite scores of regions, departments and posts."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query

from central.api.answers.kpi_scores import ScoreListAnswer, show_scores
from central.api.dependencies import Person, WithClock, WithLanguage, WithServices, needs_planner
from central.api.problems import problem_responses
from central.api.resources.kpis import AskedPeriod, KnownAsOf
from central.core.access import Permission, may
from central.core.kpis import PERSON

score_routes = APIRouter(prefix="/api/v1/kpi-scores", tags=["kpis"])


@score_routes.get(
    "", summary="Scores", responses=problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)
)
def list_scores(  # noqa: PLR0913, PLR0917 - one for each parameter
    table: Annotated[str, Query(max_length=64, description="Id of a table", examples=["department"])],
    period: AskedPeriod,
    person: Person,
    services: WithServices,
    clock: WithClock,
    language: WithLanguage,
    by: Annotated[
        str | None, Query(max_length=40, description="Of regions: grid or community; of a post: person or post")
    ] = None,
    as_of: KnownAsOf = None,
) -> ScoreListAnswer:
    """综合评价 over a period, each score with its parts and each part with its figure; none where a part lacks.

    A post is told apart by its persons for operators, leaders and supervisors, and is a whole for everybody else.
    """
    if by == PERSON:
        needs_planner(person)
    naming = may(person.role, Permission.PLAN)
    return show_scores(services.scores.score(table, period, as_of or clock.now(), by, naming=naming), language)
