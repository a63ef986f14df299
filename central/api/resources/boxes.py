"""`/api/v1/boxes`: edge boxes, and commands to them."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from central.api.answers.fleet import BoxAnswer, BoxFactAnswer, show_box, show_box_fact
from central.api.answers.reports import CommandAnswer, show_command
from central.api.bodies import Body
from central.api.dependencies import OperatorOrTechnician, Person, WithClock, WithRandom, WithServices
from central.api.paging import From, PageAnswer, Paging, To, page_answer
from central.api.problems import problem_responses
from central.services.commands import TIMEOUT_S_MAX, LookPlace
from protocol.geometry import Box
from protocol.identifiers import CameraId, SceneId, ZoneId
from protocol.messages import CommandName, Moment

LOOK_S_MAX = 600.0

box_routes = APIRouter(prefix="/api/v1/boxes", tags=["boxes"])


class LookBody(Body):
    """Where to look, and for how long."""

    zone: ZoneId
    scene: SceneId | None = Field(default=None, description="Only what this scene is about")
    seconds: Annotated[float, Field(gt=0, le=LOOK_S_MAX)] = 10.0
    box: Box | None = Field(default=None, description="Only what stands here: x1, y1, x2, y2 in 0..1 of the picture")
    stood_at: Moment | None = Field(default=None, description="When something stood there")


class CommandBody(Body):
    """A command to a box."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "snapshot", "camera": "cam-2", "timeout_s": 30}]}
    )

    name: CommandName
    camera: CameraId | None = Field(default=None, description="Id within the box")
    look: LookBody | None = Field(default=None, description="For `look`: where, and for how long")
    timeout_s: Annotated[float, Field(gt=0, le=TIMEOUT_S_MAX)] = 30.0


@box_routes.get("", summary="All boxes", responses=problem_responses())
def list_boxes(_person: Person, paging: Paging, services: WithServices) -> PageAnswer[BoxAnswer]:
    """By id, with state, clock, outbox and how far their reports are committed."""
    return page_answer(paging, services.fleet.boxes(paging), show_box)


@box_routes.get("/{box}", summary="One box", responses=problem_responses(HTTPStatus.NOT_FOUND))
def read_box(box: str, _person: Person, services: WithServices) -> BoxAnswer:
    """A box by its id."""
    return show_box(services.fleet.box(box))


@box_routes.get("/{box}/states", summary="States of a box over time", responses=problem_responses(HTTPStatus.NOT_FOUND))
def list_box_states(
    box: str,
    _person: Person,
    paging: Paging,
    services: WithServices,
    start: From = None,
    end: To = None,
) -> PageAnswer[BoxFactAnswer]:
    """Facts as they became known, newest first; nothing is ever changed or removed."""
    return page_answer(paging, services.fleet.box_states(box, paging, start, end), show_box_fact)


@box_routes.post(
    "/{box}/commands",
    status_code=HTTPStatus.ACCEPTED,
    summary="Command a box",
    responses=problem_responses(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND),
)
def request_command(  # noqa: PLR0913 - one parameter is one part of the request
    *,
    box: str,
    body: CommandBody,
    person: OperatorOrTechnician,
    services: WithServices,
    clock: WithClock,
    random: WithRandom,
    response: Response,
) -> CommandAnswer:
    """Recorded at once, sent when the broker is there; follow it at the address in `Location`."""
    record = services.commands.request(
        box,
        body.name,
        person,
        now=clock.now(),
        random=random,
        camera=body.camera,
        place=LookPlace(**body.look.model_dump()) if body.look is not None else None,
        timeout_s=body.timeout_s,
    )
    if body.camera is not None:
        services.registers.see(person, [f"{box}.{body.camera}"], clock.now())
    response.headers["Location"] = f"/api/v1/boxes/{box}/commands/{record.command.command}"
    return show_command(record)


@box_routes.get("/{box}/commands/{command}", summary="One command", responses=problem_responses(HTTPStatus.NOT_FOUND))
def read_command(box: str, command: str, _person: Person, services: WithServices) -> CommandAnswer:
    """How far a command has come."""
    return show_command(services.commands.command(box, command))
