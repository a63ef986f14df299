"""`/api/v1/standards`: under which conditions cases are registered."""

from typing import Annotated

from fastapi import APIRouter, Query

from central.api.answers.standards import StandardAnswer, show_standard
from central.api.dependencies import Person, WithServices
from central.api.paging import PageAnswer, Paging, page_answer
from central.api.problems import problem_responses

standard_routes = APIRouter(prefix="/api/v1/standards", tags=["standards"])


@standard_routes.get("", summary="Standards", responses=problem_responses())
def list_standards(
    _person: Person,
    paging: Paging,
    services: WithServices,
    code: Annotated[
        str, Query(pattern=r"^([0-9]{2}(-[0-9]{2})?)?$", description="A class (04-01) or a group of classes (04)")
    ] = "",
) -> PageAnswer[StandardAnswer]:
    """The current version in the table's order; empty before `gridwarden central standards import`."""
    version, page = services.standards.find(code, paging)
    return page_answer(paging, page, lambda row: show_standard(row, version))
