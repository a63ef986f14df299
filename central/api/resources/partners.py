"""`/partner/v1/transfers`: what an outside party's own system may do, and nothing else."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field

from central.api.answers.exchange import PartnerTransferAnswer, show_partner_transfer
from central.api.bodies import Body
from central.api.dependencies import Partner, WithClock, WithServices
from central.api.paging import PageAnswer, Paging, page_answer
from central.api.problems import problem_responses
from central.core.case_machine import TransferAnswer
from central.core.exchange.transfers import EXTERNAL_ID_LENGTH_MAX
from central.services.cases.receipts import Receipt
from central.services.desks.actions import NOTE_LENGTH_MAX

partner_routes = APIRouter(prefix="/partner/v1/transfers", tags=["exchange"])


class ReceiptBody(Body):
    """What a party answers to a case that was transferred to it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"answer": "accepted", "external_id": "110-2026-7"}]})

    answer: TransferAnswer
    external_id: Annotated[
        str, Field(max_length=EXTERNAL_ID_LENGTH_MAX, description="What the case is called at the party")
    ] = ""
    note: Annotated[str, Field(max_length=NOTE_LENGTH_MAX)] = ""


@partner_routes.get("", summary="Cases that were transferred to you", responses=problem_responses())
def list_own_transfers(
    partner: Partner,
    paging: Paging,
    services: WithServices,
    *,
    unanswered: Annotated[bool, Query(description="Only those without a receipt")] = False,
) -> PageAnswer[PartnerTransferAnswer]:
    """Oldest first; those of other parties are not there."""
    return page_answer(
        paging, services.receipts.transfers(partner, paging, unanswered=unanswered), show_partner_transfer
    )


@partner_routes.put(
    "/{transfer}/receipt",
    summary="Answer a transfer",
    responses=problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
def give_receipt(
    transfer: str, body: ReceiptBody, partner: Partner, services: WithServices, clock: WithClock
) -> PartnerTransferAnswer:
    """Whether you take the case over, and what you call it. A line of its history, by your name.

    The same once more changes nothing and is answered as before; another answer is refused with 409 `receipt-given`.
    """
    receipt = Receipt(body.answer, body.external_id, body.note)
    return show_partner_transfer(services.receipts.give(partner, transfer, receipt, clock.now()))
