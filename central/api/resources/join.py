"""`POST /join/v1`: a box comes into service."""

from http import HTTPStatus

from fastapi import APIRouter, Request

from central.api.dependencies import WithClock, WithRandom, WithServices
from central.api.problems import problem_responses
from protocol.joining import JOIN_PATH, JoinGrant, JoinRequest

join_routes = APIRouter(tags=["join"])


@join_routes.post(
    JOIN_PATH,
    status_code=HTTPStatus.CREATED,
    summary="Exchange a join code for a box's connection",
    responses=problem_responses(
        HTTPStatus.FORBIDDEN,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.SERVICE_UNAVAILABLE,
        everywhere=(),
    ),
)
def join(
    body: JoinRequest, request: Request, services: WithServices, clock: WithClock, random: WithRandom
) -> JoinGrant:
    """Works once for a code. A used, expired or unknown code answers 403 with one and the same text."""
    peer = request.client.host if request.client else ""
    return services.fleet.join(body, peer, clock.now(), random)
