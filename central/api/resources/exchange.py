"""`/api/v1/changes` and `/api/v1/partners`: what others are told, and how far they have got."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query

from central.api.answers.exchange import (
    CaseTransferAnswer,
    ChangesAnswer,
    PartnersAnswer,
    show_changes,
    show_partner,
    show_transfer,
)
from central.api.dependencies import Caretaker, Person, WithServices
from central.api.paging import PageAnswer, Paging, page_answer
from central.api.problems import problem_responses
from central.core.values import PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX

SEQ_MAX = 2**53 - 1

exchange_routes = APIRouter(prefix="/api/v1", tags=["exchange"])


@exchange_routes.get("/changes", summary="What has changed", responses=problem_responses(HTTPStatus.GONE))
def list_changes(
    _person: Person,
    services: WithServices,
    after: Annotated[int, Query(ge=0, le=SEQ_MAX, description="`next` of the answer before; 0 from the start")] = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT_MAX)] = PAGE_LIMIT_DEFAULT,
) -> ChangesAnswer:
    """Every change of a case and every state of a camera, by number, without gaps, as often as you like.

    A number that was answered is final: nothing ever appears before it. 410 with `first` when what you ask for is no
    longer kept.
    """
    return show_changes(services.exchange.changes(after, limit))


@exchange_routes.get("/transfers", summary="Cases that were transferred", responses=problem_responses())
def list_transfers(
    _person: Person,
    paging: Paging,
    services: WithServices,
    *,
    unanswered: Annotated[bool, Query(description="Only those without a receipt")] = False,
) -> PageAnswer[CaseTransferAnswer]:
    """Oldest first. `transfer` and `receipt` of a case's actions write them."""
    return page_answer(paging, services.exchange.transfers(paging, unanswered=unanswered), show_transfer)


@exchange_routes.get("/partners", summary="Partners", responses=problem_responses(HTTPStatus.FORBIDDEN))
def list_partners(_person: Caretaker, services: WithServices) -> PartnersAnswer:
    """Who is sent what, and what each has not got. They are added on the command line, which alone tells a secret."""
    return PartnersAnswer(items=[show_partner(view) for view in services.exchange.partners()])
