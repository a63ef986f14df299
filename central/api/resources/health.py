"""`/api/v1/health`: whether central serves; the only address of the API that is open to all."""

from datetime import datetime
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from fastapi import APIRouter
from pydantic import AwareDatetime, Field

from central.api.answers.answer import Answer
from central.api.dependencies import WithClock, WithServices
from central.api.problems import problem_responses
from central.services.health import Condition
from protocol.messages import PROTOCOL_MAJOR, PROTOCOL_MINOR

health_routes = APIRouter(tags=["health"])


class HealthAnswer(Answer):
    """Central serves; `database` and `broker` say which parts answer. Numbers only: everybody may read this."""

    status: Literal["ok"]
    version: str
    protocol: str
    now: AwareDatetime
    database: Condition
    broker: Condition
    dead_letters: int | None = Field(description="Messages that could not be taken, ever; null without the database")
    shed: int = Field(description="Heartbeats and the like that found no room since the start")
    undelivered: int | None = Field(description="Changes that partners have not got; null without the database")
    undelivered_age_s: float | None = Field(description="How long the oldest of them has waited; null where none does")
    undelivered_dead: int | None = Field(description="Changes that were given up for a partner; see /api/v1/partners")
    unanswered_transfers: int | None = Field(description="Cases given to outside parties that have not answered")
    unanswered_age_s: float | None = Field(description="How long the oldest of them has waited; null where none does")
    series_waiting: int | None = Field(description="Figures over time that wait for their store to be there again")
    series_waiting_age_s: float | None = Field(description="How long ago the oldest of them was; null where none does")
    series_lost: int | None = Field(description="Figures that found no room while they waited, or were refused, ever")
    defects: int = Field(description="Batches that a defect of central held up since the start; they are tried again")


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
    gateway, behind, now = services.health.gateway(), services.health.backlog(), clock.now()
    awaited, sent_at = services.health.awaited() or (None, None)
    oldest_at = behind.oldest_at if behind is not None else None
    series = services.health.series()
    return HealthAnswer(
        status="ok",
        version=VERSION,
        protocol=f"{PROTOCOL_MAJOR}.{PROTOCOL_MINOR}",
        now=now,
        database=services.health.database(),
        broker=services.health.broker(),
        dead_letters=services.health.dead_letters(),
        undelivered=behind.waiting if behind is not None else None,
        undelivered_age_s=_age_s(oldest_at, now),
        undelivered_dead=behind.dead if behind is not None else None,
        unanswered_transfers=awaited,
        unanswered_age_s=_age_s(sent_at, now),
        series_waiting=series.waiting if series is not None else None,
        series_waiting_age_s=_age_s(series.oldest_at, now) if series is not None else None,
        series_lost=series.lost if series is not None else None,
        shed=gateway.shed,
        defects=gateway.defects,
    )


def _age_s(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else (now - moment).total_seconds()
