"""`/api/v1/health`: whether central serves; the only address of the API that is open to all."""

from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from fastapi import APIRouter
from pydantic import AwareDatetime

from central.api.answers.answer import Answer
from central.api.dependencies import WithClock, WithServices
from central.api.problems import problem_responses
from central.services.health import Condition
from protocol.messages import PROTOCOL_MAJOR, PROTOCOL_MINOR

health_routes = APIRouter(tags=["health"])


class HealthAnswer(Answer):
    """Central serves; `database` and `broker` say which parts answer."""

    status: Literal["ok"]
    version: str
    protocol: str
    now: AwareDatetime
    database: Condition
    broker: Condition


def _version() -> str:
    try:
        return version("gridwarden")
    except PackageNotFoundError:
        return "0+source"


VERSION = _version()


@health_routes.get(
    "/api/v1/health",
    summary="Whether central serves",
    responses=problem_responses(HTTPStatus.INTERNAL_SERVER_ERROR, everywhere=()),
)
def read_health(services: WithServices, clock: WithClock) -> HealthAnswer:
    """Answers 200 as soon as the tables are up to date; no token needed."""
    return HealthAnswer(
        status="ok",
        version=VERSION,
        protocol=f"{PROTOCOL_MAJOR}.{PROTOCOL_MINOR}",
        now=clock.now(),
        database=services.health.database(),
        broker=services.health.broker(),
    )
