"""`/api/v1/zone-grounds`: where on the ground the zones of cameras lie, for the recall in the field."""

from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from central.api.answers.answer import Answer
from central.api.answers.registers import ZoneGroundAnswer, show_ground
from central.api.dependencies import Person, WithClock, WithServices, needs
from central.api.paging import PageAnswer, Paging, page_answer
from central.api.problems import problem_responses
from central.core.places import Crs
from central.core.values import Actor, Role

FEATURES_MAX = 2_000
_Drawer = Annotated[Actor, Depends(needs(Role.OPERATOR, Role.SUPERVISOR, Role.TECHNICIAN))]

zone_ground_routes = APIRouter(prefix="/api/v1/zone-grounds", tags=["registers"])


class FeaturesBody(BaseModel):
    """A GeoJSON FeatureCollection of polygons with the properties `camera` (box.camera) and `zone`."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["FeatureCollection"]
    features: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=FEATURES_MAX)]


class DrawnAnswer(Answer):
    """How many grounds were taken."""

    zones: int


@zone_ground_routes.get("", summary="Grounds of zones", responses=problem_responses())
def list_grounds(_person: Person, paging: Paging, services: WithServices) -> PageAnswer[ZoneGroundAnswer]:
    """The ground of each zone as it was drawn last, last drawn first; WGS84."""
    return page_answer(paging, services.registers.grounds(paging), show_ground)


@zone_ground_routes.post(
    "",
    summary="Draw grounds of zones",
    status_code=HTTPStatus.CREATED,
    responses=problem_responses(HTTPStatus.FORBIDDEN),
)
def draw_grounds(
    body: FeaturesBody,
    person: _Drawer,
    services: WithServices,
    clock: WithClock,
    crs: Annotated[Crs, Query(description="What the coordinates are in")],
) -> DrawnAnswer:
    """All of them or nothing: from now on these are the grounds of their zones; a figure as of earlier has the old."""
    return DrawnAnswer(zones=services.registers.draw(body.features, crs, person, clock.now()))
