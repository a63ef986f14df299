"""`/api/v1/cameras`: cameras and what was known of them when."""

from http import HTTPStatus

from fastapi import APIRouter

from central.api.answers.fleet import CameraAnswer, CameraFactAnswer, show_camera, show_camera_fact
from central.api.dependencies import Person, WithServices
from central.api.paging import From, PageAnswer, Paging, To, page_answer
from central.api.problems import problem_responses

camera_routes = APIRouter(prefix="/api/v1/cameras", tags=["cameras"])


@camera_routes.get("", summary="All cameras", responses=problem_responses())
def list_cameras(_person: Person, paging: Paging, services: WithServices) -> PageAnswer[CameraAnswer]:
    """By id, with state and reason."""
    return page_answer(paging, services.fleet.cameras(paging), show_camera)


@camera_routes.get("/{camera}", summary="One camera", responses=problem_responses(HTTPStatus.NOT_FOUND))
def read_camera(camera: str, _person: Person, services: WithServices) -> CameraAnswer:
    """A camera by its id, `box.camera`."""
    return show_camera(services.fleet.camera(camera))


@camera_routes.get(
    "/{camera}/states", summary="States of a camera over time", responses=problem_responses(HTTPStatus.NOT_FOUND)
)
def list_states(
    camera: str,
    _person: Person,
    paging: Paging,
    services: WithServices,
    start: From = None,
    end: To = None,
) -> PageAnswer[CameraFactAnswer]:
    """Facts as they became known, newest first; nothing is ever changed or removed."""
    return page_answer(paging, services.fleet.camera_states(camera, paging, start, end), show_camera_fact)
