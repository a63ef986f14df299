"""`/api/v1/kpi-targets`: what figures should reach, by whose word, and what was said before."""

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from central.api.answers.kpis import TargetAnswer, show_target
from central.api.dependencies import Person, Planner, WithClock, WithServices
from central.api.paging import PageAnswer, Paging, page_answer
from central.api.problems import problem_responses
from central.core.kpis import Target
from central.core.kpis.targets import GROUP_CHARS_MAX, OWNER_CHARS_MAX, REASON_CHARS_MAX

target_routes = APIRouter(prefix="/api/v1/kpi-targets", tags=["kpis"])


class TargetBody(BaseModel):
    """One word about one figure."""

    model_config = ConfigDict(extra="forbid")

    indicator: Annotated[str, Field(max_length=64, examples=["closing_rate"])]
    value: Annotated[float, Field(strict=True, description="In the figure's unit: a share as 0.95, a time in seconds")]
    owner: Annotated[str, Field(max_length=OWNER_CHARS_MAX)]
    since: Annotated[date, Field(description="The first day it holds")]
    reason: Annotated[str, Field(max_length=REASON_CHARS_MAX)]
    group: Annotated[str, Field(max_length=GROUP_CHARS_MAX, description="`field=value`; empty for the city")] = ""


@target_routes.get("", summary="Targets", responses=problem_responses(HTTPStatus.UNPROCESSABLE_ENTITY))
def list_targets(
    _person: Person,
    paging: Paging,
    services: WithServices,
    indicator: Annotated[str | None, Query(max_length=64, description="Only of this figure")] = None,
) -> PageAnswer[TargetAnswer]:
    """Everything that was said, in the order in which it was; nothing is taken away."""
    return page_answer(paging, services.kpi_targets.page(indicator, paging), show_target)


@target_routes.post(
    "",
    summary="Say what a figure should reach",
    status_code=HTTPStatus.CREATED,
    responses=problem_responses(HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def say_target(body: TargetBody, person: Planner, services: WithServices, clock: WithClock) -> TargetAnswer:
    """The same again changes nothing; another value for a day of before corrects it, and what was said stays."""
    word = Target(**dict(body))
    new = services.kpi_targets.say([word], person, clock.now())
    history = services.kpi_targets.all(word.indicator).history(word.indicator, word.group)
    return show_target(new[0] if new else next(one for one in reversed(history) if one.says_the_same(word)))
