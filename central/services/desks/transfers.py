"""Keeps what was transferred to outside parties, beside the steps of the case, inside one transaction."""

from dataclasses import replace
from datetime import datetime

from pydantic import JsonValue

from central.core.case_machine import CaseAction, Wish
from central.core.cases.casefile import Case
from central.core.exchange import Party
from central.core.exchange.transfers import Transfer
from central.core.values import Actor, derived_id
from central.stores.ports import Unit


class PartnerMissing(ValueError):
    """The party that a transfer names is neither a partner nor a kind of authority."""


def receipt_details(wish: Wish) -> dict[str, JsonValue]:
    """What the line of a receipt keeps besides its note."""
    said: dict[str, JsonValue] = {"external_id": wish.external_id, "answer": str(wish.answer or "")}
    return {name: value for name, value in said.items() if value}


def note_transfer(unit: Unit, case: Case, wish: Wish, actor: Actor, now: datetime) -> None:
    """Write a transfer, or the answer to one. Raises `PartnerMissing`."""
    match wish.action:
        case CaseAction.TRANSFER:
            if wish.partner not in set(Party) and unit.partners.get(wish.partner) is None:
                raise PartnerMissing(f"there is no partner {wish.partner}; name one, or one of {', '.join(Party)}")
            transfer = derived_id("transfer", case.id, str(case.version))
            unit.transfers.add(Transfer(transfer, case.id, wish.partner, now, actor.name, wish.reason))
        case CaseAction.RECEIPT:
            for open_one in unit.transfers.unanswered_of(case.id):
                unit.transfers.save(
                    replace(
                        open_one,
                        external_id=wish.external_id,
                        answer=wish.answer,
                        answered_at=now,
                        answered_by=actor.name,
                    )
                )
        case _:
            pass
