"""`/api/v1/cases/{case}/lease`: who works on a case."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field

from central.api.answers.cases import LeaseAnswer, show_lease
from central.api.dependencies import Caseworker, WithClock, WithServices
from central.api.problems import problem_responses

lease_routes = APIRouter(prefix="/api/v1/cases", tags=["cases"])


class LeaseBody(BaseModel):
    """How a case is taken."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    take_over: bool = Field(default=False, description="Also when somebody else works on it; the history tells it")


@lease_routes.put(
    "/{case}/lease",
    summary="Take a case, or stay at it",
    responses=problem_responses(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
def take_case(
    case: str,
    person: Caseworker,
    services: WithServices,
    clock: WithClock,
    body: Annotated[LeaseBody, Body()] = LeaseBody(),  # noqa: B008 - a frozen value
) -> LeaseAnswer:
    """For 90 seconds; send it again about every 30 to stay at it. Nobody needs a lease to act; it keeps others out.

    409 `lease-held` when another person works on it, with `holder`, `since`, `until` and `taken_from`: who was there
    before and finds themselves named there, has been taken over from.
    """
    return show_lease(services.leases.take(case, person, clock.now(), take_over=body.take_over))


@lease_routes.delete(
    "/{case}/lease",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Let go of a case",
    responses=problem_responses(HTTPStatus.FORBIDDEN),
)
def release_case(case: str, person: Caseworker, services: WithServices) -> None:
    """Ends your own lease; nothing happens where you have none."""
    services.leases.release(case, person)
